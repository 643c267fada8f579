#include "src/decide/decide.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <cstdio>
#include <optional>

namespace bailiff {
namespace {

std::string points(MilliPoints score) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(score) / 1000.0);
    return text;
}

/// GTUBE proves nothing but that somebody typed it: it counts where the directory says `test`.
bool take_gtube(const Attribution& attribution, Findings& findings) {
    const auto is_gtube = [](const Finding& finding) { return finding.symbol == "GTUBE"; };
    if (std::ranges::none_of(findings, is_gtube)) return false;
    const bool test = attribution.service && attribution.service->test &&
                      attribution.strength == Strength::proven;
    for (auto& finding : findings)
        if (is_gtube(finding) && !test)
            finding = state_finding("GTUBE",
                                    "the GTUBE test string, from a service that is no "
                                    "test service: anybody could have typed it");
    return guard(Guard::gtube_needs_test_service, test);
}

void weigh(Verdict& verdict) {
    for (const auto& finding : verdict.findings) {
        verdict.score = add(verdict.score, finding.score);
        for (const auto family : families) {
            const bool counts = guard_removed(Guard::mixed_meta_lifts_nobody)
                                    ? finding.families.has(family)
                                    : finding.families.is_only(family);
            auto& sum = verdict.by_family[static_cast<std::size_t>(family)];
            if (counts) sum = add(sum, finding.score);
        }
    }
}

/// The heaviest family that passes its line `alone`; reputation never does (design §4.4).
std::optional<Family> first_witness(const Policy& policy, const Verdict& verdict) {
    std::optional<Family> heaviest;
    for (const auto family : families) {
        if (!guard(Guard::trap_is_never_enough, family != Family::reputation)) continue;
        if (of(verdict, family) < policy.of(family).alone) continue;
        if (!heaviest || of(verdict, family) > of(verdict, *heaviest)) heaviest = family;
    }
    return heaviest;
}

std::optional<Family> second_witness(const Policy& policy, const Verdict& verdict, Family first) {
    for (const auto family : families)
        if (family != first && of(verdict, family) >= policy.of(family).corroborates) return family;
    return std::nullopt;
}

std::string against_line(const Verdict& verdict, Family family, MilliPoints line) {
    return std::string(to_text(family)) + " weighs " + points(of(verdict, family)) + " (line " +
           points(line) + ")";
}

void judge_witnesses(const Policy& policy, Verdict& verdict) {
    const auto first = first_witness(policy, verdict);
    if (!first) {
        verdict.reasons.push_back("No family of witnesses passes its own line alone.");
        return;
    }
    verdict.level = Level::spam;
    verdict.reasons.push_back("Spam: " + against_line(verdict, *first, policy.of(*first).alone) +
                              ".");
    const auto second = second_witness(policy, verdict, *first);
    if (second) {
        verdict.level = Level::confirmed;
        verdict.reasons.push_back("Confirmed: a second, independent family agrees, " +
                                  against_line(verdict, *second, policy.of(*second).corroborates) +
                                  ".");
    } else if (!guard(Guard::two_witnesses, false)) {
        verdict.reasons.push_back(
            "Not confirmed: no second family passes its line for corroboration.");
    } else {
        verdict.level = Level::confirmed;
    }
}

void judge_total(const Policy& policy, Verdict& verdict) {
    if (verdict.level != Level::pass) return;
    const auto total = "all findings together weigh " + points(verdict.score);
    if (verdict.score >= policy.spam) {
        verdict.level = Level::spam;
        verdict.reasons.push_back("Spam: " + total + " (line " + points(policy.spam) +
                                  "). Not confirmed: no family carries it alone.");
    } else if (verdict.score >= policy.suspect) {
        verdict.level = Level::suspect;
        verdict.reasons.push_back("Suspect: " + total + " (lines " + points(policy.suspect) +
                                  " and " + points(policy.spam) + ").");
    } else {
        verdict.reasons.push_back("Pass: " + total + ", below " + points(policy.suspect) + ".");
    }
}

}  // namespace

Verdict decide(const Policy& policy, const Attribution& attribution, Findings findings,
               Timeliness timeliness) {
    Verdict verdict;
    const bool test_string_counts = take_gtube(attribution, findings);
    verdict.findings = std::move(findings);
    weigh(verdict);
    judge_witnesses(policy, verdict);
    judge_total(policy, verdict);
    if (test_string_counts) {
        verdict.level = Level::confirmed;
        verdict.reasons = {"Confirmed: the GTUBE test string, from a test service."};
    }
    verdict.late = timeliness == Timeliness::late;
    if (verdict.late)
        verdict.reasons.push_back("Late: Postfix may not have heard this; for review only.");
    // States weigh nothing and come last; ties keep the order in which the witnesses spoke.
    std::ranges::stable_sort(verdict.findings, [](const Finding& a, const Finding& b) {
        if (a.families.empty() != b.families.empty()) return b.families.empty();
        return a.score > b.score;
    });
    return verdict;
}

}  // namespace bailiff
