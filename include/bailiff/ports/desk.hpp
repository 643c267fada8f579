#pragma once
// What a named person may do with a case: all that `bailiff case` and the console know.

#include <bailiff/ports/ledger.hpp>
#include <bailiff/retention.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// A case with all that belongs to it.
struct CaseFile {
    Case record;
    std::vector<Action> actions;
    StandingRow service_standing;
    StandingRow account_standing;
};

/// What has been decided since some moment, in figures.
struct Report {
    struct Paths {
        std::string path;
        Mode mode = Mode::observe;
        std::uint64_t count = 0;  ///< cases
    };
    struct Actions {
        ActionKind kind = ActionKind::notify_team;
        Direction direction = Direction::act;
        ActionState state = ActionState::due;
        std::uint64_t count = 0;
    };
    struct Rules {
        std::string rule;
        std::uint64_t count = 0;  ///< cases in which it weighs
    };
    std::uint64_t cases = 0, messages = 0, services = 0, accounts = 0;
    std::vector<Paths> paths;      ///< most first, all three
    std::vector<Actions> actions;
    std::vector<Rules> rules;      ///< at most report_rules_max
    bool cut = false;              ///< more cases than report_cases_max: the newest only
};
inline constexpr std::size_t report_cases_max = 100'000;
inline constexpr std::size_t report_rules_max = 50;

enum class Decision : std::uint8_t {
    release, reject, reinstate, purge, retry, confirm, drop, edit, erase, legal_hold
};
[[nodiscard]] constexpr std::string_view to_text(Decision decision) {
    switch (decision) {
        case Decision::release: return "release";
        case Decision::reject: return "reject";
        case Decision::reinstate: return "reinstate";
        case Decision::purge: return "purge";
        case Decision::retry: return "retry";
        case Decision::confirm: return "confirm";
        case Decision::drop: return "drop";
        case Decision::edit: return "edit";
        case Decision::erase: return "erase";
        case Decision::legal_hold: return "legal-hold";
    }
    return "";
}

/// About what is kept of a case, not about what becomes of anybody.
[[nodiscard]] constexpr bool is_of_evidence(Decision decision) {
    return decision == Decision::erase || decision == Decision::legal_hold;
}

/// Whether it needs to be said what it is about: the path of `confirm`, the kind of action of
/// `drop`, the part of `erase`, set or released of `legal-hold`, of `edit` also what stands in
/// for it ("service.terminate to service.suspend").
[[nodiscard]] constexpr bool needs_what(Decision decision) {
    return decision == Decision::confirm || decision == Decision::drop ||
           decision == Decision::edit || is_of_evidence(decision);
}

/// Who decides, and why: both are required.
struct DecidedBy {
    std::string name;
    std::string reason;
    std::string what{};  ///< where needs_what(); else empty
};

/// Why something of a case is opened, or leaves the house.
struct Disclosure {
    std::string by;         ///< a person's name
    std::string reason;
    std::string profile;    ///< "authority", "court", ...; profile_view: somebody looks
    std::string reference;  ///< of whoever asks for it; may be empty
    std::string recipient;  ///< may be empty
};
inline constexpr std::string_view profile_view = "view";

/// All seals of a case, and the leaf under which its files may be read for an hour.
struct Disclosed {
    std::vector<Seal> seals;
    std::uint64_t leaf = 0;
};

/// Threads  any. Errors: not_found, invalid_input (a decision that this case does not allow).
class Desk {
public:
    virtual ~Desk() = default;
    [[nodiscard]] virtual Result<std::vector<Case>> list(const CaseFilter& filter) const = 0;
    [[nodiscard]] virtual Result<CaseFile> show(const CaseId& id) const = 0;
    /// Writes down who gets what and why, seals that with all the case has, and publishes the log.
    [[nodiscard]] virtual Result<Disclosed> disclose(const CaseId& id,
                                                     const Disclosure& disclosure) = 0;
    /// One file of a bag, by its path below data/, as it is stored: perhaps sealed.
    [[nodiscard]] virtual Result<std::string> exhibit(const CaseId& id, std::uint32_t bag,
                                                      const std::string& path,
                                                      std::uint64_t leaf) const = 0;
    /// The covering report of a disclosure: HTML that tells of these tiers ("134") and no other.
    [[nodiscard]] virtual Result<std::string> cover(const CaseId& id, const std::string& tiers,
                                                    Language language,
                                                    std::uint64_t leaf) const = 0;
    /// Returns the case as it stands afterwards.
    [[nodiscard]] virtual Result<CaseFile> decide(const CaseId& id, Decision decision,
                                                  const DecidedBy& by) = 0;
    /// Of cases opened at or after `since`. In mode observe: what would have been done.
    [[nodiscard]] virtual Result<Report> report(Instant since) const = 0;
    [[nodiscard]] virtual Result<ActionBreaker> breaker() const = 0;
    /// Closes it: budgets count anew; what waits goes on waiting for its own decision.
    /// Returns the breaker as it stands afterwards.  Errors   invalid_input: it is not open.
    [[nodiscard]] virtual Result<ActionBreaker> reset_breaker(const DecidedBy& by) = 0;
    /// What is due to be erased, what next, what is held back. Looks at all cases.
    [[nodiscard]] virtual Result<RetentionReport> retention() const = 0;
    /// Erases what is due, of every kind and beyond the job's budget: one step of it.
    /// Errors   invalid_input: the clock is not to be believed.
    [[nodiscard]] virtual Result<RetentionRun> run_retention(const DecidedBy& by,
                                                             const RetentionStep& step) = 0;
};

}  // namespace bailiff
