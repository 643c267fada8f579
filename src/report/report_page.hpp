#pragma once
// The report of a case, section by section, in both languages at once.

#include "src/report/page.hpp"
#include "src/report/report.hpp"

namespace bailiff {

[[nodiscard]] page::Page page_of(const ReportFacts& facts);

namespace page {

// report_events.cpp
[[nodiscard]] Section what_happened(const ReportFacts& facts);
[[nodiscard]] Section timeline(const ReportFacts& facts);
[[nodiscard]] Section measures(const ReportFacts& facts);
// report_origin.cpp
[[nodiscard]] Section origin(const ReportFacts& facts);
[[nodiscard]] Section session(const ReportFacts& facts);
[[nodiscard]] Section message(const ReportFacts& facts);
[[nodiscard]] Section holder(const ReportFacts& facts);
// report_proof.cpp
[[nodiscard]] Section verdict(const ReportFacts& facts);
// report_custody.cpp
[[nodiscard]] Section withheld(const ReportFacts& facts);
[[nodiscard]] Section limits(const ReportFacts& facts);
[[nodiscard]] Section evidence(const ReportFacts& facts);
[[nodiscard]] Section checks(const ReportFacts& facts);

[[nodiscard]] inline Sentence not_recorded() {
    return {"not recorded", "non enregistré"};
}

/// The value, or that there is none.
[[nodiscard]] inline Cell value_or_none(const std::string& text) {
    return text.empty() ? prose(not_recorded()) : value(text);
}

}  // namespace page
}  // namespace bailiff
