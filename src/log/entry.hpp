#pragma once
// What the log says of one event: that something of this digest happened in this minute.

#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/result.hpp>

#include <array>
#include <string>
#include <string_view>

namespace bailiff::log {

/// Format: a word is never taken out and never given another meaning.
inline constexpr std::array<std::string_view, 9> entry_kinds{"case-open", "action",   "decision",
                                                             "seal",      "addendum", "disclosure",
                                                             "erasure",   "config",   "breaker"};

struct Entry {
    std::string kind;  ///< one of entry_kinds
    Digest digest;     ///< of salted bytes: an entry is public, so it tells nobody anything
    Instant at;        ///< to the minute
    bool operator==(const Entry&) const = default;
};

/// The bytes of the leaf: "evlog/1\n<kind>\n<64 hex>\n<2026-11-24T03:02Z>\n".
/// Shape    `entry.kind` is one of entry_kinds, else we abort; seconds are dropped.
/// Threads  any.
[[nodiscard]] std::string entry_text(const Entry& entry);

/// The entry of which `text` is the entry_text().
/// Errors   corrupt: anything else.
/// Threads  any.
[[nodiscard]] Result<Entry> parse_entry(std::string_view text);

}  // namespace bailiff::log
