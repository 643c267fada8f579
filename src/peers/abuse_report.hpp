#pragma once
// What leaves the house about one message: to a peer, to Signal Spam, to a CSIRT.

#include <bailiff/clock.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

enum class AbuseType { spam, bulk_messaging };

/// XARF's evidence_source.
enum class EvidenceSource {
    spamtrap,
    user_complaint,
    automated_filter,
    honeypot,
    content_analysis,
    reputation_feed,
};

[[nodiscard]] std::string_view to_text(AbuseType type);
[[nodiscard]] std::string_view to_text(EvidenceSource source);

/// Who reports, and for whom: addresses are plain, "abuse@host.example".
struct ReportParty {
    std::string org, contact, domain;
};

/// Two kinds of values. Ours (of the letter, the parties, the address and the instants) are refused
/// if they do not fit. A stranger's are made to fit: redacted, printable, or left out.
struct PeerReport {
    // The letter: header values, one line of ASCII each.
    std::string from, to, date, message_id;
    std::string user_agent = "bailiff/1";
    std::string case_id;  ///< [A-Za-z0-9_-]*; for their answer
    std::string stop;     ///< how to stop these reports: a sentence
    ReportParty reporter, sender;

    // What is reported.
    AbuseType type = AbuseType::spam;
    EvidenceSource source = EvidenceSource::automated_filter;
    std::string source_ip;              ///< IPv4 or IPv6
    std::uint16_t source_port = 0;      ///< 0: not known
    Instant arrived{};                  ///< when the message came
    Instant reported{};                 ///< now
    std::uint64_t recipient_count = 0;  ///< 0: not told
    std::optional<double> confidence;   ///< 0 to 1

    // Of the message.
    std::string mail_from;  ///< of the envelope; empty: "<>"
    std::string subject, original_message_id;
    std::vector<std::string> uris, domains;
    std::string header;                   ///< by redacted_message()
    std::vector<std::string> recipients;  ///< taken out of all of the above
};

inline constexpr std::size_t xarf_evidence_bytes_max = 5U << 20;
inline constexpr std::size_t reported_uris_max = 50;
inline constexpr std::size_t reported_uri_bytes_max = 900;  ///< a longer one is left out

/// A message in the Abuse Reporting Format (RFC 5965): a text complete by itself, the fields for
/// programs, the header of the message, and after these three a XARF 4 report. XARF is left out if
/// it cannot say what there is: no sender in the envelope, no port.
/// Shape    CRLF, ASCII, no line over 998 bytes; the caller signs and sends it.
/// Errors   invalid_input: a value of ours that does not fit, bulk of fewer than 100 recipients;
///          exhausted: a header above 5 MiB.
/// Threads  as `entropy`.
[[nodiscard]] Result<std::string> abuse_report(const PeerReport& report, Entropy& entropy);

/// The XARF 4 report alone: messaging/spam or messaging/bulk_messaging as JSON in UTF-8.
/// Errors   invalid_input: as above, a null sender, no port, or for bulk_messaging fewer than 100
///          recipients; exhausted: as above.
[[nodiscard]] Result<std::string> xarf_report(const PeerReport& report, Entropy& entropy);

/// RFC 4122, version 4.
[[nodiscard]] std::string random_uuid(Entropy& entropy);

/// The body of a POST to Signal Spam: application/x-www-form-urlencoded, field `message`.
/// Shape    the message whole, recipients too: who reports to Signal Spam is one of them.
[[nodiscard]] std::string signal_spam_form(std::string_view raw);

/// For a MISP event: an object `email` with from, subject and message-id; ip-src, url and sha256
/// beside it; links as they are, for programs. No recipients.
struct MispFacts {
    std::string info;  ///< of the event, one line
    Instant at{};
    std::string from, subject, message_id, source_ip;
    std::vector<std::string> uris;
    std::vector<std::string> sha256;      ///< of the message and its parts, 64 digits each
    std::vector<std::string> recipients;  ///< taken out of all of the above
};
[[nodiscard]] std::string misp_event_json(const MispFacts& facts, Entropy& entropy);

}  // namespace bailiff
