#pragma once
// What a named person may do with a case: all that `bailiff case` and the console know.

#include <bailiff/ports/ledger.hpp>
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

enum class Decision : std::uint8_t { release, reject, reinstate };
[[nodiscard]] constexpr std::string_view to_text(Decision decision) {
    switch (decision) {
        case Decision::release: return "release";
        case Decision::reject: return "reject";
        case Decision::reinstate: return "reinstate";
    }
    return "";
}

/// Who decides, and why: both are required.
struct DecidedBy {
    std::string name;
    std::string reason;
};

/// Threads  any. Errors: not_found, invalid_input (a decision that this case does not allow).
class Desk {
public:
    virtual ~Desk() = default;
    [[nodiscard]] virtual Result<std::vector<Case>> list(const CaseFilter& filter) const = 0;
    [[nodiscard]] virtual Result<CaseFile> show(const CaseId& id) const = 0;
    [[nodiscard]] virtual Result<std::string> message(const CaseId& id) const = 0;
    /// Returns the case as it stands afterwards.
    [[nodiscard]] virtual Result<CaseFile> decide(const CaseId& id, Decision decision,
                                                  const DecidedBy& by) = 0;
    [[nodiscard]] virtual Result<ActionBreaker> breaker() const = 0;
    /// Closes it: budgets count anew; what waits goes on waiting for its own decision.
    /// Returns the breaker as it stands afterwards.  Errors   invalid_input: it is not open.
    [[nodiscard]] virtual Result<ActionBreaker> reset_breaker(const DecidedBy& by) = 0;
};

}  // namespace bailiff
