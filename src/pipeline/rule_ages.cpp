#include "src/pipeline/rule_ages.hpp"

#include <memory>

namespace bailiff {

Result<std::size_t> note_rules(Ledger& ledger, const std::vector<Atom>& rules, Instant now) {
    const auto changed = std::make_shared<std::vector<Atom>>();
    const auto looked = ledger.read([&](const LedgerView& view) -> Result<void> {
        for (const auto& rule : rules) {
            const auto before = view.rule_age(rule.symbol);
            if (!before && before.error().fault != Fault::corrupt) return Failure(before.error());
            const bool same = before && *before && (*before)->digest == rule.definition;
            if (!same) changed->push_back(rule);
        }
        return {};
    });
    if (!looked) return Failure(looked.error());
    if (changed->empty()) return std::size_t{0};
    const auto written = ledger.update([changed, now](LedgerTxn& txn) -> Result<void> {
        for (const auto& rule : *changed)
            BAILIFF_CHECK(txn.put_rule_age(rule.symbol, {rule.definition, now}));
        return {};
    });
    if (!written) return Failure(written.error());
    return changed->size();
}

}  // namespace bailiff
