#include "src/peers/report_values.hpp"

#include <algorithm>
#include <array>
#include <bailiff/utf8.hpp>
#include <charconv>

#include <bailiff/ascii.hpp>
#include "src/peers/redactor.hpp"

namespace bailiff {
namespace {

using namespace ascii;

constexpr std::size_t own_value_bytes_max = 900;  // with its name below the 998 of RFC 5322
constexpr std::size_t address_bytes_max = 254;    // RFC 5321

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

Failure misfit(std::string_view name, std::string_view why) {
    return fail(Fault::invalid_input, std::string(name) + ": " + std::string(why));
}

Result<void> check_line(std::string_view name, std::string_view value) {
    if (trim(value).empty()) return misfit(name, "empty");
    if (!is_printable(value)) return misfit(name, "not one line of ASCII");
    if (value.size() > own_value_bytes_max) return misfit(name, "too long");
    return {};
}

Result<void> check_party(std::string_view name, const ReportParty& party) {
    BAILIFF_CHECK(check_line(std::string(name) + " org", party.org));
    if (!is_plain_address(party.contact))
        return misfit(std::string(name) + " contact", "no address");
    if (!is_domain_name(party.domain)) return misfit(std::string(name) + " domain", "no domain");
    return {};
}

bool is_ipv4(std::string_view text) {
    for (int octet = 0; octet < 4; ++octet) {
        const auto end = octet < 3 ? text.find('.') : text.size();
        unsigned value = 256;
        if (end == std::string_view::npos || end == 0 || end > 3) return false;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + end, value);
        if (error != std::errc{} || stop != text.data() + end || value > 255) return false;
        if (end > 1 && text.front() == '0') return false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return text.empty();
}

/// Groups of a part of an IPv6 address; -1: none.
int ipv6_groups(std::string_view part, bool may_end_in_ipv4) {
    if (part.empty()) return 0;
    for (int groups = 1;; ++groups) {
        const auto colon = part.find(':');
        const auto group = part.substr(0, colon);
        if (colon == std::string_view::npos && may_end_in_ipv4 && is_ipv4(group)) return groups + 1;
        const bool is_group = !group.empty() && group.size() <= 4 &&
                              std::ranges::all_of(group, [](char c) { return hex_value(c) >= 0; });
        if (!is_group) return -1;
        if (colon == std::string_view::npos) return groups;
        part.remove_prefix(colon + 1);
    }
}

bool is_ipv6(std::string_view text) {
    const auto gap = text.find("::");
    if (gap == std::string_view::npos) return ipv6_groups(text, true) == 8;
    const auto before = ipv6_groups(text.substr(0, gap), false);
    const auto after = ipv6_groups(text.substr(gap + 2), true);
    return before >= 0 && after >= 0 && before + after <= 7;
}

bool is_link(std::string_view text) {
    const auto colon = text.find("://");
    return colon != std::string_view::npos && colon > 0 && is_letter(text.front()) &&
           text.size() > colon + 3 && std::ranges::all_of(text, [](char c) {
               return c > 0x20 && c < 0x7f && c != '<' && c != '>' && c != '"';
           });
}

/// Control characters and bytes above ASCII as %XX.
std::string as_uri(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f &&
            std::string_view("<>\"").find(c) == std::string_view::npos)
            out += c;
        else
            out.append({'%', "0123456789ABCDEF"[byte >> 4U], "0123456789ABCDEF"[byte & 15U]});
    }
    return out;
}

}  // namespace

bool is_ip_address(std::string_view text) {
    return is_ipv4(text) || is_ipv6(text);
}

bool is_domain_name(std::string_view text) {
    if (text.empty() || text.size() > 253 || !is_alnum(text.front()) || !is_alnum(text.back()))
        return false;
    return text.find("..") == std::string_view::npos && std::ranges::all_of(text, [](char c) {
               return is_alnum(c) || c == '-' || c == '.' || c == '_';
           });
}

bool is_plain_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || text.size() > address_bytes_max) return false;
    const auto local = text.substr(0, at);
    const bool is_dotted = !local.starts_with('.') && !local.ends_with('.') &&
                           local.find("..") == std::string_view::npos;
    return is_dotted && is_domain_name(text.substr(at + 1)) &&
           std::ranges::all_of(local, [](char c) {
               return is_alnum(c) ||
                      std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
           });
}

Result<void> check_own_values(const PeerReport& report) {
    BAILIFF_CHECK(check_line("From", report.from));
    BAILIFF_CHECK(check_line("To", report.to));
    BAILIFF_CHECK(check_line("Date", report.date));
    BAILIFF_CHECK(check_line("Message-ID", report.message_id));
    BAILIFF_CHECK(check_line("User-Agent", report.user_agent));
    BAILIFF_CHECK(check_line("stop", report.stop));
    BAILIFF_CHECK(check_party("reporter", report.reporter));
    BAILIFF_CHECK(check_party("sender", report.sender));
    const bool is_id =
        report.case_id.size() <= 64 && std::ranges::all_of(report.case_id, [](char c) {
            return is_alnum(c) || c == '-' || c == '_';
        });
    if (!is_id) return misfit("case id", "characters that it cannot have");
    if (!is_ip_address(report.source_ip)) return misfit("source address", "no IP address");
    const auto confidence = report.confidence.value_or(0);
    if (!(confidence >= 0 && confidence <= 1)) return misfit("confidence", "not from 0 to 1");
    if (report.header.size() > xarf_evidence_bytes_max)
        return fail(Fault::exhausted, "a header of more than 5 MiB");
    return {};
}

PeerReport presentable(PeerReport report) {
    const RedactOptions options{report.recipients, {}, BodyRule::headers_only};
    const Redactor redactor(options, {});
    for (auto* value : {&report.subject, &report.original_message_id, &report.mail_from})
        *value = redactor.value(*value);
    const auto tidy = [&](std::vector<std::string>& values, auto is_fit) {
        std::vector<std::string> kept;
        for (const auto& value : values) {
            if (kept.size() == reported_uris_max) break;
            const auto clean = value.size() > reported_uri_bytes_max
                                   ? std::string()
                                   : as_uri(redactor.value(value));
            const bool is_known = std::ranges::find(kept, clean) != kept.end();
            if (!is_known && is_fit(clean)) kept.push_back(clean);
        }
        values = std::move(kept);
    };
    tidy(report.uris, [](const std::string& uri) {
        return uri.size() <= reported_uri_bytes_max && is_link(uri);
    });
    tidy(report.domains, [](const std::string& domain) { return is_domain_name(domain); });
    return report;
}

std::string ascii_line(std::string_view text, std::size_t bytes_max) {
    std::string out(text.substr(0, bytes_max));
    for (auto& c : out)
        if (c < 0x20 || c >= 0x7f) c = '?';
    return out;
}

std::string text_line(std::string_view text, std::size_t characters_max) {
    std::string out;
    for (; !text.empty() && characters_max > 0; --characters_max) {
        const auto [code, bytes] = first_character(text);
        if (bytes == 0 || misleads(code))
            out += "?";
        else
            out.append(text.substr(0, bytes));
        text.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    return out;
}

std::string to_rfc5322(Instant instant) {
    using namespace std::chrono;
    constexpr std::array days_of_week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto iso = to_rfc3339(instant);
    const auto day = floor<days>(instant);
    const auto month = static_cast<unsigned>(year_month_day{day}.month());
    return std::string(days_of_week[weekday{day}.c_encoding()]) + ", " + iso.substr(8, 2) + " " +
           months[month - 1] + " " + iso.substr(0, 4) + " " + iso.substr(11, 8) + " +0000";
}

}  // namespace bailiff
