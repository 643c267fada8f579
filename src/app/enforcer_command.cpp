#include <atomic>
#include <cstdio>
#include <memory>

#include "lmdb/directory.hpp"
#include "lmdb/ledger.hpp"
#include "lmdb/sent_table.hpp"
#include "src/api/server.hpp"
#include "src/app/commands.hpp"
#include "src/app/clock_state.hpp"
#include "src/app/files.hpp"
#include "src/app/role.hpp"
#include "src/app/sealing.hpp"
#include "src/app/signing_keys.hpp"
#include "src/app/signals.hpp"
#include "src/app/status_json.hpp"
#include "src/app/system_clock.hpp"
#include "src/app/ticker.hpp"
#include "src/app/wake.hpp"
#include "src/app/watches.hpp"
#include "src/journal/journal.hpp"
#include "src/pipeline/breaker.hpp"
#include "src/pipeline/carry_out.hpp"
#include "src/pipeline/desk.hpp"
#include "src/pipeline/queue_effect.hpp"
#include "src/pipeline/retention_job.hpp"
#include "src/pipeline/routed_effect.hpp"
#include "src/process/hook.hpp"
#include "src/queue/client.hpp"
#include "src/seal/entropy.hpp"
#include "src/seal/ids.hpp"

namespace bailiff {
namespace {

std::chrono::hours claim_window(const Settings& settings) {
    return std::chrono::hours(24 * settings.enforcer.claim_window_days);
}

CarryOut::Options carry_out_options(const Settings& settings) {
    return {.mode = settings.mode,
            .budgets = {.actions_per_hour = settings.enforcer.actions_per_hour,
                        .actions_per_rule = settings.enforcer.actions_per_rule,
                        .terminations_per_day = settings.enforcer.terminations_per_day,
                        .accounts_percent = settings.enforcer.accounts_percent},
            .rules_are_young = std::chrono::hours(settings.enforcer.young_rule_hours),
            .claim_window = claim_window(settings),
            .retry_first = settings.enforcer.retry_first,
            .retry_ceiling = settings.enforcer.retry_ceiling,
            .paths = settings.paths,
            .needs_seal = !settings.signer.socket.empty(),
            .stopping = stop_is_asked};
}

/// The graph of the role. Members are built and destroyed in this order.
class EnforcerRole {
public:
    EnforcerRole(const Settings& settings, std::string config, std::unique_ptr<LmdbLedger> ledger,
                 std::unique_ptr<Directory> directory)
        : config_(std::move(config)),
          settings_(settings),
          ledger_(std::move(ledger)),
          directory_(std::move(directory)),
          hooks_(settings.hooks, limits::hook_term_grace, settings.run_dir + "/hook.input"),
          sent_(counters_path(settings)),
          queue_(settings.queue.socket),
          queue_effect_(queue_, *directory_, &sent_, clock_),
          effect_(make_effect(settings)),
          waker_(settings.run_dir + "/enforcer.wake"),
          desk_(*ledger_, clock_, *effect_,
                {.action_id = action_id,
                 .wake_enforcer = [this] { waker_.wake(); },
                 .claim_window = claim_window(settings),
                 .probation = std::chrono::hours(24 * settings.enforcer.probation_days),
                 .paths = [this] { return paths(); },
                 .settle = [this](const CaseId& id) { return sealing_.settle(id); },
                 .names = cover_names(settings),
                 .retention = [this] { return retention_terms(); },
                 .known_clock = [this] { return known_clock(); }}),
          retention_(*ledger_, clock_, journal_,
                     {.terms = [this] { return retention_terms(); },
                      .clock = [this] { return known_clock(); }}),
          sealing_(settings_, config_, *ledger_, *directory_, clock_, journal_),
          watches_(*ledger_, *directory_, clock_, journal_),
          started_(machine_.now()),
          mode_(settings.mode) {
        prepare(settings);
    }

    Result<int> run() {
        BAILIFF_TRY(const auto waker, WakeReceiver::open(settings_.run_dir + "/enforcer.wake"));
        BAILIFF_TRY(const auto desk,
                    DeskServer::open(settings_.enforcer.desk_socket, desk_, journal_,
                                     [this] { return to_json(status()); }));
        journal_.event(Severity::info, "started", {{"mode", std::string(to_text(settings_.mode))}});
        {
            const Ticker ticker("status", std::chrono::seconds(1), [this] { write_status(); });
            // Beside the loop, too: that may be waiting for hooks.
            const Ticker sealer("sealer", settings_.enforcer.poll, [this] { seal(); });
            const Ticker stamper("stamper", std::chrono::seconds(1), [this] { stamp(); });
            const Ticker log("log", std::chrono::seconds(1), [this] { sealing_.publish(); });
            const Ticker post("post", std::chrono::seconds(1), [this] { sealing_.send(); });
            const Ticker retention("retention", std::chrono::seconds(1), [this] { retain(); });
            while (!stop_is_asked()) {
                if (take_reload()) reload();
                seal();
                // What cannot be recorded is not begun; the ledger probes itself meanwhile.
                if (ledger_->health().is_writable()) attempted_ += carry_out_->run_due();
                waker->wait(settings_.enforcer.poll);
            }
        }
        desk->stop();
        // An orderly end shows at once.
        (void)std::remove((settings_.run_dir + "/enforcer.json").c_str());
        journal_.event(Severity::info, "stopped", {});
        return 0;
    }

private:
    /// Hooks before our own way; without a queue role hooks alone.
    std::unique_ptr<Effect> make_effect(const Settings& settings) {
        if (settings.queue.socket.empty()) return std::make_unique<HookEffect>(hooks_);
        return std::make_unique<RoutedEffect>(hooks_, queue_effect_);
    }

    void prepare(const Settings& settings) {
        carry_out_ = std::make_unique<CarryOut>(*ledger_, *directory_, *effect_, clock_, journal_,
                                                entropy_, carry_out_options(settings));
        mode_ = settings.mode;
        const Lock lock(path_mutex_);
        paths_ = settings.paths;
        retention_terms_ = {settings.retention, claim_window(settings)};
    }

    std::vector<PathSettings> paths() const {
        const Lock lock(path_mutex_);
        return paths_;
    }

    RetentionTerms retention_terms() const {
        const Lock lock(path_mutex_);
        return retention_terms_;
    }

    KnownClock known_clock() const {
        return {.synced = clock_state().synced, .jump = clock_.jump(), .newest = {}};
    }

    void retain() {
        if (ledger_->health().is_writable()) retention_.step();
    }

    void stamp() {
        if (ledger_->health().is_writable()) sealing_.stamp();
    }

    void seal() {
        if (ledger_->health().is_writable()) sealing_.seal();
    }

    /// Mode, budgets, retries and paths; a bad file leaves everything as it was.
    void reload() {
        const auto settings = settings_from(config_);
        if (!settings)
            return journal_.event(Severity::alarm, "reload_refused",
                                  {{"why", settings.error().what}});
        prepare(*settings);
        journal_.event(Severity::info, "reloaded",
                       {{"mode", std::string(to_text(settings->mode))}});
    }

    EnforcerStatus status() {
        EnforcerStatus status;
        status.at = machine_.now();  // whoever reads it compares with the machine's clock
        status.started = started_;
        status.mode = mode_;
        status.attempted = attempted_;
        status.queue_role = settings_.queue.socket.empty() ? "none" : queue_.up() ? "up" : "away";
        status.sealing = sealing_.status();
        const auto read = ledger_->read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(status.ledger, view.stats());
            BAILIFF_TRY(status.breaker, breaker_of(view));
            return {};
        });
        if (!read) status.last_error = read.error().what;
        const Lock lock(watching_);
        status.conditions = watches_.look();
        return status;
    }

    void write_status() {
        const auto written = replace_file(settings_.run_dir + "/enforcer.json", to_json(status()));
        if (!written)
            journal_.event(Severity::warning, "status_not_written",
                           {{"why", written.error().what}});
    }

    const std::string config_;
    const Settings settings_;
    SystemClock machine_;
    OwnTime clock_{machine_};
    SpdJournal journal_{"enforcer", &machine_};
    SystemEntropy entropy_;
    std::unique_ptr<LmdbLedger> ledger_;
    std::unique_ptr<Directory> directory_;
    HookEffect hooks_;
    SentReader sent_;
    QueueClient queue_;
    QueueEffect queue_effect_;
    std::unique_ptr<Effect> effect_;
    std::unique_ptr<CarryOut> carry_out_;
    WakeSender waker_;
    LedgerDesk desk_;
    RetentionJob retention_;
    mutable Mutex path_mutex_;  // desk and retention ask, a reload writes
    std::vector<PathSettings> paths_ BAILIFF_GUARDED_BY(path_mutex_);
    RetentionTerms retention_terms_ BAILIFF_GUARDED_BY(path_mutex_);
    Sealing sealing_;
    Mutex watching_;  // the ticker and the desk both ask
    Watches watches_ BAILIFF_GUARDED_BY(watching_);
    const Instant started_;
    std::atomic<Mode> mode_;
    std::atomic<std::uint64_t> attempted_{0};
};

Result<int> run_enforcer(const std::string& config) {
    BAILIFF_TRY(const auto settings, settings_from(config));
    BAILIFF_CHECK(become(settings, settings.enforcer.user));
    hear_signals();
    BAILIFF_TRY(auto ledger, open_ledger(settings, "enforcer"));
    BAILIFF_TRY(auto directory,
                LmdbDirectory::open(directory_path(settings)).within("opening the directory"));
    const auto role =
        std::make_unique<EnforcerRole>(settings, config, std::move(ledger), std::move(directory));
    return role->run();
}

}  // namespace

void add_enforcer_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("enforcer", "Run the role that carries out what is decided");
    const auto config = std::make_shared<std::string>(configuration_file);
    command->add_option("-c,--config", *config, "Configuration file");
    command->callback([&chosen, config] { chosen = [config] { return run_enforcer(*config); }; });
}

}  // namespace bailiff
