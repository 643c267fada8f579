#include "src/panel/way_back.hpp"

#include "src/panel/form.hpp"
#include "src/panel/standing.hpp"

#include <algorithm>

namespace bailiff::panel {
namespace {

using Do = WayBack::Do;

bool is_of_account(const Order& order) {
    return row_of(order.kind).target == ActionTarget::account;
}

bool knows(const Order& order, const std::string& case_id) {
    return case_id == order.case_id.text() ||
           std::ranges::any_of(order.others, [&](const OtherClaim& other) {
               return other.case_id.text() == case_id;
           });
}

/// Another case that no person has ended.
bool stands(const Order& order, const std::string& case_id) {
    return std::ranges::any_of(order.others, [&](const OtherClaim& other) {
        return other.case_id.text() == case_id && other.standing != Standing::active;
    });
}

/// What somebody else's suspension said, below all that cases of ours have written over it.
std::string reason_of_others(const Order& order, std::string reason) {
    for (auto own = read_reason(reason); own && knows(order, own->case_id);
         own = read_reason(reason))
        reason = own->before;
    return reason;
}

WayBack leave(std::string why) {
    return {.what = Do::nothing, .why = std::move(why), .reason = {}};
}

/// Not ours to lift. Of an account's services those that others have stopped are none of ours; and
/// beside other cases nobody can tell by the state before whether this was there before all.
WayBack left_alone(const Order& order, const Look& look) {
    const auto said = "\"" + as_said(look.reason) + "\"";
    const bool was_so = order.state_before == state_of(look, order.kind);
    if (is_of_account(order) || was_so || !order.others.empty())
        return leave("is left as it is: " + said);
    return {.what = Do::refuse,
            .why = "is stopped for another reason than this case and left alone: " + said,
            .reason = {}};
}

bool is_ours_to_lift(const Order& order, const Look& look, const OwnReason& own) {
    if (own.case_id == order.case_id.text() && own.meaning != meaning_of(order.kind)) return false;
    return !order.others.empty() || state_of(look, order.kind) != order.state_before;
}

}  // namespace

WayBack way_back(const Order& order, const Look& look, std::span<const OtherClaim> claims) {
    if (look.stand == Look::Stand::active) return leave("is active already");
    if (look.stand != Look::Stand::suspended) {
        auto back = leave("is " + state_of(look, order.kind) + " and left alone");
        if (!is_of_account(order)) back.what = Do::refuse;
        return back;
    }
    const auto own = own_reason(look);
    if (!own || !knows(order, own->case_id)) return left_alone(order, look);
    if (own->case_id != order.case_id.text() && stands(order, own->case_id))
        return leave("is left to case " + own->case_id + ", which stands");
    if (is_of_account(order) && own->meaning == Meaning::terminated)
        return leave("is left to the way back of its termination");
    if (!is_ours_to_lift(order, look, *own)) return left_alone(order, look);

    WayBack back{.what = Do::lift, .why = {}, .reason = reason_of_others(order, own->before)};
    back.lets_mail_go = own->meaning == Meaning::terminated && !own->mail_was_stopped;
    const auto claim = std::ranges::max_element(claims, {}, &OtherClaim::standing);
    if (claim != claims.end() && claim->standing >= Standing::suspended) {
        const bool terminated = claim->standing >= Standing::terminated;
        back.lets_mail_go = back.lets_mail_go && !terminated;
        back.reason = reason_text({.meaning = terminated ? Meaning::terminated : Meaning::suspended,
                                   .case_id = claim->case_id.text(),
                                   .before = back.reason,
                                   .mail_was_stopped = terminated && own->mail_was_stopped});
    }
    if (!back.reason.empty()) back.what = Do::relabel;
    const bool says_nothing = own->before.empty() && order.others.empty();
    if (says_nothing && order.state_before == "suspended" && !is_of_account(order))
        return {.what = Do::refuse,
                .why = "was suspended before, and its reason does not say why",
                .reason = {}};
    return back;
}

}  // namespace bailiff::panel
