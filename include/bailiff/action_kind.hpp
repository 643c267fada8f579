#pragma once
// What an action may do, one row a kind: all that the program knows of it is derived from here.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace bailiff {

/// What an action does. Names and numbers are format: configuration, hook contract, records.
enum class ActionKind : std::uint8_t {
    service_terminate = 1,
    account_suspend = 2,
    credential_reset = 3,
    notify_team = 4,
    queue_release = 5,
    queue_delete = 6,
    queue_hold = 7,
    service_suspend = 8,
    service_purge = 9,
    script_block = 10,
    notify_holder = 11,
    ticket_open = 12,
    exec = 13,
    webhook = 14,
};

/// What an action is done to.
enum class ActionTarget : std::uint8_t { service, account, mail };

/// How far an action reaches, and what must therefore stand behind it.
enum class Reach : std::uint8_t {
    tells,     ///< nobody loses anything by it
    mail,      ///< mail is stopped, freed or deleted
    customer,  ///< a service or account changes: proof, protection and budgets count
};

struct ActionKindRow {
    ActionKind kind;
    std::string_view name;
    ActionTarget target;
    Reach reach;
    bool can_be_undone;         ///< a sent notice, a new password and destroyed data stay
    std::string_view wanted;    ///< the state outside after it, in the words of the hook contract
};

// clang-format off
inline constexpr auto action_kind_table = [] {
    using K = ActionKind;
    using T = ActionTarget;
    using R = Reach;
    using Row = ActionKindRow;
    return std::array{
        Row{K::service_terminate, "service.terminate", T::service, R::customer, true, "terminated"},
        Row{K::account_suspend, "account.suspend", T::account, R::customer, true, "suspended"},
        Row{K::credential_reset, "credential.reset", T::service, R::customer, false, "reset"},
        Row{K::notify_team, "notify.team", T::service, R::tells, false, "sent"},
        Row{K::queue_release, "queue.release", T::mail, R::mail, false, "released"},
        Row{K::queue_delete, "queue.delete", T::mail, R::mail, false, "deleted"},
        Row{K::queue_hold, "queue.hold", T::service, R::mail, false, "held"},
        Row{K::service_suspend, "service.suspend", T::service, R::customer, true, "suspended"},
        Row{K::service_purge, "service.purge", T::service, R::customer, false, "purged"},
        Row{K::script_block, "script.block", T::service, R::customer, true, "blocked"},
        Row{K::notify_holder, "notify.holder", T::service, R::tells, false, "sent"},
        Row{K::ticket_open, "ticket.open", T::service, R::tells, false, "opened"},
        Row{K::exec, "exec", T::service, R::customer, true, "done"},
        Row{K::webhook, "webhook", T::service, R::tells, false, "sent"},
    };
}();
// clang-format on

/// Every kind there is, in the order of their numbers.
inline constexpr auto action_kinds = [] {
    std::array<ActionKind, action_kind_table.size()> kinds{};
    std::ranges::transform(action_kind_table, kinds.begin(), &ActionKindRow::kind);
    return kinds;
}();
static_assert(static_cast<std::size_t>(action_kinds.back()) == action_kinds.size());

[[nodiscard]] constexpr const ActionKindRow& row_of(ActionKind kind) {
    return action_kind_table.at(static_cast<std::size_t>(kind) - 1);
}

[[nodiscard]] constexpr std::string_view to_text(ActionKind kind) {
    return row_of(kind).name;
}

/// Whether the kind acts on a service or account: proof, protection and budgets count for it.
[[nodiscard]] constexpr bool touches_customer(ActionKind kind) {
    return row_of(kind).reach == Reach::customer;
}

/// Whether the kind acts on the mail queue.
[[nodiscard]] constexpr bool is_of_queue(ActionKind kind) {
    return row_of(kind).reach == Reach::mail;
}

/// Whether it takes something from a customer, be it for a while: a proven attribution, its path
/// and the directory must bear it.
[[nodiscard]] constexpr bool needs_proof(ActionKind kind) {
    return touches_customer(kind) || kind == ActionKind::queue_hold;
}

/// Whether there is a way back.
[[nodiscard]] constexpr bool can_be_undone(ActionKind kind) {
    return row_of(kind).can_be_undone;
}

}  // namespace bailiff
