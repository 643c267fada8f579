#pragma once
// The text that a `header` rule looks at.

#include <bailiff/message.hpp>
#include <bailiff/result.hpp>
#include <bailiff/submission.hpp>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff::rules {

/// What stands before =~ in a header rule.
struct HeaderTarget {
    enum class Source : std::uint8_t { named, all, to_cc, message_id, envelope_from };
    enum class Form : std::uint8_t { decoded, raw, address, name };

    Source source = Source::named;
    Form form = Form::decoded;
    std::string header;                   ///< lower case; for Source::named
    std::optional<std::string> if_unset;  ///< the text when there is no such header
    auto operator<=>(const HeaderTarget&) const = default;
};

/// Shape    "Subject", "From:addr", "ALL:raw", "EnvelopeFrom".
/// Errors   invalid_input.
[[nodiscard]] Result<HeaderTarget> parse_header_target(std::string_view text);

/// All headers of the target joined to one text, or none when the message has none of them.
/// Threads  any.
[[nodiscard]] std::optional<std::string> find_header_text(const HeaderTarget& target,
                                                          const Submission& submission,
                                                          const Message& message);

}  // namespace bailiff::rules
