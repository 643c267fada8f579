#include "src/decide/lenience.hpp"

#include <algorithm>
#include <cstdio>

namespace bailiff {
namespace {

bool is_about(const AllowRow& row, const Attribution& attribution) {
    if (!attribution.service || attribution.strength != Strength::proven) return false;
    const auto& service = *attribution.service;
    return (!row.service.empty() || !row.account.empty()) &&
           (row.service.empty() || row.service == service.id.text()) &&
           (row.account.empty() || row.account == service.account.text());
}

std::string points(MilliPoints score) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(score) / 1000.0);
    return text;
}

/// A finding becomes a state: it is told, and weighs nothing.
void take_weight(Findings& findings, const std::vector<std::string>& symbols,
                 const std::string& why) {
    for (auto& finding : findings) {
        if (finding.families.empty()) continue;
        if (std::ranges::find(symbols, finding.symbol) == symbols.end()) continue;
        finding = state_finding(
            finding.symbol, why + ", would weigh " + points(finding.score) + ": " + finding.reason);
    }
}

Sentence until(const AllowRow& row) {
    const auto day = to_rfc3339(row.until - std::chrono::milliseconds(1)).substr(0, 10);
    return Sentence{" until " + day + " (" + row.reason + ")",
                    " jusqu'au " + day + " (" + row.reason + ")"};
}

}  // namespace

Lenience be_lenient(const Policy& policy, const Attribution& attribution, Instant at,
                    Findings& findings) {
    take_weight(findings, policy.observed, "only observed");
    Lenience lenience;
    for (const auto& row : policy.allow) {
        if (!is_about(row, attribution)) continue;
        if (at >= row.until) {
            lenience.expired.push_back(Sentence{"An allowance held", "Une tolérance a valu"} +
                                       until(row) +
                                       Sentence{"; it is over.", " ; elle est échue."});
            continue;
        }
        if (!row.symbols.empty()) {
            take_weight(findings, row.symbols, "allowed" + until(row).en);
            continue;
        }
        lenience.whole = true;
        lenience.reason = until(row);
    }
    return lenience;
}

}  // namespace bailiff
