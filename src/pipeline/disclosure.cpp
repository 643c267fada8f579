#include "src/pipeline/disclosure.hpp"

#include "src/evidence/custody.hpp"
#include "src/pipeline/case_notes.hpp"

namespace bailiff {
namespace {

std::string what_of(const Disclosure& disclosure) {
    const bool looks = disclosure.profile == profile_view;
    return std::string(event_custody) + (looks ? "view" : "export " + disclosure.profile);
}

std::string reason_of(const Disclosure& disclosure) {
    auto reason = disclosure.reason;
    if (!disclosure.reference.empty()) reason += "; reference " + disclosure.reference;
    if (!disclosure.recipient.empty()) reason += "; to " + disclosure.recipient;
    return reason;
}

}  // namespace

Result<void> check_disclosure(const Disclosure& disclosure) {
    if (disclosure.by.empty() || disclosure.reason.empty() || disclosure.profile.empty())
        return fail(Fault::invalid_input, "a disclosure names who, why and which profile");
    return {};
}

Result<std::uint64_t> note_disclosure(LedgerTxn& txn, const CaseId& id,
                                      const Disclosure& disclosure, Instant now) {
    BAILIFF_TRY(auto record, txn.find_case(id));
    if (!record) return fail(Fault::not_found, "there is no case " + id.text());
    const CaseEvent event{now, disclosure.by, what_of(disclosure), reason_of(disclosure)};
    add_decision_event(*record, event);
    BAILIFF_CHECK(txn.put_case(*record));
    return txn.append_leaf(new_leaf("disclosure", id.text(),
                                    id.text() + "\n" + event.what + "\n" + event.by + "\n" +
                                        event.reason + "\n" + to_rfc3339(now),
                                    now));
}

Result<void> check_leaf(const LedgerView& view, const CaseId& id, std::uint64_t leaf, Instant now) {
    BAILIFF_TRY(const auto leaves, view.leaves(leaf, 1));
    const bool is_it = leaves.size() == 1 && leaves[0].kind == "disclosure" &&
                       leaves[0].subject == id.text() && now - leaves[0].at < disclosure_lasts;
    if (!is_it)
        return fail(Fault::invalid_input,
                    "nothing is handed out before it is written down for whom and why");
    return {};
}

}  // namespace bailiff
