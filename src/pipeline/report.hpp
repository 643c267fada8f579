#pragma once

#include <bailiff/ports/desk.hpp>

namespace bailiff {

/// All cases opened at or after `since`, counted.
[[nodiscard]] Result<Report> report_of(const LedgerView& view, Instant since);

}  // namespace bailiff
