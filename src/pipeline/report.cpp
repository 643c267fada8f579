#include "src/pipeline/report.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace bailiff {
namespace {

/// Counts cases one by one.
class Counting {
public:
    Result<void> take(const LedgerView& view, const Case& record) {
        ++report_.cases;
        report_.messages += record.messages;
        if (!record.service.id.empty()) services_.insert(record.service);
        if (!record.account.empty()) accounts_.insert(record.account);
        ++paths_[{record.path, record.mode}];
        for (const auto& finding : record.verdict.findings)
            if (finding.score > 0) ++rules_[finding.symbol];
        BAILIFF_TRY(const auto actions, view.actions_of(record.id));
        for (const auto& action : actions)
            ++actions_[{action.kind, action.direction, action.state}];
        return {};
    }

    Report end() && {
        report_.services = services_.size();
        report_.accounts = accounts_.size();
        for (const auto& [key, count] : paths_)
            report_.paths.push_back({key.first, key.second, count});
        for (const auto& [key, count] : actions_)
            report_.actions.push_back(
                {std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
        for (const auto& [rule, count] : rules_) report_.rules.push_back({rule, count});
        most_first(report_.paths);
        most_first(report_.actions);
        most_first(report_.rules);
        if (report_.rules.size() > report_rules_max) report_.rules.resize(report_rules_max);
        return std::move(report_);
    }

private:
    template <class Rows>
    static void most_first(Rows& rows) {
        std::ranges::stable_sort(rows, std::greater{}, [](const auto& row) { return row.count; });
    }

    Report report_;
    std::set<ServiceRef> services_;
    std::set<AccountId> accounts_;
    std::map<std::pair<std::string, Mode>, std::uint64_t> paths_;
    std::map<std::tuple<ActionKind, Direction, ActionState>, std::uint64_t> actions_;
    std::map<std::string, std::uint64_t> rules_;
};

}  // namespace

Result<Report> report_of(const LedgerView& view, Instant since) {
    BAILIFF_TRY(const auto cases, view.cases({.since = since, .count = report_cases_max}));
    Counting counting;
    for (const auto& record : cases) BAILIFF_CHECK(counting.take(view, record));
    auto report = std::move(counting).end();
    report.cut = cases.size() == report_cases_max;
    return report;
}

}  // namespace bailiff
