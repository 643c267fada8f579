#pragma once

#include <string>

#include "src/pipeline/judgement.hpp"

namespace bailiff {

/// One object on one line; the format is in README.md of this folder.
[[nodiscard]] std::string explained_json(const std::string& file, const Judgement& judgement);

/// The same in sentences, for a person.
[[nodiscard]] std::string explained_text(const std::string& file, const Judgement& judgement,
                                         Language language);

}  // namespace bailiff
