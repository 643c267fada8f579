#pragma once

#include <string>
#include <vector>

#include "src/replay/answer.hpp"

namespace bailiff {

/// The answer of a replay, and what differs from the configuration in force, a line each.
/// Shape    README.md of this folder.
[[nodiscard]] std::string replayed_json(const Answer& answer,
                                        const std::vector<std::string>& differences);

/// The same for a person; at most a hundred services of each kind.
[[nodiscard]] std::string replayed_text(const Answer& answer,
                                        const std::vector<std::string>& differences);

}  // namespace bailiff
