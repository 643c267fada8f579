#include "src/pipeline/settle.hpp"

#include "src/enforce/states.hpp"
#include "src/pipeline/breaker.hpp"
#include "src/pipeline/case_notes.hpp"
#include "src/pipeline/crash_point.hpp"
#include "src/pipeline/other_cases.hpp"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

namespace bailiff::outbox {

namespace {

bool succeeded(const Action& action) {
    return action.state == ActionState::verified || action.state == ActionState::done;
}

bool is_behind(const Action& other, const Action& action) {
    return std::tie(action.sequence, action.id) < std::tie(other.sequence, other.id);
}

std::string title(const Action& action) {
    const std::string deed = action.direction == Direction::undo ? "undo " : "";
    return "action " + deed + std::string(to_text(action.kind)) + ": " +
           std::string(to_text(action.state));
}

Result<void> still(const LedgerView& view, const Action& expected) {
    BAILIFF_TRY(const auto stored, view.find_action(expected.id));
    if (stored && *stored == expected) return {};
    return fail(Fault::invalid_input, "somebody has changed the action meanwhile");
}

// All that the transaction needs, owned: see Ledger::update.
class Writing {
public:
    explicit Writing(Settlement settlement) : what_(std::move(settlement)) {}

    Result<void> write(LedgerTxn& txn) const {
        const auto& after = what_.after;
        BAILIFF_CHECK(still(txn, what_.before));
        BAILIFF_CHECK(txn.put_action(after));
        if (what_.opens) BAILIFF_CHECK(open_breaker(txn, *what_.opens, after.changed));
        if (what_.quiet) return {};
        BAILIFF_CHECK(txn.append_leaf(leaf_of(after)));
        BAILIFF_TRY(auto record, txn.find_case(after.case_id));
        if (record) BAILIFF_CHECK(note(txn, *record, after));
        if (succeeded(after)) BAILIFF_CHECK(write_standing(txn));
        // Undone, or left to another case: the others' ways back skip what this one had made.
        if (after.direction == Direction::undo && (succeeded(after) || what_.also_held))
            BAILIFF_CHECK(relink(txn, after, what_.others, after.state_before));
        if (record && after.direction == Direction::undo && is_final(after.state))
            BAILIFF_CHECK(write_return(txn, *record));
        if (record && what_.lifts_hold) BAILIFF_CHECK(lift_hold(txn, *record, after.changed));
        BAILIFF_CHECK(move_those_behind(txn, record));
        crash_point("outcome_unwritten");
        return {};
    }

private:
    static Result<void> note(LedgerTxn& txn, Case& record, const Action& action) {
        const bool frees = row_of(action.kind).target == ActionTarget::mail;
        if (frees && succeeded(action))
            std::erase_if(record.held, [&](const HeldMail& mail) {
                return mail.queue_id == action.target;
            });
        add_event(record, {action.changed, "enforcer", title(action), action.detail});
        return txn.put_case(record);
    }

    template <class Target>
    static Result<void> raise(LedgerTxn& txn, const Target& target, const StandingRow& row) {
        BAILIFF_TRY(const auto now, txn.standing(target));
        if (now.standing >= row.standing && now.standing != Standing::active) return {};
        auto harsher = row;
        harsher.probation_until = now.probation_until;
        return txn.put_standing(target, harsher);
    }

    Result<void> write_standing(LedgerTxn& txn) const {
        const auto& action = what_.after;
        if (action.direction == Direction::undo) return {};
        const auto stands = standing_by(action.kind);
        if (stands == Standing::active) return {};
        const StandingRow row{stands, action.case_id, action.changed};
        return row_of(action.kind).target == ActionTarget::account
                   ? raise(txn, action.account, row)
                   : raise(txn, action.service, row);
    }

    // An undo has ended: the account at once, the service with the last undo of its case.
    Result<void> write_return(LedgerTxn& txn, const Case& record) const {
        const auto& action = what_.after;
        if (action.kind == ActionKind::account_suspend && (succeeded(action) || what_.also_held)) {
            BAILIFF_TRY(const auto row, txn.standing(action.account));
            if (row.case_id == action.case_id && row.standing != Standing::purged)
                BAILIFF_CHECK(txn.put_standing(
                    action.account, left_of(row, record, account_claim(), action.changed)));
        }
        BAILIFF_TRY(const auto siblings, txn.actions_of(action.case_id));
        const bool all = std::ranges::all_of(siblings, [](const Action& other) {
            return other.direction == Direction::act || is_final(other.state);
        });
        if (!all) return {};
        return lift_service(txn, record, action.changed);
    }

    /// Of the cases that no person has ended.
    [[nodiscard]] std::optional<CaseClaim> account_claim() const {
        std::vector<CaseClaim> claims;
        for (const auto& other : what_.others)
            claims.push_back(
                claim_of(what_.others, other.case_id, ActionTarget::account, what_.after.target));
        return harshest(claims);
    }

    // What stands behind an action that has been put off is put off with it; what it stops waits.
    Result<void> move_those_behind(LedgerTxn& txn, std::optional<Case>& record) const {
        const auto& action = what_.after;
        if (is_final(action.state)) return {};
        BAILIFF_TRY(const auto siblings, txn.actions_of(action.case_id));
        for (auto other : siblings) {
            if (other.state != ActionState::due || !is_behind(other, action)) continue;
            if (!blocks(action, {other.kind, other.direction})) continue;
            if (is_pending(action.state)) {
                if (other.due >= action.due) continue;
                other.due = action.due;
                BAILIFF_CHECK(txn.put_action(other));
                continue;
            }
            other.state = ActionState::waiting;
            other.changed = action.changed;
            other.detail = "after " + std::string(to_text(action.kind)) + ", which is " +
                           std::string(to_text(action.state));
            BAILIFF_CHECK(txn.put_action(other));
            BAILIFF_CHECK(txn.append_leaf(leaf_of(other)));
            if (record) BAILIFF_CHECK(note(txn, *record, other));
        }
        return {};
    }

    Settlement what_;
};

}  // namespace

Result<void> settle(Ledger& ledger, Settlement settlement) {
    const auto writing = std::make_shared<const Writing>(std::move(settlement));
    return ledger.update([writing](LedgerTxn& txn) { return writing->write(txn); })
        .within("recording the outcome");
}

Result<void> write_intent(Ledger& ledger, const Facts& facts, const Intent& intent) {
    std::optional<CaseState> state;
    if (facts.record) state = facts.record->state;
    return ledger
        .update([before = facts.action, intent, state](LedgerTxn& txn) -> Result<void> {
            BAILIFF_CHECK(still(txn, before));
            const auto& running = intent.running;
            BAILIFF_TRY(auto record, txn.find_case(before.case_id));
            if (record && record->state != state)
                return fail(Fault::invalid_input, "somebody has decided the case meanwhile");
            BAILIFF_CHECK(txn.put_action(running));
            BAILIFF_CHECK(relink(txn, before, intent.below, before.state_before));
            if (record && !intent.queue_ids.empty()) {
                for (const auto& id : intent.queue_ids) note_held(*record, {id, running.changed});
                BAILIFF_CHECK(txn.put_case(*record));
            }
            if (intent.count) BAILIFF_CHECK(txn.count_effect(*intent.count));
            crash_point("intent_unwritten");
            return {};
        })
        .within("writing the intent");
}

}  // namespace bailiff::outbox
