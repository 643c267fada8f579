#include "src/app/sealing.hpp"

#include "src/app/checkpoint_ways.hpp"
#include "src/app/clock_state.hpp"
#include "src/app/role.hpp"
#include "src/app/signing_keys.hpp"
#include "src/app/stamp_process.hpp"

namespace bailiff {

Sealing::Sealing(const Settings& settings, std::string config, Ledger& ledger,
                 const Directory& directory, const Clock& clock, Journal& journal)
    : settings_(settings),
      vault_(journal),
      holders_(settings, directory, clock, journal),
      signer_(settings.signer.socket),
      files_(log_path(settings)),
      post_(checkpoint_ways(settings, config, files_), clock, journal),
      sealer_(ledger, signer_, clock, journal, sealer_options()),
      log_(ledger, signer_, files_, clock, journal, log_options()),
      stamper_(ledger, stamp_process(std::move(config)), clock, journal) {
    vault_.read(settings);
    // Whether the newest has left before we were started, nobody knows.
    if (const auto note = files_.read(checkpoint_path)) post_.take(*note);
}

Sealer::Options Sealing::sealer_options() {
    return {.node = node_name(settings_),
            .identity = evidence_identity(settings_),
            .quiet = std::chrono::minutes(settings_.evidence.quiet_minutes),
            .holder = [this](const Case& record) { return holders_.of(record); },
            .clock_state = clock_state,
            .seal = [this](std::string_view plain, const CaseId& id,
                           std::string_view path) { return vault_.seal(plain, id, path); }};
}

LogKeeper::Options Sealing::log_options() {
    return {.leaves = static_cast<std::uint64_t>(settings_.log.leaves),
            .interval = std::chrono::seconds(settings_.log.seconds),
            .published = [this](const std::string& note) { post_.take(note); }};
}

Result<void> Sealing::settle(const CaseId& id) {
    if (!enabled())
        return fail(Fault::invalid_input, "signer.socket is empty: nothing is sealed here");
    BAILIFF_CHECK(sealer_.seal_now(id));
    BAILIFF_CHECK(log_.publish());
    return {};
}

SealingStatus Sealing::status() const {
    if (!enabled()) return {.signer = "none", .seal_error = {}, .stamp_error = {}, .log = {}};
    return {.signer = signer_.up() ? "up" : "away",
            .seal_error = sealer_.error(),
            .stamp_error = stamper_.error(),
            .log = log_.status(),
            .sent = post_.status()};
}

}  // namespace bailiff
