#include "src/retention/due.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>

namespace bailiff {
namespace {

/// Since when the case is what it is. Of several the latest: nothing goes early because a clock was
/// behind when one of them was written.
Instant begins_of(const Case& record) {
    auto latest = record.opened;
    if (record.state == CaseState::open) return latest;
    bool found = false;
    auto last_of_all = latest;
    for (const auto& event : record.events) {
        last_of_all = std::max(last_of_all, event.at);
        if (!event.what.starts_with(to_text(record.state))) continue;
        found = true;
        latest = std::max(latest, event.at);
    }
    return found ? latest : last_of_all;
}

bool is_under_way(const Action& action) {
    return action.state == ActionState::due || action.state == ActionState::running ||
           action.state == ActionState::waiting || action.state == ActionState::unknown;
}

/// When the holder can no longer object to the last termination.
Instant claims_until(const KeptCase& kept, std::chrono::hours window) {
    Instant until{};
    for (const auto& action : kept.actions)
        if (action.kind == ActionKind::service_terminate && action.direction == Direction::act &&
            (action.state == ActionState::verified || action.state == ActionState::done))
            until = std::max(until, action.changed + window);
    return until;
}

struct Held {
    HeldBy by = HeldBy::nothing;
    std::string why;
};

Held held_of(const KeptCase& kept, const RetentionTerms& terms, Instant now) {
    if (kept.legal_hold) return {HeldBy::legal_hold, "The case is on legal hold."};
    if (now < kept.readable_until)
        return {HeldBy::disclosure,
                "It is being handed out until " + to_rfc3339(kept.readable_until) + "."};
    // That nobody decided is no reason to keep what nobody confirmed.
    if (keeping_of(kept.record) == Keeping::unconfirmed) return {};
    if (kept.record.state == CaseState::open)
        return {HeldBy::open_case, "The case is open: nobody has decided it."};
    if (std::ranges::any_of(kept.actions, is_under_way))
        return {HeldBy::actions, "Not all of its actions have come to an end."};
    const auto until = claims_until(kept, terms.claim_window);
    if (now < until)
        return {HeldBy::claim_window,
                "Its holder may object to the termination until " + to_rfc3339(until) + "."};
    return {};
}

struct Days {
    std::string_view key;
    std::int64_t days;
};

struct Periods {
    Days content, holder;
};

Periods periods_of(Keeping keeping, const RetentionSettings& s) {
    switch (keeping) {
        case Keeping::unconfirmed:
            return {{"unconfirmed_days", s.unconfirmed_days}, {"", 0}};
        case Keeping::claim_upheld:
            return {{"claim_upheld_days", s.claim_upheld_days}, {"", 0}};
        case Keeping::spam:
            return {{"spam_days", s.spam_days}, {"spam_file_days", s.spam_file_days}};
        case Keeping::fraud:
            return {{"fraud_days", s.fraud_days}, {"fraud_file_days", s.fraud_file_days}};
        case Keeping::compromised:
            return {{"compromised_days", s.compromised_days},
                    {"compromised_file_days", s.compromised_file_days}};
    }
    return {};
}

std::string_view sentence_of(Keeping keeping) {
    switch (keeping) {
        case Keeping::unconfirmed:
            return "Nobody has confirmed the case";
        case Keeping::claim_upheld:
            return "The case was released or its service reinstated";
        case Keeping::spam:
            return "The case is of spam";
        case Keeping::fraud:
            return "The case is of prohibited content";
        case Keeping::compromised:
            return "The case is of a compromised account";
    }
    return "";
}

}  // namespace

Keeping keeping_of(const Case& record) {
    if (record.state == CaseState::released || record.state == CaseState::reinstated)
        return Keeping::claim_upheld;
    if (record.state == CaseState::open && record.path == "review") return Keeping::unconfirmed;
    if (record.path == "compromised") return Keeping::compromised;
    return record.path == "prohibited_content" ? Keeping::fraud : Keeping::spam;
}

std::vector<RetentionLine> retention_lines(const KeptCase& kept, const RetentionTerms& terms,
                                           Instant now) {
    const auto keeping = keeping_of(kept.record);
    const auto periods = periods_of(keeping, terms.settings);
    const auto begins = begins_of(kept.record);
    const auto held = held_of(kept, terms, now);
    const auto line = [&](std::string part, const Days& period) {
        const auto rule =
            "retention." + std::string(period.key) + " = " + std::to_string(period.days);
        auto why = held.by != HeldBy::nothing
                       ? held.why
                       : std::string(sentence_of(keeping)) + ", since " + to_rfc3339(begins) +
                             ", and is kept so long: " + rule + ".";
        return RetentionLine{kept.record.id,
                             keeping,
                             std::move(part),
                             begins,
                             begins + std::chrono::days(period.days),
                             rule,
                             held.by,
                             std::move(why)};
    };
    std::vector<RetentionLine> lines;
    if (periods.holder.key.empty()) {
        if (!kept.content_erased || !kept.holder_erased)
            lines.push_back(line("all", periods.content));
        return lines;
    }
    if (!kept.content_erased) lines.push_back(line("content", periods.content));
    if (!kept.holder_erased) lines.push_back(line("holder", periods.holder));
    return lines;
}

bool is_of_job(const RetentionLine& line, const RetentionSettings& settings) {
    if (settings.job == "all") return true;
    return settings.job == "unconfirmed" && line.keeping == Keeping::unconfirmed;
}

std::string clock_objection(const KnownClock& clock, Instant now, bool by_person) {
    if (clock.jump)
        return "the machine's clock has jumped by " +
               std::to_string(*clock.jump / std::chrono::seconds(1)) + " s";
    if (now + limits::clock_step_max < clock.newest)
        return "the clock is behind the log, whose newest entry is of " + to_rfc3339(clock.newest);
    if (!clock.synced && !by_person) return "the clock is not synchronised with a time source";
    return {};
}

std::string budget_objection(std::uint64_t due, std::uint64_t erased_in_a_day,
                             const RetentionSettings& settings) {
    const auto most =
        static_cast<std::uint64_t>(std::max<std::int64_t>(settings.erasures_a_day, 0));
    if (due == 0 || due + erased_in_a_day <= most) return {};
    return std::to_string(due) + " parts are due and " + std::to_string(erased_in_a_day) +
           " were erased within a day; retention.erasures_a_day allows " + std::to_string(most) +
           ": a person goes on with `bailiff retention run`";
}

}  // namespace bailiff
