#pragma once
// The files of a bag that tell of one message, made when it is judged.

#include <bailiff/evidence.hpp>
#include <bailiff/features.hpp>
#include <bailiff/habits.hpp>
#include <bailiff/message.hpp>
#include <bailiff/policy.hpp>
#include <bailiff/result.hpp>
#include <bailiff/submission.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

inline constexpr std::string_view parts_path = "4-content/msg-0001.mime.json";
inline constexpr std::string_view engine_path = "5-analysis/engine.json";

/// One file with its bytes.
struct ExhibitFile {
    std::string path;  ///< below data/
    std::string bytes;
    bool seals = false;  ///< content, or somebody's identity: stored sealed
};

/// What a verdict took beside the findings: with the rules, the message and what other witnesses
/// said, it can be reached again.
struct EngineFacts {
    std::string version;
    std::string rule_set;               ///< digest of the rules
    LineSet lines;                      ///< as they were for this sender, at this door
    std::vector<std::string> observed;  ///< rules that were shown and weighed nothing
    std::vector<AllowRow> allow;        ///< of this sender
    Instant at{};                       ///< when the message came
    bool late = false;
};

/// "3-traffic/recipients.full.jsonl": a line each, behind one with a salt.
[[nodiscard]] ExhibitFile recipients_exhibit(const Envelope& envelope, const Digest& salt);

/// "2-identification/session.json": what the MTA said of the connection.
[[nodiscard]] ExhibitFile session_exhibit(const Submission& submission, const Digest& salt);

/// "3-traffic/rates.json": how much was sent, by what the verdict looked at; the message included.
struct TrafficFacts {
    std::optional<Rates>
        rates;  ///< of the service, its bounces or its forms; none: not vouched for
    std::optional<Habits> habits;  ///< of the login, if there was one
    std::uint32_t strikes = 0;     ///< suspect messages within a day
    Instant at{};
};
[[nodiscard]] ExhibitFile rates_exhibit(const TrafficFacts& facts, const Digest& salt);

/// "4-content/msg-0001.mime.json": header fields, parts with their sizes, names and SHA-256, links.
/// Shape    `digests`: of the first of them, in order.
[[nodiscard]] ExhibitFile parts_exhibit(const Message& message, const std::vector<Digest>& digests,
                                        const Digest& salt);

/// "5-analysis/engine.json".
[[nodiscard]] ExhibitFile engine_exhibit(const EngineFacts& facts);
/// What engine_exhibit() wrote.  Errors   invalid_input.
[[nodiscard]] Result<EngineFacts> engine_facts(std::string_view json);

}  // namespace bailiff
