#pragma once
// A case, its actions and their states, as stored.

#include <bailiff/action_kind.hpp>
#include <bailiff/attribution.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/ids.hpp>
#include <bailiff/submission.hpp>
#include <bailiff/verdict.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

enum class Mode : std::uint8_t { observe, enforce };
[[nodiscard]] constexpr std::string_view to_text(Mode mode) {
    return mode == Mode::enforce ? "enforce" : "observe";
}

enum class CaseState : std::uint8_t {
    open,        ///< nobody has decided yet
    released,    ///< a person: not spam; the mail may go
    rejected,    ///< a person: spam; the mail stays stopped
    reinstated,  ///< a person: the service comes back
};
[[nodiscard]] constexpr std::string_view to_text(CaseState state) {
    switch (state) {
        case CaseState::open:
            return "open";
        case CaseState::released:
            return "released";
        case CaseState::rejected:
            return "rejected";
        case CaseState::reinstated:
            return "reinstated";
    }
    return "";
}

/// One line of a case's history.
struct CaseEvent {
    Instant at{};
    std::string by;    ///< "milter", "enforcer", or a person's name
    std::string what;  ///< "opened", "joined", "action service.terminate: verified"
    std::string reason;
    bool operator==(const CaseEvent&) const = default;
};

/// A message of the case that stands in Postfix's hold queue.
struct HeldMail {
    std::string queue_id;
    Instant at{};
    bool judged = false;  ///< it is spam by its own verdict; else its service is stopped, no more
    bool operator==(const HeldMail&) const = default;
};

/// The file on one incident of one service. The raw message is stored beside it.
struct Case {
    CaseId id;
    Instant opened{};
    std::string path;  ///< "zero_tolerance", "compromised", "review"
    Mode mode = Mode::observe;
    CaseState state = CaseState::open;
    ServiceRef service;  ///< id empty: nobody could be named
    AccountId account;
    Strength strength = Strength::unknown;
    std::vector<Proof> proofs;
    Sentence attribution_reason;
    Verdict verdict;
    Envelope envelope;
    Digest fingerprint;     ///< of service, content, Message-ID, recipients: a retry joins by it
    Digest message_digest;  ///< SHA-256 of the stored raw message
    std::uint64_t message_size = 0;
    std::string rule_set;        ///< digest of the rule set that judged
    std::uint32_t messages = 1;  ///< how many messages joined, the first included
    std::vector<HeldMail> held;
    std::uint32_t held_uncounted = 0;  ///< beyond held_mails_per_case_max
    std::vector<CaseEvent> events;
    Instant probation_until{};  ///< of its service, once a person has reinstated it
};

/// Events of a case that say whether Postfix can have heard what we decided.
inline constexpr std::string_view event_reply_unknown = "reply_unknown";
inline constexpr std::string_view event_reply_known = "reply_known";

/// A named person has ordered that the data of a terminated service be destroyed.
inline constexpr std::string_view event_purge_approved = "purge approved";

/// A named person has put a milder act in the place of another: followed by "FROM to TO".
inline constexpr std::string_view event_edited = "edited ";

/// The case was committed after its caller had given up: nobody heard the verdict, and nothing is
/// enforced by it until a later message is answered, or a person upholds the case.
[[nodiscard]] inline bool is_reply_unknown(const Case& record) {
    bool unknown = false;
    for (const auto& event : record.events) {
        if (event.what == event_reply_unknown) unknown = true;
        if (event.what == event_reply_known) unknown = false;
    }
    return unknown;
}

enum class Direction : std::uint8_t { act, undo };
[[nodiscard]] constexpr std::string_view to_text(Direction direction) {
    return direction == Direction::act ? "act" : "undo";
}

/// src/enforce/README.md has the table of transitions.
enum class ActionState : std::uint8_t {
    due,        ///< decided; runs when its time has come
    running,    ///< intent is written, the hook may have been started
    verified,   ///< done, and the outside world says so
    done,       ///< done, as the hook says; it has no `state`
    dead,       ///< never, or attempts spent: a person must look
    unknown,    ///< nobody can tell whether it happened: a person must look
    waiting,    ///< stopped by a guard of the enforcer: budget, protection, stale directory
    cancelled,  ///< a person ended the case before it ran
    observed,   ///< mode observe: would have run
};
[[nodiscard]] constexpr std::string_view to_text(ActionState state) {
    switch (state) {
        case ActionState::due:
            return "due";
        case ActionState::running:
            return "running";
        case ActionState::verified:
            return "verified";
        case ActionState::done:
            return "done";
        case ActionState::dead:
            return "dead";
        case ActionState::unknown:
            return "unknown";
        case ActionState::waiting:
            return "waiting";
        case ActionState::cancelled:
            return "cancelled";
        case ActionState::observed:
            return "observed";
    }
    return "";
}

/// One step with an effect outside: idempotent, retried, checked afterwards.
struct Action {
    ActionId id;  ///< SHA-256 of case, direction, kind, target, generation
    CaseId case_id;
    ActionKind kind = ActionKind::notify_team;
    Direction direction = Direction::act;
    ServiceRef service;
    AccountId account;
    std::string target;            ///< service id, account id or queue id, by kind
    std::uint32_t sequence = 0;    ///< order within the case
    std::uint32_t generation = 0;  ///< a later decision on the same target counts up
    ActionState state = ActionState::due;
    std::uint32_t attempts = 0;
    Instant due{};
    Instant changed{};
    std::string state_before;  ///< what the hook's `state` said before we acted
    std::string detail;        ///< last outcome, one line
    bool operator==(const Action&) const = default;
};

}  // namespace bailiff
