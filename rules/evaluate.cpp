#include <rules/plan.hpp>

namespace bailiff::rules {
namespace {

using Text = Matcher::Text;

void match_headers(const Plan& plan, const Submission& submission, const Message& message,
                   Evaluation& out) {
    for (const auto& group : plan.headers) {
        auto text = find_header_text(group.target, submission, message);
        if (!text) text = group.target.if_unset.value_or("");
        group.matcher.match(out.texts.emplace_back(*std::move(text)), Text::other, out.hits);
    }
    for (const auto rule : plan.exists) {
        const auto& target = plan.rules[rule].target;
        out.hits.count[rule] = find_header_text(target, submission, message) ? 1 : 0;
    }
    for (const auto rule : plan.negated) {
        out.hits.count[rule] = out.hits.count[rule] == 0 ? 1 : 0;
        out.hits.where[rule] = {};
    }
}

void match_all(const Matcher& matcher, const std::vector<std::string>& texts, Hits& hits) {
    for (const auto& text : texts) matcher.match(text, Text::other, hits);
}

}  // namespace

Evaluation Plan::evaluate(const Submission& submission, const Message& message) const {
    Evaluation out(rules.size());
    match_headers(*this, submission, message, out);
    for (const auto& line : message.body) {
        const bool is_subject = &line == &message.body.front();
        body->match(line, is_subject ? Text::subject : Text::other, out.hits);
    }
    match_all(*rawbody, message.rawbody, out.hits);
    match_all(*uri, message.uris, out.hits);
    out.values = values_of(out.hits.count);
    return out;
}

std::vector<double> Plan::values_of(const std::vector<std::uint32_t>& counts) const {
    std::vector<double> values(counts.begin(), counts.end());
    std::vector<double> read;
    for (const auto& meta : metas) {
        read.clear();
        bool any = false;
        for (const auto& rule : meta.reads) {
            read.push_back(rule ? values[*rule] : 0);
            any = any || read.back() != 0;
        }
        values[meta.rule] = any ? rules[meta.rule].expression.value(read) : meta.at_rest;
    }
    return values;
}

}  // namespace bailiff::rules
