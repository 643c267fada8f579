#include <bailiff/base64.hpp>
#include <bailiff/digest.hpp>
#include <nlohmann/json.hpp>

#include "src/peers/abuse_report.hpp"
#include "src/peers/redact.hpp"
#include "src/peers/report_values.hpp"

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t bulk_recipients_min = 100;  // XARF 4, messaging/bulk_messaging
constexpr std::size_t subject_characters_max = 500, message_id_characters_max = 200;

Json json_of(const ReportParty& party) {
    return {{"org", party.org}, {"contact", party.contact}, {"domain", party.domain}};
}

Json evidence_of(const std::string& header) {
    return {{"content_type", "text/rfc822-headers"},
            {"description", "Header of the reported message, recipients replaced"},
            {"payload", to_base64(header)},
            {"hash", "sha256:" + sha256(header).hex()},
            {"size", header.size()}};
}

Json json_of(const PeerReport& report, Entropy& entropy) {
    Json json{{"xarf_version", "4.0.0"},
              {"report_id", random_uuid(entropy)},
              {"timestamp", to_rfc3339(report.reported)},
              {"reporter", json_of(report.reporter)},
              {"sender", json_of(report.sender)},
              {"source_identifier", report.source_ip},
              {"source_port", report.source_port},
              {"category", "messaging"},
              {"type", to_text(report.type)},
              {"evidence_source", to_text(report.source)},
              {"protocol", "smtp"},
              {"smtp_from", report.mail_from}};
    if (!report.subject.empty())
        json["subject"] = text_line(report.subject, subject_characters_max);
    if (!report.original_message_id.empty())
        json["message_id"] = text_line(report.original_message_id, message_id_characters_max);
    if (report.recipient_count != 0) json["recipient_count"] = report.recipient_count;
    if (report.confidence) json["confidence"] = *report.confidence;
    if (!report.uris.empty()) json["spam_indicators"]["suspicious_links"] = report.uris;
    if (!report.header.empty()) json["evidence"] = Json::array({evidence_of(report.header)});
    return json;
}

}  // namespace

Result<std::string> xarf_report(const PeerReport& given, Entropy& entropy) {
    BAILIFF_CHECK(check_own_values(given));
    const auto report = presentable(given);
    if (!is_plain_address(report.mail_from))
        return fail(Fault::invalid_input, "XARF has no word for this sender of an envelope");
    if (report.source_port == 0)
        return fail(Fault::invalid_input, "XARF asks for the port of the source");
    if (report.type == AbuseType::bulk_messaging && report.recipient_count < bulk_recipients_min)
        return fail(Fault::invalid_input, "XARF calls bulk what has 100 recipients or more");
    return json_of(report, entropy).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bailiff
