#include <unistd.h>

#include <cstdio>
#include <memory>

#include "lmdb/directory.hpp"
#include "lmdb/feature_table.hpp"
#include "lmdb/ledger.hpp"
#include "lmdb/sent_table.hpp"
#include "milter/descriptors.hpp"
#include "milter/listening.hpp"
#include "milter/server.hpp"
#include "src/app/canary_keeper.hpp"
#include "src/app/commands.hpp"
#include "src/app/files.hpp"
#include "src/app/habits_file.hpp"
#include "src/app/in_force.hpp"
#include "src/app/keeper.hpp"
#include "src/app/kept_rules.hpp"
#include "src/app/load_snapshot.hpp"
#include "src/app/role.hpp"
#include "src/app/status_json.hpp"
#include "src/app/system_clock.hpp"
#include "src/app/ticker.hpp"
#include "src/app/vault_box.hpp"
#include "src/app/wake.hpp"
#include "src/app/watches.hpp"
#include "src/http/client.hpp"
#include "src/journal/journal.hpp"
#include "src/memory/counters.hpp"
#include "src/message/parse.hpp"
#include "src/pipeline/judge.hpp"
#include "src/pipeline/rule_ages.hpp"
#include "src/rspamd/inspector.hpp"
#include "src/seal/entropy.hpp"
#include "src/seal/ids.hpp"

namespace bailiff {
namespace {

struct MilterOptions {
    std::string config = configuration_file;
    pid_t keeper = 0;     ///< whose worker this is; 0: nobody's
    bool single = false;  ///< no keeper, whatever the socket
};

Server::Options server_options(const Settings& settings) {
    return {.socket = settings.milter.socket,
            .sessions_max = settings.milter.sessions_max,
            .in_flight_bytes_max = settings.milter.in_flight_bytes_max,
            .submission_tag = settings.milter.submission_tag,
            .local_tag = settings.milter.local_tag,
            .uid_header = settings.milter.uid_header,
            .drain = settings.milter.drain};
}

/// The graph of the role. Members are built and destroyed in this order.
class MilterRole {
public:
    MilterRole(const Settings& settings, std::string config, const Loaded& loaded,
               std::unique_ptr<LmdbLedger> ledger, std::unique_ptr<Directory> directory)
        : config_(std::move(config)),
          run_dir_(settings.run_dir),
          ledger_(std::move(ledger)),
          directory_(std::move(directory)),
          snapshots_(loaded.snapshot),
          rspamd_(http_, clock_, journal_, entropy_, rspamd_options(settings), loaded.weights),
          waker_(settings.run_dir + "/enforcer.wake"),
          sent_(open_sent(settings)),
          features_(open_features(settings)),
          habits_(counters_path(settings) + "/habits", counters_, journal_),
          judge_({.snapshots = snapshots_,
                  .directory = *directory_,
                  .ledger = *ledger_,
                  .counters = counters_,
                  .rspamd = settings.rspamd.enabled ? &rspamd_ : nullptr,
                  .clock = clock_,
                  .journal = journal_,
                  .makers = {[this] { return new_case_id(entropy_); }, action_id,
                             [this](std::string_view plain, const CaseId& id,
                                    std::string_view path) {
                                 return vault_.seal(plain, id, path);
                             }},
                  .wake_enforcer = [this] { waker_.wake(); },
                  .sent = sent_.get(),
                  .features = features_.get(),
                  .canary = &canary_}),
          canary_keeper_(settings, canary_, clock_, journal_),
          watches_(*ledger_, *directory_, clock_, journal_),
          started_(machine_.now()) {
        vault_.read(settings);
    }

    Result<int> run(const Settings& settings, std::function<void()> serves) {
        auto options = server_options(settings);
        options.reload = [this] { reload(); };
        options.listening = std::move(serves);
        habits_.read();
        BAILIFF_TRY(server_, Server::open(std::move(options), judge_, journal_, entropy_, clock_));
        journal_.event(Severity::info, "started",
                       {{"mode", std::string(to_text(settings.mode))},
                        {"socket", settings.milter.socket},
                        {"rules", snapshots_.current()->rule_set}});
        {
            const Ticker status("status", std::chrono::seconds(1), [this] { write_status(); });
            const Ticker probe("rspamd", std::chrono::milliseconds(250),
                               [this] { rspamd_.probe_if_due(); });
            const Ticker sent("sent", std::chrono::milliseconds(500), [this] {
                write_sent();
                write_features();
            });
            const Ticker habits("habits", habits_written_each, [this] { habits_.write(); });
            BAILIFF_CHECK(server_->run());
        }
        habits_.write();
        canary_keeper_.leave();
        (void)std::remove((run_dir_ + "/milter.json").c_str());  // an orderly end shows at once
        journal_.event(Severity::info, "stopped", {});
        return 0;
    }

    /// Advisory: a rule whose age is not known counts as young. One that has changed counts as old
    /// until that is written: tried again each second.
    void note_rule_ages(const RuleSet& rules) {
        const auto changed = note_rules(*ledger_, rules.readings(), clock_.now());
        const bool before = ages_unwritten_.exchange(!changed);
        if (!changed && !before)
            journal_.event(Severity::warning, "rule_ages_not_written",
                           {{"why", changed.error().what}});
        else if (changed && *changed > 0)
            journal_.event(Severity::info, "rules_changed", {{"count", std::to_string(*changed)}});
    }

    /// For `bailiff reload`, which compares with it.
    void note_in_force(const Settings& settings, const Loaded& loaded) {
        fingerprint_ = fingerprint_of(settings, loaded);
        const auto written =
            replace_file(in_force_path(settings), in_force_text(settings, loaded, clock_.now()));
        if (!written)
            journal_.event(Severity::warning, "in_force_not_written",
                           {{"why", written.error().what}});
        const auto kept = keep_rules(settings, loaded.rules->digest(), loaded.rule_files);
        if (!kept)
            journal_.event(Severity::warning, "rules_not_kept", {{"why", kept.error().what}});
    }

    [[noreturn]] void leave(int status) {
        journal_.drain();
        _exit(status);
    }

private:
    /// One snapshot or none: a bad file leaves everything as it was.
    void reload() {
        auto settings = settings_from(config_);
        if (!settings) return refuse(settings.error());
        auto loaded = load_snapshot(*settings);
        if (!loaded) return refuse(loaded.error());
        snapshots_.replace(loaded->snapshot);
        vault_.read(*settings);
        tell_unreplayed(*settings, *loaded);
        note_in_force(*settings, *loaded);
        note_rule_ages(*loaded->rules);
        rspamd_.replace_weights(loaded->weights);
        journal_.event(Severity::info, "reloaded",
                       {{"mode", std::string(to_text(settings->mode))},
                        {"rules", loaded->snapshot->rule_set}});
        const Lock lock(mutex_);
        last_reload_error_.clear();
    }

    /// A bare HUP works, too; what changed then was shown to nobody.
    void tell_unreplayed(const Settings& settings, const Loaded& loaded) {
        const auto next = fingerprint_of(settings, loaded);
        if (next == fingerprint_ || next == read_file(replayed_path(settings), 1024).value_or(""))
            return;
        journal_.event(
            Severity::warning, "reloaded_without_replay",
            {{"why", "settings or rules changed, and no `bailiff reload` has shown it"}});
    }

    void refuse(const Error& error) {
        journal_.event(Severity::alarm, "reload_refused", {{"why", error.what}});
        const Lock lock(mutex_);
        last_reload_error_ = error.what;
    }

    std::unique_ptr<SentTable> open_sent(const Settings& settings) {
        auto opened = SentTable::open(counters_path(settings));
        if (opened) return *std::move(opened);
        journal_.event(Severity::alarm, "no_sent_table", {{"why", opened.error().what}});
        return nullptr;
    }

    void write_sent() {
        if (!sent_) return;
        const auto written = sent_->flush(clock_.now());
        if (!written)
            journal_.event(Severity::warning, "sent_not_written", {{"why", written.error().what}});
    }

    std::unique_ptr<FeatureTable> open_features(const Settings& settings) {
        const auto& kept = settings.counters;
        if (!sent_) return nullptr;
        if (kept.features_days == 0) {
            const auto cleared = FeatureTable::clear(*sent_->environment());
            if (!cleared)
                journal_.event(Severity::alarm, "features_not_cleared",
                               {{"why", cleared.error().what}});
            return nullptr;
        }
        auto opened =
            FeatureTable::open(sent_->environment(),
                               {.kept_for = std::chrono::days(kept.features_days),
                                .bytes_max = static_cast<std::uint64_t>(kept.features_mb) << 20});
        if (opened) return *std::move(opened);
        journal_.event(Severity::alarm, "no_feature_table", {{"why", opened.error().what}});
        return nullptr;
    }

    void write_features() {
        if (!features_) return;
        const auto written = features_->flush(clock_.now());
        const auto lost = features_->counts().lost;
        if (lost > features_lost_)
            journal_.event(
                Severity::alarm, "features_lost",
                {{"messages", std::to_string(lost - features_lost_)},
                 {"why", written ? "more than there is room for" : written.error().what}});
        features_lost_ = lost;
    }

    void write_status() {
        MilterStatus status;
        status.at = machine_.now();  // whoever reads it compares with the machine's clock
        status.started = started_;
        const auto snapshot = snapshots_.current();
        status.mode = snapshot->settings.mode;
        status.sessions = server_->counts();
        status.pid = getpid();
        status.descriptors = descriptors_used();
        tell_bounds(status.sessions);
        status.judged = judge_.counts();
        status.rspamd = rspamd_.health();
        if (features_) status.features = features_->counts();
        status.rule_set = snapshot->rule_set;
        if (const auto* rules = dynamic_cast<const RuleSet*>(snapshot->rules.get())) {
            status.rules = rules->counts().rules;
            if (ages_unwritten_) note_rule_ages(*rules);
        }
        status.conditions = watches_.look();
        canary_keeper_.look();
        status.canary = canary_keeper_.story();
        if (canary_.runs()) status.canary.report = canary_.report();
        {
            const Lock lock(mutex_);
            status.last_reload_error = last_reload_error_;
        }
        const auto written = replace_file(run_dir_ + "/milter.json", to_json(status));
        if (!written)
            journal_.event(Severity::warning, "status_not_written",
                           {{"why", written.error().what}});
    }

    /// What was put off or turned away since the last second: an alarm, at most one a second.
    void tell_bounds(const Server::Counts& counts) {
        if (counts.in_flight.put_off > told_.in_flight.put_off)
            journal_.event(Severity::alarm, "milter.in_flight_bytes_max",
                           {{"bytes", std::to_string(counts.in_flight.bytes)},
                            {"put_off", std::to_string(counts.in_flight.put_off)}});
        if (counts.turned_away > told_.turned_away)
            journal_.event(Severity::alarm, "milter.descriptors_short",
                           {{"limit", std::to_string(counts.descriptors_max)},
                            {"turned_away", std::to_string(counts.turned_away)}});
        told_ = counts;
    }

    // Constant after construction.
    const std::string config_;
    const std::string run_dir_;
    // Synchronise themselves.
    SystemClock machine_;
    OwnTime clock_{machine_};
    SpdJournal journal_{"milter", &machine_};
    SystemEntropy entropy_;
    VaultBox vault_{journal_};
    CurlHttp http_;
    std::unique_ptr<LmdbLedger> ledger_;
    std::unique_ptr<Directory> directory_;
    MemoryCounters counters_;
    Snapshots snapshots_;
    RspamdInspector rspamd_;
    WakeSender waker_;
    std::unique_ptr<SentTable> sent_;         ///< none: it could not be opened, and is expendable
    std::unique_ptr<FeatureTable> features_;  ///< none: the same, or not wanted
    HabitsFile habits_;
    Canary canary_{clock_};
    Judge judge_;
    CanaryKeeper canary_keeper_;  // the status thread's own
    Watches watches_;
    const Instant started_;
    std::unique_ptr<Server> server_;
    std::string fingerprint_;  // of what is in force; the main thread's own
    Server::Counts told_;      // the status thread's own
    std::atomic<bool> ages_unwritten_{false};
    std::uint64_t features_lost_ = 0;  // the thread's that writes them
    // Guarded by mutex_.
    Mutex mutex_;
    std::string last_reload_error_ BAILIFF_GUARDED_BY(mutex_);
};

/// Holds the socket; the work is a worker's.
Result<int> keep(const Settings& settings, const std::string& config) {
    BAILIFF_TRY(const auto listening, Listening::claim(settings.milter.socket));
    const SystemClock clock;
    SpdJournal journal("milter", &clock);
    return Keeper({.config = config,
                   .socket = listening->descriptor(),
                   .drain = settings.milter.drain},
                  journal)
        .run();
}

void tell_keeper() {
    (void)!::write(worker_ready, "R", 1);
    ::close(worker_ready);
}

/// `configured` is without what the keeper has changed in `settings`.
Result<int> work(const Settings& settings, const Settings& configured,
                 const MilterOptions& options) {
    prepare_parser();
    BAILIFF_TRY(const auto loaded, load_snapshot(settings));
    BAILIFF_TRY(auto ledger, open_ledger(settings, "milter"));
    BAILIFF_TRY(auto directory,
                LmdbDirectory::open(directory_path(settings)).within("opening the directory"));
    // Never deleted: a judgement that outlasted the drain is still under way, and what it can reach
    // must outlive it. All that was promised is durable already.
    auto* role =
        new MilterRole(settings, options.config, loaded, std::move(ledger), std::move(directory));
    role->note_rule_ages(*loaded.rules);
    role->note_in_force(configured, loaded);
    const auto status =
        role->run(settings, options.keeper != 0 ? tell_keeper : std::function<void()>{});
    if (!status) std::fprintf(stderr, "bailiff: %s\n", status.error().what.c_str());
    role->leave(status ? *status : 1);
}

Result<int> run_milter(const MilterOptions& options) {
    Keeper::block_signals();
    BAILIFF_TRY(auto settings, settings_from(options.config));
    BAILIFF_CHECK(become(settings, settings.milter.user));
    const bool by_path = settings.milter.socket.starts_with("unix:");
    if (by_path && options.keeper == 0 && !options.single) return keep(settings, options.config);
    const auto configured = settings;
    if (options.keeper != 0) {
        if (!die_with(options.keeper)) return fail(Fault::unavailable, "the keeper is gone");
        settings.milter.socket = "fd:" + std::to_string(worker_socket);
    }
    return work(settings, configured, options);
}

}  // namespace

void add_milter_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("milter", "Run the role that Postfix asks");
    const auto options = std::make_shared<MilterOptions>();
    command->add_option("-c,--config", options->config, "Configuration file");
    command->add_flag("--single", options->single,
                      "No keeper that holds the socket: for a debugger");
    command->add_option("--worker-of", options->keeper)->group("");  // said by the keeper alone
    command->callback([&chosen, options] { chosen = [options] { return run_milter(*options); }; });
}

}  // namespace bailiff
