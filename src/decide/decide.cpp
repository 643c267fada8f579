#include "src/decide/decide.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <cstdio>
#include <optional>

#include "src/decide/lenience.hpp"
#include "src/decide/lines.hpp"

namespace bailiff {
namespace {

/// "5.0", « 5,0 ».
Sentence points(MilliPoints score) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(score) / 1000.0);
    Sentence both = Sentence::of(text);
    std::ranges::replace(both.fr, '.', ',');
    return both;
}

Sentence name_of(Family family) {
    const std::string en(to_text(family));
    switch (family) {
        case Family::rules:
            return {en, "nos règles"};
        case Family::rspamd:
            return {en, "rspamd"};
        case Family::behaviour:
            return {en, "le comportement"};
        case Family::reputation:
            return {en, "la réputation"};
        case Family::complaint:
            return {en, "les plaintes"};
    }
    return {};
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

/// Works on one message; becomes its verdict.
class Weighing {
public:
    Weighing(const LineSet& lines, Findings findings) : lines_(lines) {
        verdict_.findings = std::move(findings);
        weigh();
    }

    void judge() {
        judge_witnesses();
        if (verdict_.level == Level::pass) judge_total();
    }
    void spare(const Lenience& lenience);
    void confirm(Sentence why) {
        verdict_.level = Level::confirmed;
        verdict_.reasons = {std::move(why)};
    }
    void say(Sentence why) { verdict_.reasons.push_back(std::move(why)); }
    Verdict take() && { return std::move(verdict_); }

private:
    void weigh();
    void judge_witnesses();
    void judge_total();
    [[nodiscard]] std::optional<Family> first_witness() const;
    [[nodiscard]] std::optional<Family> second_witness(Family first) const;
    [[nodiscard]] Family nearest_second(Family first) const;
    [[nodiscard]] Sentence against(Family family, MilliPoints line) const {
        return name_of(family) + Sentence{" weighs ", " : poids "} + points(of(verdict_, family)) +
               Sentence{" (line ", " (seuil "} + points(line) + Sentence::of(")");
    }

    const LineSet& lines_;
    Verdict verdict_;
};

void Weighing::weigh() {
    for (const auto& finding : verdict_.findings) {
        verdict_.score = add(verdict_.score, finding.score);
        for (const auto family : families) {
            const bool counts = guard_removed(Guard::mixed_meta_lifts_nobody)
                                    ? finding.families.has(family)
                                    : finding.families.is_only(family);
            auto& sum = verdict_.by_family[static_cast<std::size_t>(family)];
            if (counts) sum = add(sum, finding.score);
        }
    }
}

/// The heaviest family that passes its line `alone`; reputation never does (design §4.4).
std::optional<Family> Weighing::first_witness() const {
    std::optional<Family> heaviest;
    for (const auto family : families) {
        if (!guard(Guard::trap_is_never_enough, family != Family::reputation)) continue;
        if (of(verdict_, family) < lines_.of(family).alone) continue;
        if (!heaviest || of(verdict_, family) > of(verdict_, *heaviest)) heaviest = family;
    }
    return heaviest;
}

std::optional<Family> Weighing::second_witness(Family first) const {
    for (const auto family : families)
        if (family != first && of(verdict_, family) >= lines_.of(family).corroborates)
            return family;
    return std::nullopt;
}

/// Of those that do not corroborate, the one that comes nearest to its line.
Family Weighing::nearest_second(Family first) const {
    std::optional<Family> nearest;
    const auto missing = [&](Family family) {
        return std::int64_t{lines_.of(family).corroborates} - of(verdict_, family);
    };
    for (const auto family : families)
        if (family != first && (!nearest || missing(family) < missing(*nearest))) nearest = family;
    return *nearest;
}

void Weighing::judge_witnesses() {
    const auto first = first_witness();
    if (!first) {
        say({"No family of witnesses passes its own line alone.",
             "Aucune famille de témoins ne dépasse seule son propre seuil."});
        return;
    }
    verdict_.level = Level::spam;
    say(Sentence{"Spam: ", "Spam : "} + against(*first, lines_.of(*first).alone) +
        Sentence::of("."));
    const auto second = second_witness(*first);
    if (second) {
        verdict_.level = Level::confirmed;
        say(Sentence{"Confirmed: a second, independent family agrees, ",
                     "Confirmé : une seconde famille, indépendante, concorde, "} +
            against(*second, lines_.of(*second).corroborates) + Sentence::of("."));
    } else if (!guard(Guard::two_witnesses, false)) {
        const auto near = nearest_second(*first);
        say(Sentence{
                "Not confirmed: no second family passes its line for corroboration; nearest, ",
                "Non confirmé : aucune seconde famille ne dépasse son seuil de corroboration ; "
                "la plus proche, "} +
            against(near, lines_.of(near).corroborates) + Sentence::of("."));
    } else {
        verdict_.level = Level::confirmed;
    }
}

void Weighing::judge_total() {
    const auto total =
        Sentence{"all findings together weigh ", "tous les constats réunis pèsent "} +
        points(verdict_.score);
    if (verdict_.score >= lines_.spam) {
        verdict_.level = Level::spam;
        say(Sentence{"Spam: ", "Spam : "} + total + Sentence{" (line ", " (seuil "} +
            points(lines_.spam) +
            Sentence{"). Not confirmed: no family carries it alone.",
                     "). Non confirmé : aucune famille ne le porte seule."});
    } else if (verdict_.score >= lines_.suspect) {
        verdict_.level = Level::suspect;
        say(Sentence{"Suspect: ", "Suspect : "} + total + Sentence{" (lines ", " (seuils "} +
            points(lines_.suspect) + Sentence{" and ", " et "} + points(lines_.spam) +
            Sentence::of(")."));
    } else {
        say(Sentence{"Pass: ", "Passe : "} + total + Sentence{", below ", ", en dessous de "} +
            points(lines_.suspect) + Sentence::of("."));
    }
}

/// A service of the allow list: what would stop its mail waits for a second witness, and what two
/// witnesses say waits for a person.
void Weighing::spare(const Lenience& lenience) {
    for (const auto& over : lenience.expired) say(over);
    if (!lenience.whole || verdict_.level < Level::spam) return;
    const bool two = verdict_.level == Level::confirmed;
    verdict_.level = two ? Level::spam : Level::suspect;
    say((two ? Sentence{"Not confirmed: its service is on the allow list",
                        "Non confirmé : son service est sur la liste de tolérance"}
             : Sentence{"Suspect, and not spam: its service is on the allow list",
                        "Suspect, et non spam : son service est sur la liste de tolérance"}) +
        lenience.reason +
        (two ? Sentence{"; a person decides.", " ; une personne décide."} : Sentence::of(".")));
}

/// States weigh nothing and come last; ties keep the order in which the witnesses spoke.
void heaviest_first(Findings& findings) {
    std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
        if (a.families.empty() != b.families.empty()) return b.families.empty();
        return a.score > b.score;
    });
}

}  // namespace

Verdict decide(const Policy& policy, const Attribution& attribution, Findings findings,
               const Footing& footing) {
    const bool test_string_counts = take_gtube(attribution, findings);
    const auto lenience = be_lenient(policy, attribution, footing.at, findings);
    const auto lines = lines_for(policy, attribution, footing);
    Weighing weighing(lines, std::move(findings));
    weighing.judge();
    weighing.spare(lenience);
    if (footing.on_probation && attribution.strength == Strength::proven)
        weighing.say(
            {"Its lines are lower: the service was reinstated and is on probation.",
             "Ses seuils sont abaissés : le service a été rétabli et reste en probation."});
    if (test_string_counts)
        weighing.confirm({"Confirmed: the GTUBE test string, from a test service.",
                          "Confirmé : la chaîne de test GTUBE, d'un service de test."});
    auto verdict = std::move(weighing).take();
    verdict.late = footing.timeliness == Timeliness::late;
    if (verdict.late)
        verdict.reasons.push_back(
            {"Late: Postfix may not have heard this; for review only.",
             "Tardif : Postfix n'a peut-être rien entendu ; pour examen seulement."});
    heaviest_first(verdict.findings);
    return verdict;
}

}  // namespace bailiff
