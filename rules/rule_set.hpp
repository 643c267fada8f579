#pragma once
// A compiled set of SpamAssassin rules. RE2 stays behind it.

#include <bailiff/ports/inspector.hpp>
#include <bailiff/result.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

namespace rules {
struct Plan;
}

/// A rule file as it was read; `name` is what errors call it.
struct RuleFile {
    std::string name;
    std::string text;
};

/// What a rule means, for a person; either may be empty.
struct RuleExplanation {
    std::string en;
    std::string fr;
};

/// Immutable after compile().  Threads  any.
class RuleSet final : public Inspector {
public:
    struct Counts {
        std::size_t rules = 0;     ///< that are run, sub-rules included
        std::size_t patterns = 0;  ///< of these, with a regular expression
        std::size_t metas = 0;     ///< of these, expressions over others
        std::size_t scored = 0;    ///< of these, shown and scored
    };

    /// Shape    files in the order in which later ones replace rules of earlier ones.
    /// Errors   invalid_input: all that is wrong in all files, a line each: "file:line: key: what";
    ///          nothing is taken.  exhausted: the set would use too much memory.
    [[nodiscard]] static Result<std::shared_ptr<const RuleSet>> compile(
        const std::vector<RuleFile>& files);

    /// All *.cf of a directory, in order of name.
    /// Errors   not_found: no directory or no file; unavailable: cannot be read.
    [[nodiscard]] static Result<std::vector<RuleFile>> read_dir(const std::string& directory);
    /// compile() of read_dir().
    /// Errors   those of both; not_found: no rule: a filter without rules would pass everything.
    [[nodiscard]] static Result<std::shared_ptr<const RuleSet>> load_dir(
        const std::string& directory);

    ~RuleSet() override;

    /// Scored rules that hit, in order of name, family `rules`; at most limits::findings_max of
    /// them, those that weigh most, and then FINDINGS_CUT. RULES_CUT, if rules::compared_bytes_max
    /// ended the search.
    [[nodiscard]] Findings inspect(const Submission& submission,
                                   const Message& message) const override;
    [[nodiscard]] Findings inspect_noting(const Submission& submission, const Message& message,
                                          AtomHits& atoms) const override;
    /// Rules that look at the message itself, sub-rules included: all but metas.
    [[nodiscard]] std::vector<Atom> atoms() const override;
    /// All rules, each with a digest of how it reads: definition, score, and what a meta reads.
    [[nodiscard]] std::vector<Atom> readings() const;
    [[nodiscard]] Findings rescore(const AtomHits& atoms) const override;

    /// The version of the set: hexadecimal SHA-256 over the names and texts of its files.
    [[nodiscard]] std::string digest() const;
    [[nodiscard]] Counts counts() const;
    /// All rules that are run, sub-rules included, in order of name.
    [[nodiscard]] std::vector<std::string> names() const;
    /// "file:line" of its definition; empty: there is no such rule.
    [[nodiscard]] std::string place_of(std::string_view rule) const;
    /// None: there is no such rule, or nobody described it.
    [[nodiscard]] std::optional<RuleExplanation> explanation(std::string_view rule) const;
    /// Runs the `test` lines of the files: one line for each that fails, "file:line: test: what".
    [[nodiscard]] std::vector<std::string> self_test() const;

private:
    explicit RuleSet(std::unique_ptr<const rules::Plan> plan);
    std::unique_ptr<const rules::Plan> plan_;
};

}  // namespace bailiff
