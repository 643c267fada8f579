#include "src/peers/abuse_report.hpp"

#include <algorithm>
#include <array>
#include <bailiff/base64.hpp>
#include <bailiff/digest.hpp>

#include <bailiff/ascii.hpp>
#include "src/peers/report_values.hpp"

namespace bailiff {
namespace {

using namespace ascii;

constexpr std::size_t line_bytes_max = 998;    // RFC 5322
constexpr std::size_t encoded_bytes_max = 75;  // of a line of base64 or quoted-printable
constexpr std::size_t shown_bytes_max = 300;   // of a stranger's value in the text

std::string hex_byte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return {"0123456789ABCDEF"[byte >> 4U], "0123456789ABCDEF"[byte & 15U]};
}

std::string base64_lines(std::string_view bytes) {
    const auto text = to_base64(bytes);
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += 72) out += text.substr(at, 72) + "\r\n";
    return out;
}

/// Bare line ends as CRLF.
std::string with_crlf(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\n' && (at == 0 || text[at - 1] != '\r')) out += '\r';
        out += text[at];
        if (text[at] == '\r' && text.substr(at + 1, 1) != "\n") out += '\n';
    }
    if (!out.empty() && !out.ends_with('\n')) out += "\r\n";
    return out;
}

bool is_7bit(std::string_view text) {
    std::size_t column = 0;
    for (const char c : text) {
        column = c == '\n' ? 0 : column + 1;
        const bool is_plain = (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
        if (!is_plain || column > line_bytes_max) return false;
    }
    return true;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.substr(at, 2) == "\r\n") {
            out += "\r\n";
            column = 0;
            ++at;
            continue;
        }
        const char c = text[at];
        const bool is_last = text.substr(at + 1, 2) == "\r\n";
        const bool is_plain = c >= 0x20 && c < 0x7f && c != '=' && !(c == ' ' && is_last);
        const auto piece = is_plain ? std::string(1, c) : "=" + hex_byte(c);
        if (column + piece.size() > encoded_bytes_max) {
            out += "=\r\n";
            column = 0;
        }
        out += piece;
        column += piece.size();
    }
    return out;
}

/// A MIME part whose text stays readable where it can.
std::string text_part(std::string_view type, std::string_view bytes) {
    const auto text = with_crlf(bytes);
    const bool plain = is_7bit(text);
    return "Content-Type: " + std::string(type) +
           "\r\nContent-Transfer-Encoding: " + (plain ? "7bit" : "quoted-printable") + "\r\n\r\n" +
           (plain ? text : quoted_printable(text));
}

std::string shown(std::string_view value) {
    return value.empty() ? "(none)" : ascii_line(value, shown_bytes_max);
}

std::string_view kind_in_words(AbuseType type) {
    return type == AbuseType::spam ? "unsolicited mail" : "unsolicited bulk mail";
}

/// What a person at the other provider reads; complete without the other parts.
std::string letter(const PeerReport& report) {
    std::string text = "Hello,\r\n\r\nthis is a report of " +
                       std::string(kind_in_words(report.type)) + " from " + report.reporter.org +
                       " (" + report.reporter.domain +
                       ").\r\n\r\nSource address:   " + report.source_ip;
    if (report.source_port != 0) text += " port " + std::to_string(report.source_port);
    text += "\r\nReceived (UTC):   " + to_rfc3339(report.arrived) + "\r\nEnvelope sender:  <" +
            ascii_line(report.mail_from, shown_bytes_max) +
            ">\r\nSubject:          " + shown(report.subject) +
            "\r\nMessage-ID:       " + shown(report.original_message_id) +
            "\r\nHow it was found: " + std::string(to_text(report.source)) + "\r\n";
    if (report.recipient_count != 0)
        text += "Recipients:       " + std::to_string(report.recipient_count) + "\r\n";
    if (!report.case_id.empty()) text += "Our case:         " + report.case_id + "\r\n";
    text +=
        "\r\nThe header of the message is attached. Recipients are replaced in it, so please do"
        "\r\nnot ask for them; the body is not sent. The same facts are attached for programs."
        "\r\n\r\nQuestions: " +
        report.reporter.contact + "\r\nTo stop these reports: " + report.stop + "\r\n";
    return text;
}

std::string feedback(const PeerReport& report) {
    std::string text = "Feedback-Type: abuse\r\nUser-Agent: " + report.user_agent +
                       "\r\nVersion: 1\r\nOriginal-Mail-From: <" +
                       ascii_line(report.mail_from, shown_bytes_max) +
                       ">\r\nArrival-Date: " + to_rfc5322(report.arrived) +
                       "\r\nSource-IP: " + report.source_ip + "\r\n";
    for (const auto& domain : report.domains) text += "Reported-Domain: " + domain + "\r\n";
    for (const auto& uri : report.uris) text += "Reported-URI: " + uri + "\r\n";
    return "Content-Type: message/feedback-report\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" +
           text;
}

/// Whether XARF can say what this report says.
bool fits_xarf(const PeerReport& report) {
    return report.source_port != 0 && is_plain_address(report.mail_from);
}

}  // namespace

std::string_view to_text(AbuseType type) {
    return type == AbuseType::spam ? "spam" : "bulk_messaging";
}

std::string_view to_text(EvidenceSource source) {
    switch (source) {
        case EvidenceSource::spamtrap:
            return "spamtrap";
        case EvidenceSource::user_complaint:
            return "user_complaint";
        case EvidenceSource::automated_filter:
            return "automated_filter";
        case EvidenceSource::honeypot:
            return "honeypot";
        case EvidenceSource::content_analysis:
            return "content_analysis";
        case EvidenceSource::reputation_feed:
            return "reputation_feed";
    }
    return "automated_filter";
}

std::string random_uuid(Entropy& entropy) {
    std::array<std::uint8_t, 16> bytes{};
    entropy.fill(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | 0x40U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += to_lower(hex_byte(static_cast<char>(bytes[i])));
    }
    return text;
}

Result<std::string> abuse_report(const PeerReport& given, Entropy& entropy) {
    BAILIFF_CHECK(check_own_values(given));
    const auto report = presentable(given);
    // After the three that RFC 5965 knows, so that its readers find them in their places.
    std::vector<std::string> parts{text_part("text/plain; charset=us-ascii", letter(report)),
                                   feedback(report),
                                   text_part("text/rfc822-headers", report.header)};
    if (fits_xarf(report)) {
        BAILIFF_TRY(const auto xarf, xarf_report(given, entropy));
        parts.push_back(
            "Content-Type: application/json; name=xarf.json\r\nContent-Disposition: attachment; "
            "filename=xarf.json\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
            base64_lines(xarf));
    }
    // Nobody who wrote a part can know it.
    const auto boundary = "=_" + random_uuid(entropy);
    std::string out = "From: " + given.from + "\r\nTo: " + given.to + "\r\nDate: " + given.date +
                      "\r\nMessage-ID: " + given.message_id +
                      "\r\nSubject: Abuse report: " + std::string(kind_in_words(report.type)) +
                      " from " + report.source_ip +
                      (report.case_id.empty() ? "" : " [" + report.case_id + "]") +
                      "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: "
                      "multipart/report; report-type=feedback-report;\r\n boundary=\"" +
                      boundary + "\"\r\n\r\n";
    for (const auto& part : parts) out += "--" + boundary + "\r\n" + part + "\r\n";
    return out + "--" + boundary + "--\r\n";
}

std::string signal_spam_form(std::string_view raw) {
    std::string form = "message=";
    for (const char c : to_base64(raw)) form += is_alnum(c) ? std::string(1, c) : "%" + hex_byte(c);
    return form;
}

}  // namespace bailiff
