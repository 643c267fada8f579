#pragma once
// The rules arranged for running, and the run itself.

#include <bailiff/digest.hpp>
#include <deque>
#include <optional>
#include <rules/matcher.hpp>
#include <rules/rule_book.hpp>

namespace bailiff::rules {

inline constexpr std::int64_t set_memory_max = std::int64_t{2} << 30;  ///< patterns and caches

/// What the rules found in one message. `hits` points into the message and `texts`.
struct Evaluation {
    explicit Evaluation(std::size_t rules) : hits(rules) {}
    Hits hits;
    std::vector<double> values;     ///< by rule; 0: no hit
    std::deque<std::string> texts;  ///< of the headers that were looked at
};

/// Immutable once it is built.  Threads  any.
struct Plan {
    struct HeaderGroup {  ///< rules that look at the same text
        HeaderTarget target;
        Matcher matcher;
    };
    struct Meta {
        std::uint32_t rule = 0;
        std::vector<std::optional<std::uint32_t>> reads;  ///< none: a rule that is not run
        double at_rest = 0;  ///< its value when none of them hit, as most often
    };

    std::vector<std::string> files;  ///< names, for places
    std::vector<Rule> rules;         ///< that are run, in order of name
    std::optional<Matcher> body, rawbody, uri;
    std::vector<HeaderGroup> headers;
    std::vector<std::uint32_t> exists;   ///< header rules without a pattern
    std::vector<std::uint32_t> negated;  ///< header rules with !~
    std::vector<Meta> metas;             ///< each behind those that it reads
    std::vector<std::uint32_t> atoms;    ///< all but metas, in order of name
    std::vector<RuleTest> tests;
    std::string digest;

    [[nodiscard]] Evaluation evaluate(const Submission& submission, const Message& message) const;
    /// What each rule is worth when those that look at the message hit so often.
    [[nodiscard]] std::vector<double> values_of(const std::vector<std::uint32_t>& counts) const;
    [[nodiscard]] std::optional<std::uint32_t> index_of(std::string_view rule) const;
    /// "file:line: key: what".
    [[nodiscard]] std::string at(const Complaint& complaint) const;
};

/// Errors   invalid_input: metas that read one another in a circle, added to book.complaints by
///          name too.  exhausted: set_memory_max.
[[nodiscard]] Result<std::unique_ptr<const Plan>> make_plan(RuleBook book,
                                                            const std::vector<RuleFile>& files);

/// Of all that decides whether and how often a rule hits, as RE2 is given it: place, name, score
/// and description are no part of it.
[[nodiscard]] Digest definition_of(const Rule& rule);

/// Runs the tests of the plan; a line for each that fails.
[[nodiscard]] std::vector<std::string> run_tests(const Plan& plan);

/// `text` for a person: at most `bytes_max` bytes, white space collapsed, what cannot be printed as
/// '?'. Letters of western languages stay.
[[nodiscard]] std::string printable(std::string_view text, std::size_t bytes_max);

}  // namespace bailiff::rules
