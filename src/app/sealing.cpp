#include "src/app/sealing.hpp"

#include "src/app/clock_state.hpp"
#include "src/app/role.hpp"
#include "src/app/signing_keys.hpp"
#include "src/app/stamp_process.hpp"

namespace bailiff {

Sealing::Sealing(const Settings& settings, std::string config, Ledger& ledger,
                 const Directory& directory, const Clock& clock, Journal& journal)
    : settings_(settings),
      directory_(directory),
      clock_(clock),
      vault_(journal),
      signer_(settings.signer.socket),
      files_(log_path(settings)),
      sealer_(ledger, signer_, clock, journal, sealer_options()),
      log_(ledger, signer_, files_, clock, journal, log_options()),
      stamper_(ledger, stamp_process(std::move(config)), clock, journal) {
    vault_.read(settings);
    auto holders = HolderStore::open(holders_path(settings));
    if (holders)
        holders_ = *std::move(holders);
    else
        journal.event(Severity::alarm, "no_holders", {{"why", holders.error().what}});
}

Sealer::Options Sealing::sealer_options() {
    return {.node = node_name(settings_),
            .identity = evidence_identity(settings_),
            .quiet = std::chrono::minutes(settings_.evidence.quiet_minutes),
            .holder = [this](const Case& record) { return holder_of(record); },
            .clock_state = clock_state,
            .seal = [this](std::string_view plain, const CaseId& id,
                           std::string_view path) { return vault_.seal(plain, id, path); }};
}

LogKeeper::Options Sealing::log_options() const {
    return {.leaves = static_cast<std::uint64_t>(settings_.log.leaves),
            .interval = std::chrono::seconds(settings_.log.seconds),
            .published = {}};
}

HolderFacts Sealing::holder_of(const Case& record) const {
    HolderFacts facts{.holder = {}, .source = "nobody could be named", .at = clock_.now()};
    if (record.service.id.empty()) return facts;
    const auto service = directory_.service(record.service.id);
    facts.source = "the directory names no holder";
    if (!service || !*service || (*service)->holder.empty()) return facts;
    facts.source = "the imported holders cannot be read";
    if (!holders_) return facts;
    auto found = holders_->find((*service)->holder);
    if (!found) return facts;
    facts.source = *found ? "imported holders" : "the holder was not imported";
    facts.holder = *std::move(found);
    return facts;
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
            .log = log_.status()};
}

}  // namespace bailiff
