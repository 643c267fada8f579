#pragma once
// The signer as the enforcer sees it: through its socket.

#include <bailiff/ports/signer.hpp>
#include <chrono>
#include <string>

#include "src/signer/signer_json.hpp"

namespace bailiff {

/// Threads  any; one connection a call.
class SignerClient final : public Signer {
public:
    explicit SignerClient(std::string socket,
                          std::chrono::milliseconds patience = std::chrono::seconds(5))
        : socket_(std::move(socket)), patience_(patience) {}

    /// Whether the role takes connections.
    [[nodiscard]] bool up() const;

    [[nodiscard]] Result<std::string> sign_bag(std::string_view tag_manifest) override;
    [[nodiscard]] Result<std::string> sign_checkpoint(const LogGrowth& growth) override;
    [[nodiscard]] Result<LastCheckpoint> last_checkpoint() override;

private:
    [[nodiscard]] Result<LastCheckpoint> ask(const SignerRequest& request) const;

    // Constant after construction.
    std::string socket_;
    std::chrono::milliseconds patience_;
};

}  // namespace bailiff
