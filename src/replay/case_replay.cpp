#include "src/replay/case_replay.hpp"

#include <algorithm>
#include <map>

#include "src/decide/decide.hpp"
#include "src/message/parse.hpp"

namespace bailiff {
namespace {

/// What our rules alone weighed.
std::map<std::string, MilliPoints> weights(const Findings& findings) {
    std::map<std::string, MilliPoints> weights;
    for (const auto& finding : findings)
        if (finding.families.is_only(Family::rules)) weights[finding.symbol] = finding.score;
    return weights;
}

std::string millipoints(const std::map<std::string, MilliPoints>& weights,
                        const std::string& symbol) {
    const auto found = weights.find(symbol);
    return found == weights.end() ? "no hit" : std::to_string(found->second);
}

std::vector<std::string> differences(const Verdict& then, const Verdict& now) {
    std::vector<std::string> all;
    const auto differ = [&](const std::string& what, const auto& a, const auto& b) {
        all.push_back(what + ": recorded " + a + ", now " + b);
    };
    if (then.level != now.level)
        differ("verdict", std::string(to_text(then.level)), std::string(to_text(now.level)));
    if (then.score != now.score)
        differ("score in thousandths", std::to_string(then.score), std::to_string(now.score));
    for (const auto family : families)
        if (of(then, family) != of(now, family))
            differ("score of " + std::string(to_text(family)), std::to_string(of(then, family)),
                   std::to_string(of(now, family)));
    auto symbols = weights(then.findings);
    const auto recorded = symbols;
    const auto found = weights(now.findings);
    symbols.insert(found.begin(), found.end());
    for (const auto& [symbol, unused] : symbols)
        if (millipoints(recorded, symbol) != millipoints(found, symbol))
            differ("rule " + symbol, millipoints(recorded, symbol), millipoints(found, symbol));
    return all;
}

}  // namespace

CaseReplay replay_case(const RecordedVerdict& recorded, std::string raw, const Inspector& rules) {
    const Submission submission{.envelope = recorded.envelope, .raw = std::move(raw), .limits = {}};
    const auto message = parse(submission.raw);
    auto findings = rules.inspect(submission, message);
    findings.insert(findings.end(), message.limits.begin(), message.limits.end());
    const auto said_again = [&](const Finding& finding) {
        return std::ranges::find(findings, finding.symbol, &Finding::symbol) != findings.end();
    };
    Findings of_others;
    for (const auto& finding : recorded.verdict.findings)
        if (!finding.families.is_only(Family::rules) &&
            !(finding.families.empty() && said_again(finding)))
            of_others.push_back(finding);
    std::ranges::move(of_others, std::back_inserter(findings));
    Policy policy;
    policy.lines = recorded.engine.lines;  // as they were for this sender: no row, no probation
    policy.rows.clear();
    policy.observed = recorded.engine.observed;
    policy.allow = recorded.engine.allow;
    CaseReplay replay;
    replay.verdict =
        decide(policy, recorded.attribution, std::move(findings),
               {.door = recorded.envelope.door,
                .at = recorded.engine.at,
                .timeliness = recorded.engine.late ? Timeliness::late : Timeliness::in_time,
                .on_probation = false});
    replay.differences = differences(recorded.verdict, replay.verdict);
    return replay;
}

}  // namespace bailiff
