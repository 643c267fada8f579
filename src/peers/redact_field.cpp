#include <algorithm>
#include <array>
#include <bailiff/limits.hpp>
#include <set>

#include <bailiff/ascii.hpp>
#include "src/peers/mask.hpp"
#include "src/peers/readings.hpp"
#include "src/peers/redactor.hpp"

namespace bailiff {
namespace {

using namespace ascii;
using namespace std::string_view_literals;

constexpr std::size_t shown_addresses_max = 20;  // of one field
constexpr std::size_t shown_address_bytes_max = 320;

/// Fields that say for whom a message is, or was.
constexpr std::array recipient_fields{"to"sv,
                                      "cc"sv,
                                      "bcc"sv,
                                      "resent-to"sv,
                                      "resent-cc"sv,
                                      "resent-bcc"sv,
                                      "apparently-to"sv,
                                      "delivered-to"sv,
                                      "x-delivered-to"sv,
                                      "x-original-to"sv,
                                      "x-original-recipient"sv,
                                      "original-recipient"sv,
                                      "final-recipient"sv,
                                      "envelope-to"sv,
                                      "x-envelope-to"sv,
                                      "x-envelope-recipient"sv,
                                      "x-rcpt-to"sv,
                                      "x-real-to"sv,
                                      "x-receiver"sv,
                                      "x-recipient"sv,
                                      "x-forwarded-to"sv,
                                      "x-forwarded-for"sv,
                                      "x-failed-recipients"sv,
                                      "x-resolved-to"sv,
                                      "original-rcpt-to"sv,
                                      "x-hmxmroriginalrecipient"sv,
                                      "x-ms-exchange-organization-recipient"sv,
                                      "mail-followup-to"sv,
                                      "mail-reply-to"sv,
                                      "x-apple-unsubscribe-to"sv};

constexpr std::array sender_fields{"from"sv,        "sender"sv,      "reply-to"sv,
                                   "return-path"sv, "resent-from"sv, "resent-sender"sv};

/// Their names are nobody's, even if a recipient is called so.
constexpr std::array standard_fields{"date"sv,
                                     "subject"sv,
                                     "message-id"sv,
                                     "in-reply-to"sv,
                                     "references"sv,
                                     "received"sv,
                                     "received-spf"sv,
                                     "mime-version"sv,
                                     "content-type"sv,
                                     "content-transfer-encoding"sv,
                                     "content-disposition"sv,
                                     "content-id"sv,
                                     "content-description"sv,
                                     "content-language"sv,
                                     "dkim-signature"sv,
                                     "authentication-results"sv,
                                     "arc-seal"sv,
                                     "arc-message-signature"sv,
                                     "arc-authentication-results"sv,
                                     "list-id"sv,
                                     "list-unsubscribe"sv,
                                     "list-unsubscribe-post"sv,
                                     "list-help"sv,
                                     "list-post"sv,
                                     "list-owner"sv,
                                     "list-archive"sv,
                                     "precedence"sv,
                                     "user-agent"sv,
                                     "x-mailer"sv,
                                     "x-originating-ip"sv,
                                     "organization"sv,
                                     "comments"sv,
                                     "keywords"sv,
                                     "importance"sv,
                                     "priority"sv,
                                     "x-priority"sv,
                                     "resent-date"sv,
                                     "resent-message-id"sv,
                                     "auto-submitted"sv,
                                     "feedback-id"sv};

bool contains(const auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// What the people of an address field are called by.
std::vector<std::string> addresses_of(std::string_view value) {
    const auto readable = words_decoded(value, WordBorders::kept).text;
    std::vector<std::string> addresses;
    for (const auto& span : addresses_in(readable)) {
        const auto domain = span.at + (readable[span.at] == '@' ? 1 : 3);
        addresses.push_back(readable.substr(span.begin, span.at - span.begin) + "@" +
                            readable.substr(domain, span.end - domain));
    }
    return addresses;
}

}  // namespace

Redactor::Redactor(const RedactOptions& options, const std::vector<HeaderField>& top)
    : options_(options), words_(options.recipients) {
    std::set<std::string> senders, named;
    for (const auto& field : top) {
        if (field.value.size() > redact_field_bytes_max) continue;
        const bool is_sender = contains(sender_fields, to_lower(field.name));
        if (!is_sender && !contains(recipient_fields, to_lower(field.name))) continue;
        for (const auto& address : addresses_of(field.value))
            if (is_sender || named.size() < limits::recipients_kept_max)
                (is_sender ? senders : named).insert(to_lower(address));
    }
    for (const auto& address : named)
        if (!senders.contains(address)) words_.add_address(address);
}

std::string Redactor::one(std::string_view address) const {
    if (options_.key.empty() || address.size() > shown_address_bytes_max)
        return mask_address(address);
    return keyed_address(address, options_.key);
}

std::string Redactor::recipients(const HeaderField& field) const {
    const auto addresses = addresses_of(field.value);
    if (addresses.empty())
        return to_lower(trim(field.value)) == "undisclosed-recipients:;"
                   ? std::string(field.value)
                   : " " + std::string(redacted_mark);
    std::string out;
    for (std::size_t i = 0; i < std::min(addresses.size(), shown_addresses_max); ++i)
        out += (i == 0 ? " " : ",\r\n ") + one(addresses[i]);
    if (addresses.size() > shown_addresses_max)
        out += "\r\n (+" + std::to_string(addresses.size() - shown_addresses_max) + ")";
    if (field.line_end == "\n") std::erase(out, '\r');
    return out;
}

/// "for <alice@example.org>" by another name, whoever it is.
std::string Redactor::trace(std::string_view value) const {
    const auto small = to_lower(value);
    for (auto at = small.find("for"); at != std::string_view::npos;
         at = small.find("for", at + 1)) {
        const bool is_word =
            at > 0 && std::string_view(" \t\n").find(small[at - 1]) != std::string_view::npos;
        const auto begin = small.find_first_not_of(" \t\r\n", at + 3);
        if (!is_word || begin == std::string_view::npos || begin == at + 3) continue;
        const auto end = std::min(small.find_first_of(" \t\r\n;>", begin), small.size());
        const auto first = small[begin] == '<' ? begin + 1 : begin;
        if (end <= first || value.substr(first, end - first).find('@') == std::string_view::npos)
            continue;
        const auto address = value.substr(first, end - first);
        return std::string(value.substr(0, first)) + one(address) + std::string(value.substr(end));
    }
    return std::string(value);
}

std::string Redactor::value(std::string_view value) const {
    if (value.size() > redact_field_bytes_max) return std::string(redacted_mark);
    auto kept = words_.without(value);
    return words_.hides_in(kept) ? std::string(redacted_mark) : kept;
}

std::string Redactor::field(const HeaderField& field) const {
    const auto name = to_lower(field.name);
    const bool is_recipient = contains(recipient_fields, name);
    const bool is_standard =
        is_recipient || contains(sender_fields, name) || contains(standard_fields, name);
    const bool is_long = field.value.size() > redact_field_bytes_max;
    std::string kept = is_long              ? " " + std::string(redacted_mark)
                       : is_recipient       ? recipients(field)
                       : name == "received" ? trace(field.value)
                                            : std::string(field.value);
    kept = value(kept);
    if (kept == redacted_mark) kept.insert(0, " ");
    // Our mark itself may be somebody's name.
    if (words_.stands_in(kept)) kept.clear();
    if (field.name.empty()) return "X-Redacted-Line:" + kept + std::string(field.line_end);
    const bool is_nobody = is_standard || !words_.hides_in(field.name);
    return (is_nobody ? std::string(field.name) : "X-Redacted") + ":" + kept +
           std::string(field.line_end);
}

}  // namespace bailiff
