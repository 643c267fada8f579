#pragma once
// The signer's side of its socket.

#include <bailiff/ports/signer.hpp>
#include <string>
#include <string_view>

namespace bailiff {

/// The answer of `signer` to one question, whatever its bytes are.
[[nodiscard]] std::string answer_of(Signer& signer, std::string_view question);

}  // namespace bailiff
