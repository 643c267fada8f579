#include "src/pipeline/case_notes.hpp"

#include "src/pipeline/other_cases.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <charconv>
#include <utility>

namespace bailiff {

namespace {

constexpr std::string_view uncounted = "further events";
// A case can be decided twice (reject, then reinstate), with two lines each.
constexpr std::size_t kept_for_decisions = 8;

void count_one_more(CaseEvent& last) {
    std::uint64_t count = 0;
    std::from_chars(last.reason.data(), last.reason.data() + last.reason.size(), count);
    last.reason = std::to_string(count + 1);
}

std::uint64_t milliseconds(Instant at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

void line(std::string& text, std::string_view name, std::string_view value) {
    // With its length, so that no value can pretend to be a second line.
    text.append(name).append("=").append(std::to_string(value.size())).append(":");
    text.append(value).append("\n");
}

void line(std::string& text, std::string_view name, std::uint64_t value) {
    line(text, name, std::string_view(std::to_string(value)));
}

}  // namespace

void add_event(Case& record, CaseEvent event) {
    auto& events = record.events;
    if (events.size() + kept_for_decisions < limits::events_per_case_max)
        return events.push_back(std::move(event));
    const auto counted = std::ranges::find(events, uncounted, &CaseEvent::what);
    if (counted == events.end())
        return add_decision_event(record, {event.at, "bailiff", std::string(uncounted), "1"});
    count_one_more(*counted);
}

void add_decision_event(Case& record, CaseEvent event) {
    if (record.events.size() < limits::events_per_case_max)
        record.events.push_back(std::move(event));
}

void note_held(Case& record, const HeldMail& mail) {
    if (std::ranges::count(record.held, mail.queue_id, &HeldMail::queue_id) > 0) return;
    if (record.held.size() < limits::held_mails_per_case_max)
        record.held.push_back(mail);
    else
        ++record.held_uncounted;
}

Leaf leaf_of(const Action& action) {
    std::string text = "bailiff.action.leaf.1\n";
    line(text, "id", action.id.text());
    line(text, "case", action.case_id.text());
    line(text, "kind", to_text(action.kind));
    line(text, "direction", to_text(action.direction));
    line(text, "service", action.service.id.text());
    line(text, "created", milliseconds(action.service.created));
    line(text, "account", action.account.text());
    line(text, "target", action.target);
    line(text, "sequence", action.sequence);
    line(text, "generation", action.generation);
    line(text, "state", to_text(action.state));
    line(text, "attempts", action.attempts);
    line(text, "due", milliseconds(action.due));
    line(text, "changed", milliseconds(action.changed));
    line(text, "state_before", action.state_before);
    line(text, "detail", action.detail);
    return new_leaf("action", action.id.text(), std::move(text), action.changed);
}

Leaf decision_leaf(const CaseId& id, std::string_view decision, const CaseEvent& event) {
    std::string text = "bailiff.decision.leaf.1\n";
    line(text, "case", id.text());
    line(text, "decision", decision);
    line(text, "by", event.by);
    line(text, "reason", event.reason);
    line(text, "at", milliseconds(event.at));
    return new_leaf("decision", id.text(), std::move(text), event.at);
}

Leaf breaker_leaf(const ActionBreaker& breaker) {
    std::string text = "bailiff.breaker.leaf.1\n";
    line(text, "state", breaker.open ? "open" : "closed");
    line(text, "cause", breaker.cause);
    line(text, "detail", breaker.detail);
    line(text, "by", breaker.by);
    line(text, "reason", breaker.reason);
    line(text, "since", milliseconds(breaker.since));
    return new_leaf("breaker", "breaker", std::move(text), breaker.since);
}

StandingRow set_free(const StandingRow& row, const Case& record, Instant now) {
    return {Standing::active, record.id, now,
            std::max(row.probation_until, record.probation_until)};
}

StandingRow left_of(const StandingRow& row, const Case& record,
                    const std::optional<CaseClaim>& left, Instant now) {
    auto after = set_free(row, record, now);
    if (!left) return after;
    after.standing = left->standing;
    after.case_id = left->case_id;
    return after;
}

Result<void> lift_service(LedgerTxn& txn, const Case& record, Instant now) {
    if (record.service.id.empty()) return {};
    BAILIFF_TRY(auto row, txn.standing(record.service));
    if (row.case_id != record.id || row.standing == Standing::purged) return {};
    BAILIFF_TRY(const auto left, others_claim(txn, record.service, record.id));
    return txn.put_standing(record.service, left_of(row, record, left, now));
}

Result<void> lift_hold(LedgerTxn& txn, const Case& record, Instant now) {
    if (record.service.id.empty()) return {};
    BAILIFF_TRY(const auto row, txn.standing(record.service));
    if (row.case_id != record.id || row.standing != Standing::held) return {};
    BAILIFF_TRY(const auto left, others_claim_at_work(txn, record.service, record.id));
    return txn.put_standing(record.service, left_of(row, record, left, now));
}

}  // namespace bailiff
