#pragma once
// All that milter/ knows of the rest.

#include <bailiff/submission.hpp>
#include <cstdint>
#include <string>

namespace bailiff {

/// There is no `discard`: silent loss cannot be said (fault A15).
struct Reply {
    enum class Kind : std::uint8_t { proceed, reject, tempfail, hold };
    Kind kind = Kind::proceed;
    std::string text;  ///< one line for reject and tempfail ("5.7.1 case B... "), reason for hold
};

[[nodiscard]] constexpr std::string_view to_text(Reply::Kind kind) {
    switch (kind) {
        case Reply::Kind::proceed: return "proceed";
        case Reply::Kind::reject: return "reject";
        case Reply::Kind::tempfail: return "tempfail";
        case Reply::Kind::hold: return "hold";
    }
    return "";
}

class Gate {
public:
    virtual ~Gate() = default;

    /// At MAIL: whether this sender may go on. Rejects a service that stands held or worse.
    /// Order    on the local door always `proceed` (Postfix forbids more): judge() answers there.
    /// Threads  any. Blocks for one directory and one ledger read.
    [[nodiscard]] virtual Reply admit(const Envelope& envelope) noexcept = 0;

    /// At end of message: the answer, after everything that it binds us to is durable.
    /// Threads  any. Blocks at most limits::judge_wait_max plus limits::commit_wait_max.
    [[nodiscard]] virtual Reply judge(const Submission& submission) noexcept = 0;
};

}  // namespace bailiff
