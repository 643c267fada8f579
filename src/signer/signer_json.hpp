#pragma once
// What is said over the socket of the signer. README.md has the format.

#include <bailiff/ports/signer.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace bailiff {

enum class SignerVerb : std::uint8_t { bag, checkpoint, last };

struct SignerRequest {
    SignerVerb verb = SignerVerb::last;
    std::string tag_manifest;  ///< of `bag`
    LogGrowth growth;          ///< of `checkpoint`
};

[[nodiscard]] std::string to_json(const SignerRequest& request);
/// Errors   invalid_input: what was expected instead.
[[nodiscard]] Result<SignerRequest> signer_request_from_json(std::string_view text);

/// `size` is told where it is not 0.
[[nodiscard]] std::string signer_answer_json(const Result<LastCheckpoint>& answer);
/// Errors   those of the role; internal: no such answer.
[[nodiscard]] Result<LastCheckpoint> signer_answer_from_json(std::string_view text);

}  // namespace bailiff
