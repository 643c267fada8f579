#pragma once
// What was ended at the panel, by which case and since when; and what may therefore be destroyed.
// The oracle's own rules: it shares none with the source.

#include <bailiff/ports/effect.hpp>
#include <bailiff/ports/ledger.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/simulation/panel.hpp"
#include "tests/simulation/tenants.hpp"
#include "tests/simulation/truth.hpp"

namespace bailiff::simulation {

class Purges {
public:
    Purges(const Truth& truth, Sky& sky) : truth_(truth), sky_(sky) {}

    /// The panel is called: may these data be destroyed; or this be done to what is destroyed?
    void see(const Order& order, Direction direction, const Panel& panel);
    /// A service stands otherwise at the panel: `by` this case, or (empty) by hand.
    void changed(const CaseId& by, const std::string& service, const std::string& now);
    /// A new customer has the id.
    void given_away(const std::string& service) { graves_.erase(service); }
    /// What was ordered is there, and what is destroyed is known to be so.
    void check_end(const LedgerView& view, const Tenants& tenants, const Panel& panel) const;

private:
    struct Grave {
        std::optional<Duration> ended;  ///< terminated since then
        std::set<CaseId> by;            ///< whoever has ended it since
        std::set<CaseId> tried;         ///< whoever has asked for it, heard or not
        bool back_by_hand = false, ended_again = false;
        bool destroyed = false;
    };
    [[nodiscard]] std::string why_not_decided(const CaseId& id) const;
    [[nodiscard]] std::string why_not_ended(const CaseId& id, const Grave& grave) const;
    [[nodiscard]] bool let_go(const CaseId& id) const;

    const Truth& truth_;
    Sky& sky_;
    std::map<std::string, Grave> graves_;  ///< by service id
};

}  // namespace bailiff::simulation
