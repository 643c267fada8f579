#pragma once
// What rspamd's /checkv2 says, and nothing that it does not say.

#include <bailiff/result.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

struct RspamdSymbol {
    std::string name;
    double score = 0;
    std::vector<std::string> options;  ///< the first ten, each cut; often taken from the mail
};

struct RspamdReply {
    std::string request_id;  ///< option of the symbol that we asked for; empty: not echoed
    std::string message_id;  ///< without <>; "undef" when the message has none
    std::string action;      ///< one of the known ones
    double score = 0;
    std::optional<double> required_score;
    bool skipped = false;               ///< a result was set before the rules ran
    std::vector<RspamdSymbol> symbols;  ///< the echo not among them
};

/// The symbol that rspamd is asked to return with our request id as its option.
inline constexpr std::string_view echo_symbol = "BAILIFF_REQUEST";

/// Reads a reply; pure, total on any bytes, no recursion.
/// Shape    all text in the result is printable ASCII; other bytes became '?'.
/// Errors   corrupt: no JSON, too deep, a wrong type, a missing or doubled key, an absurd number,
///          an unknown action, too many symbols. Never a reply with score 0 instead.
/// Source   rspamd.com/doc/architecture/protocol.html; checked against rspamd 3.4.
[[nodiscard]] Result<RspamdReply> parse_reply(std::string_view bytes);

}  // namespace bailiff
