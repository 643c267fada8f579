#include "src/pipeline/erasure.hpp"

#include <algorithm>
#include <array>
#include <bailiff/crash_point.hpp>

#include "src/evidence/custody.hpp"
#include "src/evidence/exhibits.hpp"
#include "src/pipeline/case_notes.hpp"

namespace bailiff {
namespace {

constexpr std::string_view hold_set = "custody legal-hold set";
constexpr std::string_view hold_released = "custody legal-hold released";

struct Part {
    std::string_view name;
    std::string_view path;
};
constexpr std::array parts{Part{"content", message_path}, Part{"content", parts_path},
                           Part{"content", recipients_path}, Part{"holder", holder_path}};

Result<Case> case_of(const LedgerView& view, const CaseId& id) {
    BAILIFF_TRY(auto found, view.find_case(id));
    if (!found) return fail(Fault::not_found, "there is no case " + id.text());
    return *std::move(found);
}

/// The event in the case, and its leaf.
Result<void> write_down(LedgerTxn& txn, Case record, const CaseEvent& event,
                        const std::string& kind) {
    const auto id = record.id;
    add_decision_event(record, event);
    BAILIFF_CHECK(txn.put_case(record));
    BAILIFF_CHECK(txn.append_leaf(
        new_leaf(kind, id.text(),
                 id.text() + "\n" + event.what + "\n" + event.by + "\n" + event.reason, event.at)));
    return {};
}

Result<bool> part_is_left(const LedgerView& view, const CaseId& id, std::string_view path) {
    const auto bytes = path == message_path ? view.message(id) : view.exhibit(id, 0, path);
    if (bytes) return *bytes != erased_bytes;
    if (bytes.error().fault == Fault::not_found) return false;
    return Failure(bytes.error());
}

/// Whether there was anything to take away.
Result<bool> erase_part(LedgerTxn& txn, const CaseId& id, std::string_view path) {
    if (path == message_path) {
        const auto bytes = txn.message(id);
        if (!bytes || *bytes == erased_bytes) return false;
        BAILIFF_CHECK(txn.put_message(id, erased_bytes));
        return true;
    }
    const auto bytes = txn.exhibit(id, 0, path);
    if (!bytes || *bytes == erased_bytes) return false;
    BAILIFF_TRY(const auto listed, txn.exhibits(id, 0));
    const auto exhibit = std::ranges::find(listed, path, &Exhibit::path);
    if (exhibit == listed.end()) return false;
    BAILIFF_CHECK(txn.put_exhibit(id, 0, *exhibit, erased_bytes));
    return true;
}

}  // namespace

bool is_on_legal_hold(const Case& record) {
    bool held = false;
    for (const auto& event : record.events) {
        if (event.what == hold_set) held = true;
        if (event.what == hold_released) held = false;
    }
    return held;
}

Result<bool> is_left(const LedgerView& view, const CaseId& id, std::string_view what) {
    for (const auto& part : parts) {
        if (what != "all" && what != part.name) continue;
        BAILIFF_TRY(const bool left, part_is_left(view, id, part.path));
        if (left) return true;
    }
    return false;
}

Result<void> erase_evidence(LedgerTxn& txn, const CaseId& id, const DecidedBy& by, Instant now) {
    BAILIFF_TRY(auto record, case_of(txn, id));
    if (is_on_legal_hold(record))
        return fail(Fault::invalid_input, "the case is on legal hold: nothing of it is erased");
    bool known = false, any = false;
    for (const auto& part : parts) {
        if (by.what != "all" && by.what != part.name) continue;
        known = true;
        BAILIFF_TRY(const bool done, erase_part(txn, id, part.path));
        any = any || done;
        if (done) crash_point("erasure_begun");
    }
    if (!known) return fail(Fault::invalid_input, "expected content, holder or all");
    if (!any) return fail(Fault::invalid_input, "nothing of it is left to erase");
    crash_point("erasure_unwritten");
    const CaseEvent event{now, by.name, std::string(event_custody) + "erase " + by.what, by.reason};
    return write_down(txn, std::move(record), event, "erasure");
}

Result<void> hold_for_law(LedgerTxn& txn, const CaseId& id, const DecidedBy& by, Instant now) {
    BAILIFF_TRY(auto record, case_of(txn, id));
    const bool set = by.what == "set";
    if (!set && by.what != "released")
        return fail(Fault::invalid_input, "expected set or released");
    if (is_on_legal_hold(record) == set)
        return fail(Fault::invalid_input,
                    set ? "it is on legal hold already" : "it is not on legal hold");
    const CaseEvent event{now, by.name, std::string(set ? hold_set : hold_released), by.reason};
    return write_down(txn, std::move(record), event, "config");
}

}  // namespace bailiff
