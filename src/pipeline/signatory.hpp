#pragma once
// What is signed, and what never.

#include <bailiff/ed25519.hpp>
#include <bailiff/ports/signer.hpp>
#include <functional>
#include <string>
#include <vector>

namespace bailiff {

/// The signed note of the last checkpoint, kept where only the signer writes.
class LastNote {
public:
    virtual ~LastNote() = default;
    /// Empty: none was ever kept.
    [[nodiscard]] virtual Result<std::string> read() const = 0;
    /// Durable when it returns.
    [[nodiscard]] virtual Result<void> keep(const std::string& note) = 0;
};

/// Signs every tag manifest it is given, and a checkpoint only of a log that has grown out of the
/// one signed last: that is kept first and given away second, so that a crash in between forgets
/// nothing. Two checkpoints of one log always agree, whoever asks and whatever he shows.
class Signatory final : public Signer {
public:
    struct Names {
        std::string evidence;  ///< identity and namespace of SSH signatures
        std::string log;       ///< origin of the log, and name of its keys
    };
    /// `bag_key` signs bags; all of `log_keys` sign checkpoints: two while one follows the other.
    Signatory(Names names, SigningKey bag_key, std::vector<SigningKey> log_keys, LastNote& last)
        : names_(std::move(names)),
          bag_key_(std::move(bag_key)),
          log_keys_(std::move(log_keys)),
          last_(last) {}

    [[nodiscard]] Result<std::string> sign_bag(std::string_view tag_manifest) override;
    [[nodiscard]] Result<std::string> sign_checkpoint(const LogGrowth& growth) override;
    [[nodiscard]] Result<LastCheckpoint> last_checkpoint() override;

private:
    [[nodiscard]] Result<void> must_be_grown(const LogGrowth& growth) const;

    const Names names_;
    const SigningKey bag_key_;
    const std::vector<SigningKey> log_keys_;
    LastNote& last_;
};

}  // namespace bailiff
