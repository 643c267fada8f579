#pragma once
// A report with everything in it, of people and machines that do not exist.

#include "src/report/report.hpp"

namespace bailiff {

[[nodiscard]] ReportFacts example_report();
/// Nothing known that need not be.
[[nodiscard]] ReportFacts bare_report();
/// Text that a hostile sender would choose, wherever a stranger's text can stand.
[[nodiscard]] ReportFacts hostile_report();

}  // namespace bailiff
