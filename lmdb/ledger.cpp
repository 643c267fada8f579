#include "lmdb/ledger.hpp"

#include <bailiff/crash_point.hpp>

#include <atomic>
#include <cerrno>
#include <exception>
#include <optional>
#include <thread>

#include "lmdb/ledger_txn.hpp"
#include "lmdb/opened_ledger.hpp"
#include "lmdb/writer.hpp"

namespace bailiff {

using lmdb::Environment;
using lmdb::OpenedLedger;
using lmdb::Txn;
using lmdb::Writer;

namespace {

constexpr auto reader_check_period = std::chrono::seconds(60);
constexpr auto fill_check_period = std::chrono::seconds(5);
/// How long closing waits for readers; they are short.
constexpr auto readers_wait_max = std::chrono::seconds(5);

void refuse(Writer& writer, const Writer::Batch& batch, const Error& error) {
    for (const auto& job : batch)
        if (writer.begin(*job)) writer.finish(*job, Failure(error));
}

bool is_refusal(int code) {
    return code == EROFS || code == EACCES || code == EPERM;
}

/// A write that the end of the disk cuts in its middle is an input/output error to LMDB.
LedgerState state_after(const Error& error, const Environment& environment) {
    if (error.fault == Fault::exhausted) return LedgerState::full;
    if (error.fault == Fault::unavailable) return LedgerState::read_only;
    const bool full = !environment.panicked() && !lmdb::has_room(environment.path());
    return full ? LedgerState::full : LedgerState::broken;
}

/// True once in a period.
class Every {
public:
    explicit Every(std::chrono::seconds period) : period_(period) {}
    bool is_due() {
        const auto now = std::chrono::steady_clock::now();
        if (now < next_) return false;
        next_ = now + period_;
        return true;
    }

private:
    const std::chrono::seconds period_;
    std::chrono::steady_clock::time_point next_ = std::chrono::steady_clock::now() + period_;
};

}  // namespace

class LmdbLedger::Inside {
public:
    Inside(OpenedLedger opened, lmdb::EnvironmentOptions options)
        : options_(std::move(options)),
          opened_(std::make_shared<const OpenedLedger>(std::move(opened))) {}

    void start(std::chrono::milliseconds commit_wait);
    [[nodiscard]] Result<void> update(LedgerChange change, LedgerChange unheard);
    [[nodiscard]] Result<void> read(
        const std::function<Result<void>(const LedgerView&)>& look) const;
    [[nodiscard]] std::uint64_t corrupt_seen() const { return corrupt_seen_; }
    [[nodiscard]] LedgerHealth health() const;

    [[nodiscard]] std::size_t queued() const { return writer_ ? writer_->queued() : 0; }

private:
    using Opened = std::shared_ptr<const OpenedLedger>;
    [[nodiscard]] Opened opened() const;
    void commit(Writer& writer, const Writer::Batch& batch);
    [[nodiscard]] Result<void> change(const OpenedLedger& opened, Txn& txn,
                                      const LedgerChange& change) const;
    [[nodiscard]] Result<void> change_apart(const OpenedLedger& opened, Txn& txn,
                                            const LedgerChange& change) const;
    [[nodiscard]] Result<void> end(const Environment& environment, Txn txn);
    void tick();
    void mend();
    [[nodiscard]] bool close();
    void settle(LedgerState state, std::string why);

    // Constant after start().
    const lmdb::EnvironmentOptions options_;
    // Synchronise themselves.
    mutable std::atomic<std::uint64_t> corrupt_seen_ = 0;
    std::atomic<std::uint64_t> reopened_ = 0;
    // The writer's thread only.
    bool doubtful_ = false;  ///< something was refused for want of room: a probe finds out
    Every reader_check_{reader_check_period};
    Every fill_check_{fill_check_period};
    // Guarded by mutex_.
    mutable Mutex mutex_;
    Opened opened_ BAILIFF_GUARDED_BY(mutex_);  ///< none while it is being opened anew
    LedgerState state_ BAILIFF_GUARDED_BY(mutex_) = LedgerState::ok;
    std::string why_ BAILIFF_GUARDED_BY(mutex_);
    // Ends first: its thread uses all of the above.
    std::optional<Writer> writer_;
};

void LmdbLedger::Inside::start(std::chrono::milliseconds commit_wait) {
    writer_.emplace(lmdb::Waits{.commit = commit_wait},
                    Writer::Duties{[this](Writer& writer, const Writer::Batch& batch) {
                                       commit(writer, batch);
                                   },
                                   [this] { tick(); }});
}

LmdbLedger::Inside::Opened LmdbLedger::Inside::opened() const {
    const Lock lock(mutex_);
    return opened_;
}

LedgerHealth LmdbLedger::Inside::health() const {
    LedgerHealth health;
    {
        const Lock lock(mutex_);
        health.state = state_;
        health.why = why_;
    }
    health.corrupt_seen = corrupt_seen_;
    health.reopened = reopened_;
    const auto busy = writer_ ? writer_->busy_since() : std::nullopt;
    const bool waits = busy && std::chrono::steady_clock::now() - *busy > limits::commit_wait_max;
    if (!waits || health.state == LedgerState::broken) return health;
    health.state = LedgerState::stuck;
    health.why = "a write has not ended within " +
                 std::to_string(limits::commit_wait_max / std::chrono::seconds(1)) + " s";
    return health;
}

void LmdbLedger::Inside::settle(LedgerState state, std::string why) {
    const Lock lock(mutex_);
    state_ = state;
    why_ = std::move(why);
}

Result<void> LmdbLedger::Inside::update(LedgerChange change, LedgerChange unheard) {
    if (!writer_) return fail(Fault::unavailable, "the ledger is open for reading only");
    return writer_->run(std::move(change), std::move(unheard));
}

Result<void> LmdbLedger::Inside::read(
    const std::function<Result<void>(const LedgerView&)>& look) const {
    const auto opened = this->opened();
    if (!opened) return fail(Fault::unavailable, "the ledger is being opened anew");
    BAILIFF_TRY(auto txn, Txn::read(*opened->environment));
    const lmdb::LedgerContext under{*opened->environment, opened->tables, corrupt_seen_};
    return look(lmdb::LmdbView(under, txn));
}

Result<void> LmdbLedger::Inside::change(const OpenedLedger& opened, Txn& txn,
                                        const LedgerChange& change) const {
    const lmdb::LedgerContext under{*opened.environment, opened.tables, corrupt_seen_};
    lmdb::LmdbTxn ledger(under, txn);
    try {
        return change(ledger);
    } catch (const std::exception& e) {
        return fail(Fault::internal, std::string("a change ended by exception: ") + e.what());
    }
}

/// In a transaction of its own within `txn`, so that its failure leaves the others' changes whole.
Result<void> LmdbLedger::Inside::change_apart(const OpenedLedger& opened, Txn& txn,
                                              const LedgerChange& wanted) const {
    BAILIFF_TRY(auto child, txn.child());
    BAILIFF_CHECK(change(opened, child, wanted));
    return std::move(child).commit();
}

/// Commits, and decides whether the file can still be trusted after a failure: a failed sync may
/// have lost pages, a failed write of the meta page leaves the outcome open (faults E05, E06).
Result<void> LmdbLedger::Inside::end(const Environment& environment, Txn txn) {
    const int code = std::move(txn).commit_code();
    if (code == 0) return {};
    const auto error = lmdb::failure(code, "committing").value();
    const bool known = error.fault != Fault::internal && !environment.panicked();
    if (known && error.fault == Fault::exhausted) settle(LedgerState::full, error.what);
    if (known && is_refusal(code)) settle(LedgerState::read_only, error.what);
    if (known) return Failure(error);
    settle(LedgerState::broken, error.what);
    return fail(Fault::internal, "the outcome is not known: " + error.what);
}

void LmdbLedger::Inside::commit(Writer& writer, const Writer::Batch& batch) {
    const auto opened = this->opened();
    if (!opened || health().state == LedgerState::broken)
        return refuse(writer, batch, {Fault::unavailable, "the ledger is being opened anew"});
    crash_point("begin");
    auto txn = Txn::write(*opened->environment);
    if (!txn) return refuse(writer, batch, txn.error());
    Writer::Batch changed;
    for (const auto& job : batch) {
        if (!writer.begin(*job)) continue;
        auto result = batch.size() == 1 ? change(*opened, *txn, job->change)
                                        : change_apart(*opened, *txn, job->change);
        doubtful_ = doubtful_ || (!result && result.error().fault == Fault::exhausted);
        if (result)
            changed.push_back(job);
        else
            writer.finish(*job, std::move(result));
    }
    crash_point("changed");
    if (changed.empty()) return;
    const auto done = end(*opened->environment, *std::move(txn));
    crash_point("committed");
    const bool unknown = !done && done.error().fault == Fault::internal;
    for (const auto& job : changed)
        unknown ? writer.finish_unknown(*job, done.error()) : writer.finish(*job, done);
    crash_point("answered");
}

/// Each second: whatever keeps us from writing is tried again, and fullness is watched.
void LmdbLedger::Inside::tick() {
    const auto state = health().state;
    if (state == LedgerState::broken) return mend();
    const auto opened = this->opened();
    if (reader_check_.is_due()) opened->environment->check_readers();
    const bool watched = state == LedgerState::ok && !doubtful_;
    if (watched && !fill_check_.is_due()) return;
    if (!watched && state != LedgerState::filling) {
        if (const auto written = lmdb::probe(*opened->environment); !written)
            return settle(state_after(written.error(), *opened->environment), written.error().what);
    }
    doubtful_ = false;
    const auto filling = lmdb::is_filling(*opened->environment);
    if (!filling) return settle(LedgerState::broken, filling.error().what);
    settle(*filling ? LedgerState::filling : LedgerState::ok,
           *filling
               ? "the map is filled to " + std::to_string(lmdb::filling_percent) + " %; from " +
                     std::to_string(lmdb::message_share_percent) + " % on no case is opened"
               : "");
}

/// Lets go of the environment when no reader is in it any more.
bool LmdbLedger::Inside::close() {
    Opened old;
    {
        const Lock lock(mutex_);
        old = std::move(opened_);
        opened_.reset();
    }
    if (!old) return true;
    const auto deadline = std::chrono::steady_clock::now() + readers_wait_max;
    while (old.use_count() > 1 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (old.use_count() == 1) return true;
    const Lock lock(mutex_);  // somebody still reads: try again later
    opened_ = std::move(old);
    return false;
}

/// What a failed write has left is believed only after it was read from the file again, and after
/// something new was written durably (faults E05, E06).
void LmdbLedger::Inside::mend() {
    if (!close()) return;
    auto opened = OpenedLedger::open(options_);
    if (!opened) return settle(LedgerState::broken, opened.error().what);
    const auto written = lmdb::probe(*opened->environment);
    const auto state =
        written ? LedgerState::ok : state_after(written.error(), *opened->environment);
    const Lock lock(mutex_);
    opened_ = std::make_shared<const OpenedLedger>(*std::move(opened));
    state_ = state;
    why_ = written ? "" : written.error().what;
    if (state_ != LedgerState::broken) ++reopened_;
}

LmdbLedger::LmdbLedger(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
LmdbLedger::~LmdbLedger() = default;

Result<std::unique_ptr<LmdbLedger>> LmdbLedger::open(LedgerOptions options) {
    const auto doing = "opening the ledger " + options.path;
    if (!options.read_only && options.role.empty())
        return fail(Fault::invalid_input, doing + ": no role is named");
    lmdb::EnvironmentOptions wanted;
    wanted.path = options.path;
    wanted.map_bytes = options.map_bytes;
    wanted.access = options.read_only ? lmdb::Access::read_only : lmdb::Access::read_write;
    if (!options.read_only) wanted.role = options.role;
    BAILIFF_TRY(auto opened, OpenedLedger::open(wanted));
    auto inside = std::make_unique<Inside>(std::move(opened), std::move(wanted));
    if (!options.read_only) inside->start(options.commit_wait);
    return std::unique_ptr<LmdbLedger>(new LmdbLedger(std::move(inside)));
}

Result<void> LmdbLedger::update(LedgerChange change, LedgerChange unheard) {
    return inside_->update(std::move(change), std::move(unheard));
}

LedgerHealth LmdbLedger::health() const {
    return inside_->health();
}

Result<void> LmdbLedger::read(const std::function<Result<void>(const LedgerView&)>& look) const {
    return inside_->read(look);
}

std::size_t LmdbLedger::queued() const {
    return inside_->queued();
}

std::uint64_t LmdbLedger::corrupt_seen() const {
    return inside_->corrupt_seen();
}

}  // namespace bailiff
