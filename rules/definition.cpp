#include <rules/plan.hpp>

namespace bailiff::rules {
namespace {

/// With its size before it: no two lists of texts are one.
void append(std::string& all, std::string_view text) {
    all += std::to_string(text.size());
    all += ':';
    all += text;
}

}  // namespace

Digest definition_of(const Rule& rule) {
    std::string all;
    append(all, std::to_string(static_cast<int>(rule.kind)));
    append(all, std::to_string(static_cast<int>(rule.target.source)));
    append(all, std::to_string(static_cast<int>(rule.target.form)));
    append(all, rule.target.header);
    append(all, rule.target.if_unset ? "+" + *rule.target.if_unset : "-");
    append(all, rule.pattern ? "+" + rule.pattern->re2_text() : "-");
    append(all, rule.negated ? "not" : "");
    append(all, rule.skips_subject ? "nosubject" : "");
    append(all, std::to_string(rule.count_max));
    return sha256(all);
}

}  // namespace bailiff::rules
