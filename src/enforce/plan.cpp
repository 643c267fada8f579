#include "src/enforce/plan.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>

namespace bailiff {
namespace {

/// Why a confirmed verdict may nevertheless run no path; empty if it may.
std::string why_review_only(const Verdict& verdict, const Attribution& attribution,
                            const Circumstances& now) {
    if (verdict.level != Level::confirmed) return "the verdict is not confirmed";
    if (!guard(Guard::only_proven_is_punished,
               attribution.strength == Strength::proven && attribution.service))
        return "the attribution is " + std::string(to_text(attribution.strength)) +
               ", and only a proven one may touch a service";
    if (!attribution.service) return "there is nobody to answer for it";
    if (!guard(Guard::late_is_review_only, !verdict.late)) return "the verdict came late";
    if (!guard(Guard::directory_must_be_fresh, now.directory_fresh))
        return "the directory is older than a day and may name the wrong customer";
    if (attribution.service->is_protected) return "the service is protected";
    return {};
}

const PathSettings* find_path(std::span<const PathSettings> paths, std::string_view name) {
    const auto at = std::ranges::find(paths, name, &PathSettings::name);
    return at == paths.end() ? nullptr : &*at;
}

std::string_view path_for(Door door) {
    return guard(Guard::local_door_is_compromise, door != Door::local) ? path_zero_tolerance
                                                                       : path_compromised;
}

/// A hacked script or a stolen login cannot be told from malice at the local door yet.
std::string why_path(Door door) {
    return door == Door::local
               ? "Path compromised: mail of a local script; its owner may be the victim."
               : "Path zero_tolerance: the sender proved who it is, and the spam is confirmed.";
}

void run_path(Plan& result, const Circumstances& now) {
    const auto* path = find_path(now.paths, result.path);
    if (path == nullptr || path->observe) {
        result.mode = Mode::observe;
        result.reasons.push_back("This path is set to observe.");
    }
    if (path != nullptr) result.actions = path->actions;
    if (result.mode == Mode::observe) return;
    result.hold_service = true;
    result.actions_state = ActionState::due;
}

}  // namespace

Reply::Kind stop_at(Door door) {
    return door == Door::submission ? Reply::Kind::reject : Reply::Kind::hold;
}

Plan plan(const Verdict& verdict, const Attribution& attribution, const Circumstances& now) {
    Plan result;
    if (verdict.level < Level::spam) return result;
    result.mode = now.mode;
    const auto why_not = why_review_only(verdict, attribution, now);
    if (why_not.empty()) {
        result.path = path_for(now.door);
        result.reasons.push_back(why_path(now.door));
        run_path(result, now);
    } else {
        result.path = path_review;
        result.reasons.push_back("For review only: " + why_not + ".");
        if (!now.directory_fresh) result.mode = Mode::observe;
    }
    if (result.mode == Mode::observe) {
        result.reasons.push_back("Mode observe: recorded, nothing is done.");
        return result;
    }
    // Somebody who cannot be named is not refused for what may be another's: held for a person.
    result.reply = attribution.strength == Strength::proven ? stop_at(now.door) : Reply::Kind::hold;
    return result;
}

}  // namespace bailiff
