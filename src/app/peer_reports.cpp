#include "src/app/peer_reports.hpp"

#include <bailiff/ascii.hpp>

#include "src/app/signing_keys.hpp"
#include "src/evidence/recorded_verdict.hpp"
#include "src/message/parse.hpp"
#include "src/message/part_digests.hpp"
#include "src/peers/abuse_report.hpp"
#include "src/peers/redact.hpp"
#include "src/peers/report_values.hpp"
#include "src/seal/entropy.hpp"

namespace bailiff {
namespace {

constexpr std::string_view to_peer = "peer", to_csirt = "cert";

/// What the bag says of the message, and the message.
struct Reported {
    RecordedVerdict recorded;
    std::string raw;
    Message message;
    std::vector<std::string> recipients;
    /// Of the first of this name, in lower case.
    [[nodiscard]] std::string field(std::string_view name) const {
        for (const auto& field : message.fields)
            if (ascii::equal(field.name, name)) return field.value;
        return {};
    }
};

Result<Reported> reported(const Exporter& exporter, const Seal& first, std::uint64_t leaf) {
    Reported all;
    BAILIFF_TRY(all.raw, exporter.file(first, message_path, leaf));
    BAILIFF_TRY(const auto recipients, exporter.file(first, recipients_path, leaf));
    BAILIFF_TRY(all.recipients, recorded_recipients(recipients));
    BAILIFF_TRY(const auto engine, exporter.file(first, engine_path, leaf));
    BAILIFF_TRY(const auto verdict, exporter.file(first, verdict_path, leaf));
    BAILIFF_TRY(const auto hits, exporter.file(first, hits_path, leaf));
    BAILIFF_TRY(const auto access, exporter.file(first, access_path, leaf));
    BAILIFF_TRY(const auto transactions, exporter.file(first, transactions_path, leaf));
    BAILIFF_TRY(all.recorded, recorded_verdict({engine, verdict, hits, access, transactions}));
    prepare_parser();
    all.message = parse(all.raw);
    return all;
}

Result<std::string> to_a_peer(const Settings& settings, const CaseId& id, const Reported& about,
                              const std::string& to, Instant now) {
    SystemEntropy entropy;
    const auto& ours = settings.reports;
    const auto& envelope = about.recorded.envelope;
    PeerReport report;
    report.from = ours.contact;
    report.to = to;
    report.date = to_rfc5322(now);
    report.message_id = "<" + random_uuid(entropy) + "@" + ours.domain + ">";
    report.case_id = id.text();
    report.stop = "To receive no more of these reports write to " + ours.contact + ".";
    report.reporter = report.sender = {ours.organisation, ours.contact, ours.domain};
    report.source_ip = envelope.client_address;
    report.source_port = envelope.client_port;
    report.arrived = envelope.received;
    report.reported = now;
    report.recipient_count = envelope.rcpt_count;
    report.mail_from = envelope.mail_from;
    report.subject = about.field("subject");
    report.original_message_id = about.field("message-id");
    report.uris = about.message.uris;
    report.recipients = about.recipients;
    BAILIFF_TRY(report.header, redacted_message(about.raw, {.recipients = about.recipients,
                                                            .key = {},
                                                            .body = BodyRule::headers_only}));
    return abuse_report(report, entropy);
}

std::string to_a_csirt(const CaseId& id, const Reported& about) {
    SystemEntropy entropy;
    MispFacts facts{.info = "Spam, case " + id.text(),
                    .at = about.recorded.envelope.received,
                    .from = about.field("from"),
                    .subject = about.field("subject"),
                    .message_id = about.field("message-id"),
                    .source_ip = about.recorded.envelope.client_address,
                    .uris = about.message.uris,
                    .sha256 = {sha256(about.raw).hex()},
                    .recipients = about.recipients};
    for (const auto& digest : part_digests(about.raw)) facts.sha256.push_back(digest.hex());
    return misp_event_json(facts, entropy);
}

}  // namespace

bool has_report(const Profile& profile) {
    return profile.name == to_peer || profile.name == to_csirt;
}

Result<void> check_report(const Settings& settings, const Profile& profile, const std::string& to) {
    const auto& ours = settings.reports;
    if (profile.name != to_peer || ours.organisation.empty()) return {};
    if (!is_plain_address(ours.contact) || !is_domain_name(ours.domain))
        return fail(Fault::invalid_input,
                    "reports.contact, reports.domain: expected an address and a domain");
    if (!is_plain_address(to))
        return fail(Fault::invalid_input, "--to: expected the address that the report goes to");
    return {};
}

Result<ArchiveFile> peer_report(const Settings& settings, const Profile& profile,
                                const Exporter& exporter, const CaseId& id,
                                const Disclosed& disclosed, const std::string& to, Instant now) {
    if (disclosed.seals.empty()) return fail(Fault::not_found, "the case has no bag");
    if (profile.name == to_peer && settings.reports.organisation.empty())
        return fail(Fault::not_found, "reports.organisation is not set");
    BAILIFF_TRY(const auto about, reported(exporter, disclosed.seals.front(), disclosed.leaf));
    if (profile.name == to_csirt) return ArchiveFile{"misp-event.json", to_a_csirt(id, about)};
    BAILIFF_TRY(auto letter, to_a_peer(settings, id, about, to, now));
    return ArchiveFile{"report.eml", std::move(letter)};
}

}  // namespace bailiff
