#include "src/enforce/plan.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>

#include "src/enforce/signs.hpp"

namespace bailiff {
namespace {

Sentence strength_text(Strength strength) {
    switch (strength) {
        case Strength::unknown:
            return {"unknown", "inconnue"};
        case Strength::asserted:
            return {"asserted", "seulement déclarée"};
        case Strength::proven:
            return {"proven", "prouvée"};
    }
    return {};
}

/// Why a confirmed verdict may nevertheless run no path; empty if it may.
Sentence why_review_only(const Verdict& verdict, const Attribution& attribution,
                         const Circumstances& now) {
    if (verdict.level != Level::confirmed)
        return {"the verdict is not confirmed", "le verdict n'est pas confirmé"};
    if (!guard(Guard::only_proven_is_punished,
               attribution.strength == Strength::proven && attribution.service))
        return Sentence{"the attribution is ", "l'attribution est "} +
               strength_text(attribution.strength) +
               Sentence{", and only a proven one may touch a service",
                        ", et seule une attribution prouvée peut toucher un service"};
    if (!attribution.service) return {"there is nobody to answer for it", "personne n'en répond"};
    if (!guard(Guard::late_is_review_only, !verdict.late))
        return {"the verdict came late", "le verdict est venu trop tard"};
    if (!guard(Guard::directory_must_be_fresh, now.directory_fresh))
        return {"the directory is older than a day and may name the wrong customer",
                "l'annuaire a plus d'un jour et pourrait désigner le mauvais client"};
    if (attribution.service->is_protected)
        return {"the service is protected", "le service est protégé"};
    return {};
}

const PathSettings* find_path(std::span<const PathSettings> paths, std::string_view name) {
    const auto at = std::ranges::find(paths, name, &PathSettings::name);
    return at == paths.end() ? nullptr : &*at;
}

/// "PHISHING", or "PHISH_*" for all that begin so.
bool fits(std::string_view pattern, std::string_view symbol) {
    if (!pattern.ends_with('*')) return pattern == symbol;
    pattern.remove_suffix(1);
    return symbol.starts_with(pattern);
}

/// The first thing found that tells prohibited content, and weighs.
const Finding* prohibited(const Policy& policy, const Verdict& verdict) {
    for (const auto& finding : verdict.findings)
        if (finding.score > 0 && std::ranges::any_of(policy.prohibited, [&](const auto& pattern) {
                return fits(pattern, finding.symbol);
            }))
            return &finding;
    return nullptr;
}

std::string_view path_of_lines(const Attribution& attribution, const Circumstances& now) {
    std::string_view path;
    for (const auto& row : now.policy.rows)
        if (!row.path.empty() && applies(row, attribution, now.door)) path = row.path;
    return path;
}

struct Choice {
    std::string path;
    Sentences why;
};

/// Of a confirmed verdict on a proven sender. Whoever may be the victim is not ended.
Choice choose_path(const Verdict& verdict, const Attribution& attribution,
                   const Circumstances& now) {
    if (!guard(Guard::local_door_is_compromise, now.door != Door::local))
        return {std::string(path_compromised),
                {{"Path compromised: mail of a local script; its owner may be the victim.",
                  "Procédure compromised : courrier d'un script local ; son propriétaire est "
                  "peut-être la victime."},
                 {"Not zero_tolerance: what a script sends may be another's doing.",
                  "Pas zero_tolerance : ce qu'envoie un script peut être le fait d'un tiers."}}};
    const auto age = std::chrono::floor<std::chrono::days>(now.at - attribution.service->created);
    auto signs = signs_of(now.policy.compromise, now.habits, age);
    if (signs.stolen) {
        signs.why.insert(
            signs.why.begin(),
            {"Path compromised: the login looks stolen; its owner may be the victim.",
             "Procédure compromised : l'identifiant semble volé ; son propriétaire est "
             "peut-être la victime."});
        return {std::string(path_compromised), std::move(signs.why)};
    }
    if (const auto path = path_of_lines(attribution, now); !path.empty()) {
        signs.why.insert(signs.why.begin(),
                         Sentence{"Path ", "Procédure "} + Sentence::of(path) +
                             Sentence{": [[lines]] names it for this plan and door.",
                                      " : [[lines]] la prévoit pour cette offre et cette porte."});
        return {std::string(path), std::move(signs.why)};
    }
    const auto* found = find_path(now.paths, path_prohibited_content) == nullptr
                            ? nullptr
                            : prohibited(now.policy, verdict);
    if (found != nullptr) {
        signs.why.insert(
            signs.why.begin(),
            Sentence{"Path prohibited_content: ", "Procédure prohibited_content : "} +
                Sentence::of(found->symbol) +
                Sentence{" tells prohibited content.", " signale un contenu interdit."});
        return {std::string(path_prohibited_content), std::move(signs.why)};
    }
    signs.why.insert(
        signs.why.begin(),
        {"Path zero_tolerance: the sender proved who it is, and the spam is confirmed.",
         "Procédure zero_tolerance : l'expéditeur a prouvé son identité et le spam est confirmé."});
    return {std::string(path_zero_tolerance), std::move(signs.why)};
}

void run_path(Plan& result, const Attribution& attribution, const Circumstances& now) {
    const auto* path = find_path(now.paths, result.path);
    if (path == nullptr || path->observe) {
        result.mode = Mode::observe;
        result.reasons.push_back(
            {"This path is set to observe.", "Cette procédure est réglée sur observation."});
    }
    if (path != nullptr)
        for (const auto& step : path->actions)
            if (is_met(step.when, attribution, now.on_probation))
                result.actions.push_back(step.kind);
    if (result.mode == Mode::observe) return;
    result.hold_service = true;
    result.actions_state = ActionState::due;
}

/// Suspect mail passes; so many of it within a day are a case that a person looks at.
bool is_strike_out(const Verdict& verdict, const Circumstances& now) {
    const auto line = now.policy.strikes;
    return verdict.level == Level::suspect && line > 0 && now.strikes > 0 &&
           now.strikes % line == 0;
}

Plan review_strikes(const Circumstances& now) {
    Plan result;
    result.mode = now.mode;
    result.path = path_review;
    result.reasons.push_back(
        Sentence{"For review: ", "Pour examen : "} + Sentence::of(std::to_string(now.strikes)) +
        Sentence{" suspect messages of this service within a day; the mail goes on.",
                 " messages suspects de ce service en un jour ; le courrier passe."});
    return result;
}

}  // namespace

Reply::Kind stop_at(Door door) {
    return door == Door::submission ? Reply::Kind::reject : Reply::Kind::hold;
}

bool is_met(When when, const Attribution& attribution, bool on_probation) {
    const auto names = [&](IdentityKind kind, Strength least) {
        return std::ranges::any_of(attribution.proofs, [&](const Proof& proof) {
            return proof.kind == kind && proof.strength >= least && !proof.value.empty();
        });
    };
    switch (when) {
        case When::always:
            return true;
        case When::login:
            return names(IdentityKind::login, Strength::proven);
        case When::script:
            return names(IdentityKind::script, Strength::asserted);
        case When::again:
            return on_probation;
    }
    return false;
}

Plan plan(const Verdict& verdict, const Attribution& attribution, const Circumstances& now) {
    if (is_strike_out(verdict, now)) return review_strikes(now);
    Plan result;
    if (verdict.level < Level::spam) return result;
    result.mode = now.mode;
    const auto why_not = why_review_only(verdict, attribution, now);
    if (why_not.empty()) {
        auto choice = choose_path(verdict, attribution, now);
        result.path = std::move(choice.path);
        result.reasons = std::move(choice.why);
        run_path(result, attribution, now);
    } else {
        result.path = path_review;
        result.reasons.push_back(Sentence{"For review only: ", "Pour examen seulement : "} +
                                 why_not + Sentence::of("."));
        if (!now.directory_fresh) result.mode = Mode::observe;
    }
    if (result.mode == Mode::observe) {
        result.reasons.push_back({"Mode observe: recorded, nothing is done.",
                                  "Mode observation : consigné, rien n'est fait."});
        return result;
    }
    // Somebody who cannot be named is not refused for what may be another's: held for a person.
    result.reply = attribution.strength == Strength::proven ? stop_at(now.door) : Reply::Kind::hold;
    return result;
}

}  // namespace bailiff
