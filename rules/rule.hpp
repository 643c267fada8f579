#pragma once
// One rule, as its lines in the files make it together.

#include <bailiff/finding.hpp>
#include <cstdint>
#include <memory>
#include <rules/expression.hpp>
#include <rules/header_text.hpp>
#include <rules/pattern.hpp>
#include <rules/rule_file.hpp>
#include <string>

namespace bailiff::rules {

inline constexpr std::size_t rule_name_bytes_max = 100;
inline constexpr std::size_t rules_max = 20'000;      ///< of one set
inline constexpr std::uint32_t hits_max = 1'000;      ///< counted of one rule
inline constexpr MilliPoints score_max = 10'000'000;  ///< of one rule, either way

struct Rule {
    enum class Kind : std::uint8_t { header, body, rawbody, uri, meta };

    std::string name;
    Place place;
    Kind kind = Kind::body;
    std::shared_ptr<const Pattern> pattern;  ///< none for exists: and meta
    HeaderTarget target;                     ///< header
    bool negated = false;                    ///< header !~
    Expression expression;                   ///< meta

    MilliPoints score = 1000;
    std::uint32_t count_max = 1;  ///< above 1: tflags multiple
    bool skips_subject = false;   ///< tflags nosubject
    std::string en, fr;           ///< describe

    /// Only feeds metas: never shown or scored.
    [[nodiscard]] bool is_sub_rule() const { return name.starts_with("__"); }
};

/// `test NAME ok|fail TEXT`.
struct RuleTest {
    Place place;
    std::string rule;
    bool must_hit = true;
    std::string text;
};

/// The part of a rule that `header`, `body`, `rawbody`, `uri` or `meta` defines.
/// Errors   invalid_input or exhausted, in words for the author of the rule.
[[nodiscard]] Result<Rule> parse_definition(Rule::Kind kind, std::string_view text);

}  // namespace bailiff::rules
