#pragma once
// The enforcer's part in evidence: seals cases, publishes the log.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/settings.hpp>
#include <memory>
#include <string>
#include <vector>

#include "src/app/durable_file.hpp"
#include "src/app/holder_source.hpp"
#include "src/app/vault_box.hpp"
#include "src/pipeline/checkpoint_post.hpp"
#include "src/pipeline/log_keeper.hpp"
#include "src/pipeline/sealer.hpp"
#include "src/pipeline/stamper.hpp"
#include "src/signer/client.hpp"

namespace bailiff {

/// How evidence stands, as `status` shows it.
struct SealingStatus {
    std::string signer;  ///< "up", "away" or "none"
    std::string seal_error;
    std::string stamp_error;
    LogKeeper::Status log;
    std::vector<CheckpointPost::Status> sent{};
};

/// Threads  any.
class Sealing {
public:
    /// All of them must outlive it.
    Sealing(const Settings& settings, std::string config, Ledger& ledger,
            const Directory& directory, const Clock& clock, Journal& journal);

    /// Seals what is due.
    void seal() {
        if (enabled()) sealer_.run_due();
    }
    /// Publishes what is due.
    void publish() {
        if (enabled()) log_.run_due();
    }
    /// Sends off the machine what is due. May wait for others.
    void send() { post_.run_due(); }
    /// Has stamped what is pending. May wait for authorities.
    void stamp() {
        if (enabled() && !settings_.timestamp.authorities.empty()) stamper_.run_due();
    }
    /// All that this case has is sealed, and in a published log.
    [[nodiscard]] Result<void> settle(const CaseId& id);

    [[nodiscard]] bool enabled() const { return !settings_.signer.socket.empty(); }
    [[nodiscard]] SealingStatus status() const;

private:
    [[nodiscard]] Sealer::Options sealer_options();
    [[nodiscard]] LogKeeper::Options log_options();

    const Settings& settings_;
    VaultBox vault_;
    HolderSource holders_;
    SignerClient signer_;
    LogFolder files_;
    CheckpointPost post_;
    Sealer sealer_;
    LogKeeper log_;
    Stamper stamper_;
};

}  // namespace bailiff
