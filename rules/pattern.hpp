#pragma once
// One compiled pattern of a rule.

#include <bailiff/result.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <rules/regex.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace bailiff::rules {

inline constexpr int program_size_max = 10'000;                ///< instructions of one pattern
inline constexpr std::int64_t pattern_memory_max = 4 << 20;    ///< with its automata's caches
inline constexpr std::int64_t pattern_memory_min = 256 << 10;  ///< less makes it very slow
inline constexpr std::int64_t bytes_per_instruction = 256;     ///< it needs in any case

/// Immutable.  Threads  any.
class Pattern {
public:
    /// Shape    `token` as in a rule file: `/../mods`, `m{..}mods`.
    /// Errors   invalid_input: no such pattern on RE2.  exhausted: its program is too large.
    /// It may use pattern_memory_max.
    [[nodiscard]] static Result<std::unique_ptr<const Pattern>> compile(std::string_view token);
    ~Pattern();

    /// The same with at most `memory`, or with as little as it can do with.
    [[nodiscard]] Result<std::unique_ptr<const Pattern>> limited_to(std::int64_t memory) const;

    [[nodiscard]] bool matches(std::string_view text) const;
    /// The first match; it points into `text`.
    [[nodiscard]] std::string_view find(std::string_view text) const;
    /// Matches that do not overlap, counted up to `most`.
    [[nodiscard]] std::uint32_t count(std::string_view text, std::uint32_t most) const;

    [[nodiscard]] const std::string& re2_text() const { return text_; }
    /// No group: it must always be tried.
    [[nodiscard]] const AtomGroups& atoms() const { return atoms_; }
    /// What it may ever use, its automata's caches included.
    [[nodiscard]] std::int64_t memory() const { return memory_; }

private:
    Pattern() = default;
    std::string text_;
    AtomGroups atoms_;
    std::int64_t memory_ = 0;
    std::unique_ptr<const re2::RE2> re2_;
};

}  // namespace bailiff::rules
