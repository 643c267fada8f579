#pragma once
// Carries out one action with a deadline; and looks whether it holds.

#include <bailiff/case.hpp>
#include <bailiff/ports/mail_queue.hpp>
#include <bailiff/result.hpp>
#include <bailiff/service.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

/// What another case of the same account has done to a service or to the account, and how it has
/// that stand now.
struct OtherClaim {
    CaseId case_id;
    ActionTarget what = ActionTarget::service;
    std::string target;
    Standing standing = Standing::active;  ///< active: a person has ended it, it wants nothing more
    bool operator==(const OtherClaim&) const = default;
};

/// What a hook is told. src/enforce/README.md has the contract.
struct Order {
    ActionId action_id;
    CaseId case_id;
    ActionKind kind = ActionKind::notify_team;
    Direction direction = Direction::act;
    AccountId account;
    ServiceId service;
    std::string target;
    std::string state_before;
    std::string reason;  ///< case id and path; no personal data
    Mode mode = Mode::enforce;
    Instant decided{};     ///< when the case was opened
    QueueIds queue_ids{};  ///< `queue.hold`: what the case names; nothing else is touched
    std::vector<OtherClaim> others{};  ///< an undo: what is left for the hook to take back or keep
};

struct Outcome {
    enum class Kind : std::uint8_t {
        done,     ///< exit 0
        retry,    ///< exit 75, or it could not be started
        never,    ///< exit 65
        unknown,  ///< deadline, signal, any other exit: it may have happened
    };
    Kind kind = Kind::unknown;
    std::string detail;  ///< one line, bounded
    /// `done` as far as can be seen; what comes late is looked for once more after this long.
    std::optional<std::chrono::milliseconds> look_again{};
};

/// Threads  any. Blocks until the deadline of the hook and its grace have passed.
class Effect {
public:
    virtual ~Effect() = default;
    [[nodiscard]] virtual bool knows(ActionKind kind) const = 0;
    [[nodiscard]] virtual Outcome act(const Order& order) = 0;
    [[nodiscard]] virtual Outcome undo(const Order& order) = 0;
    /// The queued messages that act() would touch: named in the case before it is called.
    /// Errors   unavailable: cannot be told now.
    [[nodiscard]] virtual Result<QueueIds> concerns(const Order&) { return QueueIds{}; }
    /// The state outside: "active", "suspended", ...; nothing: it has no `state` or does not know.
    /// Errors   unavailable: it has one, but gave no answer now.
    [[nodiscard]] virtual Result<std::optional<std::string>> state(const Order& order) = 0;
};

}  // namespace bailiff
