#pragma once
// The covering report of a disclosure: what stands in the ledger, as a reader is told it.

#include <bailiff/ports/ledger.hpp>
#include <array>
#include <string>

#include "src/report/report.hpp"

namespace bailiff {

/// Who writes it, and how it is sealed.
struct CoverNames {
    std::string node;
    std::string software;
    std::string identity;
    std::string log_origin;
};

/// What of tiers 1 to 4 goes out with it; the report tells nothing of the others.
using TierChoice = std::array<bool, 4>;

/// Of the case as it stands now.  Errors   not_found.
[[nodiscard]] Result<ReportFacts> cover_facts(const LedgerView& view, const CaseId& id,
                                              const CoverNames& names, const TierChoice& tiers,
                                              Instant now);

}  // namespace bailiff
