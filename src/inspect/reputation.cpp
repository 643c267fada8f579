#include "src/inspect/reputation.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <cctype>
#include <string_view>

namespace bailiff {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// Why anybody could have put the recipient there; empty if only the sender could.
std::string_view written_by_others(const Envelope& envelope, const Message& message) {
    if (envelope.door == Door::local) return "it came from a script";
    if (envelope.mail_from.empty()) return "its sender is null";
    for (const auto& field : message.fields) {
        const auto name = lower(std::string_view(field.name).substr(0, 40));
        if (name == "auto-submitted" && !lower(field.value).starts_with("no"))
            return "it is an automatic reply";
        if (name == "x-php-originating-script" || name == "x-php-script" ||
            name == "x-auto-response-suppress" || name == "x-autoreply")
            return "it came from a script";
    }
    return {};
}

}  // namespace

Findings judge_recipients(const Traps& traps, MilliPoints score, const Envelope& envelope,
                          const Message& message) {
    const auto hit = std::ranges::find_if(envelope.rcpt_to, [&](const std::string& address) {
        return traps.contains(lower(address));
    });
    if (traps.empty() || hit == envelope.rcpt_to.end()) return {};
    const auto excuse = written_by_others(envelope, message);
    if (!guard(Guard::trap_is_never_enough, excuse.empty()))
        return {state_finding("TRAP_RECIPIENT_IGNORED",
                              "a spam-trap address is among the recipients, but " +
                                  std::string(excuse) + ": anybody could have put it there")};
    return {{Family::reputation, "TRAP_RECIPIENT", score,
             "a spam-trap address is among the recipients"}};
}

}  // namespace bailiff
