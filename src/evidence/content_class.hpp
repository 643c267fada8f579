#pragma once
// What kind of content a case is about, as far as the names of its findings tell.

#include <bailiff/case.hpp>
#include <string_view>

namespace bailiff {

/// "phishing", "fraud", "malware", "spam_commercial", "backscatter" or "other": the kind whose
/// findings weigh most; "compromised_account" on that path. A candidate for a person to judge by:
/// nothing is decided by it.
[[nodiscard]] std::string_view content_class(const Case& record);

}  // namespace bailiff
