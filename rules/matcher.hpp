#pragma once
// Runs many patterns over the texts of one kind: literals first, RE2 only where one was found.

#include <cstdint>
#include <rules/literal_scan.hpp>
#include <rules/pattern.hpp>
#include <string_view>
#include <vector>

namespace bailiff::rules {

/// Bytes of text times patterns run on them, for one message. Counted instead of time, so that the
/// same message always has the same findings.
inline constexpr std::uint64_t compared_bytes_max = 64U << 20;

/// What the patterns found in one message. Used by one thread.
struct Hits {
    explicit Hits(std::size_t rules) : count(rules, 0), where(rules), seen_(rules) {}

    std::vector<std::uint32_t> count;     ///< by rule
    std::vector<std::string_view> where;  ///< the text in which a rule matched first
    bool cut = false;                     ///< compared_bytes_max was reached: rules may be missing

private:
    friend class Matcher;
    struct Seen {
        std::uint32_t round = 0;   ///< the text in which a literal was last seen
        std::uint32_t groups = 0;  ///< a bit for each group of which one was seen there
    };
    std::vector<Seen> seen_;  ///< by rule
    std::uint32_t round_ = 0;
    std::uint64_t compared_ = 0;  ///< bytes given to patterns
};

/// Immutable after build().  Threads  any.
class Matcher {
public:
    struct Entry {
        std::uint32_t rule = 0;  ///< index into Hits
        const Pattern* pattern = nullptr;
        std::uint32_t count_max = 1;  ///< above 1: matches are counted over all texts
        bool skips_subject = false;   ///< not run on the subject
    };
    struct Sizes {
        std::size_t patterns_per_set = 20;  ///< one big RE2::Set is slow and may not compile
        std::int64_t memory_per_set = 16 << 20;
    };
    enum class Text : std::uint8_t { subject, other };

    /// Shape    the patterns must outlive the matcher.
    /// Errors   exhausted: too many literals.
    [[nodiscard]] static Result<Matcher> build(std::vector<Entry> entries, Sizes sizes);
    Matcher(Matcher&&) noexcept;
    Matcher& operator=(Matcher&&) noexcept;
    ~Matcher();

    /// Runs what is still to be found on `text`, which must live as long as `hits`.
    void match(std::string_view text, Text kind, Hits& hits) const;

    /// What it may ever use beside its patterns.
    [[nodiscard]] std::int64_t memory() const { return memory_; }
    /// How many patterns have no literal and are in no set: each runs on every text.
    [[nodiscard]] std::size_t always_run() const { return alone_.size(); }

private:
    struct Group;
    Matcher();
    void add_group(const std::vector<std::uint32_t>& members, const Sizes& sizes);
    void see(std::uint32_t literal, std::string_view text, Text kind, Hits& hits) const;
    void run(std::uint32_t entry, std::string_view text, Hits& hits) const;
    void run_group(const Group& group, std::string_view text, Text kind, Hits& hits) const;
    [[nodiscard]] bool wanted(const Entry& entry, Text kind, const Hits& hits) const;

    std::vector<Entry> entries_;
    LiteralScan literals_;              ///< owners: entry * groups_per_entry + group of atoms
    std::vector<Group> groups_;         ///< of patterns without literals
    std::vector<std::uint32_t> alone_;  ///< entries that are in neither
    std::int64_t memory_ = 0;
};

}  // namespace bailiff::rules
