#pragma once
// What really was sent, said and decided in one world; the code under test sees none of it.

#include <bailiff/case.hpp>
#include <bailiff/ports/desk.hpp>
#include <bailiff/settings.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "tests/simulation/sky.hpp"

namespace bailiff::simulation {

/// One message, as its sender knows it.
struct Sent {
    ServiceRef sender;
    bool is_proof = false;    ///< vouched for by the MTA, spam by two witnesses, judged in time
    bool has_script = false;  ///< a header names one
};

struct Truth {
    std::map<std::string, Sent> sent;        ///< by queue id
    std::map<CaseId, std::size_t> promised;  ///< named in a reply: with how many actions
    std::map<CaseId, CaseState> decided;     ///< a person was told that it is so
    std::set<CaseId> perhaps_undone;         ///< a person asked for it, and was told nothing
    std::set<CaseId> orphans;                ///< named by forged actions, and do not exist
    std::set<CaseId> purges_ordered;         ///< a person did, or may have been heard
    std::set<CaseId> purges_promised;        ///< a person was told that it is so
    std::map<std::string, std::vector<PathStep>> paths;
    Mode mode = Mode::enforce;  ///< of the enforcer
    std::int64_t actions_per_hour = 0;
    Duration claim_window{0};
    Duration breaker_closed{0};        ///< by a person; budgets count from then on
    Duration clock_set{0};             ///< by how much at most
    bool restarted_after_set = false;  ///< then a budget may be spent twice (pipeline/README.md)
    std::map<ActionId, Duration> started;  ///< acts on customers, by their first call
};

}  // namespace bailiff::simulation
