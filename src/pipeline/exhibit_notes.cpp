#include "src/pipeline/exhibit_notes.hpp"

#include <bailiff/version.hpp>

#include "src/decide/lines.hpp"
#include "src/message/part_digests.hpp"

namespace bailiff {
namespace {

bool is_about(const AllowRow& row, const Service& service) {
    return row.service.empty() ? row.account == service.account.text()
                               : row.service == service.id.text();
}

}  // namespace

std::vector<ExhibitFile> exhibits_of(const Judgement& judged, const Policy& policy,
                                     const Submission& submission, const Message& message) {
    const auto& envelope = submission.envelope;
    EngineFacts facts{
        .version = program_version,
        .rule_set = judged.rule_set,
        .lines = lines_for(
            policy, judged.attribution,
            {.door = envelope.door, .at = envelope.received, .on_probation = judged.on_probation}),
        .observed = policy.observed,
        .allow = {},
        .at = envelope.received,
        .late = judged.verdict.late};
    const auto& service = judged.attribution.service;
    for (const auto& row : policy.allow)
        if (service && is_about(row, *service)) facts.allow.push_back(row);
    const TrafficFacts traffic{.rates = judged.features.rates,
                               .habits = judged.habits,
                               .strikes = judged.strikes,
                               .at = envelope.received};
    return {session_exhibit(submission, fresh_salt()), rates_exhibit(traffic, fresh_salt()),
            recipients_exhibit(envelope, fresh_salt()),
            parts_exhibit(message, part_digests(submission.raw), fresh_salt()),
            engine_exhibit(facts)};
}

}  // namespace bailiff
