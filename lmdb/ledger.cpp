#include "lmdb/ledger.hpp"

#include <atomic>
#include <exception>
#include <optional>

#include "lmdb/crash_point.hpp"
#include "lmdb/environment.hpp"
#include "lmdb/ledger_txn.hpp"
#include "lmdb/writer.hpp"

namespace bailiff {

using lmdb::Environment;
using lmdb::Txn;
using lmdb::Writer;

namespace {

void refuse(Writer& writer, const Writer::Batch& batch, const Error& error) {
    for (const auto& job : batch)
        if (writer.begin(*job)) writer.finish(*job, Failure(error));
}

/// Waits for no other writer unless tables are missing.
Result<lmdb::LedgerTables> find_tables(const Environment& environment, Txn::Missing missing) {
    BAILIFF_TRY(auto txn,
                missing == Txn::Missing::fails ? Txn::read(environment) : Txn::write(environment));
    BAILIFF_TRY(const auto tables, lmdb::LedgerTables::open(txn, missing));
    BAILIFF_CHECK(std::move(txn).commit());
    return tables;
}

}  // namespace

class LmdbLedger::Inside {
public:
    Inside(std::unique_ptr<Environment> environment, lmdb::LedgerTables tables)
        : environment_(std::move(environment)), tables_(tables) {}

    void start(std::chrono::milliseconds commit_wait);
    [[nodiscard]] Result<void> update(Writer::Change change);
    [[nodiscard]] Result<void> read(
        const std::function<Result<void>(const LedgerView&)>& look) const;
    [[nodiscard]] std::uint64_t corrupt_seen() const { return corrupt_seen_; }

    [[nodiscard]] std::size_t queued() const { return writer_ ? writer_->queued() : 0; }

private:
    [[nodiscard]] lmdb::LedgerContext context() const {
        return {*environment_, tables_, corrupt_seen_};
    }
    void commit(Writer& writer, const Writer::Batch& batch);
    [[nodiscard]] Result<void> change(Txn& txn, const Writer::Change& change) const;
    [[nodiscard]] Result<void> change_apart(Txn& txn, const Writer::Change& change) const;
    [[nodiscard]] Result<void> end(Txn txn);

    // Constant after start().
    std::unique_ptr<Environment> environment_;
    lmdb::LedgerTables tables_;
    // Synchronises itself.
    mutable std::atomic<std::uint64_t> corrupt_seen_ = 0;
    // The writer's thread only.
    bool broken_ = false;
    // Ends first: its thread uses all of the above.
    std::optional<Writer> writer_;
};

void LmdbLedger::Inside::start(std::chrono::milliseconds commit_wait) {
    writer_.emplace(lmdb::Waits{.commit = commit_wait},
                    Writer::Duties{[this](Writer& writer, const Writer::Batch& batch) {
                                       commit(writer, batch);
                                   },
                                   [this] { environment_->check_readers(); }});
}

Result<void> LmdbLedger::Inside::update(Writer::Change change) {
    if (!writer_) return fail(Fault::unavailable, "the ledger is open for reading only");
    return writer_->run(std::move(change));
}

Result<void> LmdbLedger::Inside::read(
    const std::function<Result<void>(const LedgerView&)>& look) const {
    BAILIFF_TRY(auto txn, Txn::read(*environment_));
    const auto under = context();
    return look(lmdb::LmdbView(under, txn));
}

Result<void> LmdbLedger::Inside::change(Txn& txn, const Writer::Change& change) const {
    const auto under = context();
    lmdb::LmdbTxn ledger(under, txn);
    try {
        return change(ledger);
    } catch (const std::exception& e) {
        return fail(Fault::internal, std::string("a change ended by exception: ") + e.what());
    }
}

/// In a transaction of its own within `txn`, so that its failure leaves the others' changes whole.
Result<void> LmdbLedger::Inside::change_apart(Txn& txn, const Writer::Change& wanted) const {
    BAILIFF_TRY(auto child, txn.child());
    BAILIFF_CHECK(change(child, wanted));
    return std::move(child).commit();
}

/// Commits, and decides whether the file can still be trusted after a failure: a failed sync may
/// have lost pages, a failed write of the meta page leaves the outcome open (faults E05, E06).
Result<void> LmdbLedger::Inside::end(Txn txn) {
    auto done = std::move(txn).commit();
    if (done) return done;
    const bool known = done.error().fault != Fault::internal && !environment_->panicked();
    if (known) return done;
    broken_ = true;
    return fail(Fault::internal, "the outcome is not known: " + done.error().what);
}

void LmdbLedger::Inside::commit(Writer& writer, const Writer::Batch& batch) {
    if (broken_)
        return refuse(writer, batch,
                      {Fault::internal, "an earlier write failed: open the ledger anew"});
    lmdb::crash_point("begin");
    auto txn = Txn::write(*environment_);
    if (!txn) return refuse(writer, batch, txn.error());
    Writer::Batch changed;
    for (const auto& job : batch) {
        if (!writer.begin(*job)) continue;
        auto result =
            batch.size() == 1 ? change(*txn, job->change) : change_apart(*txn, job->change);
        if (result)
            changed.push_back(job);
        else
            writer.finish(*job, std::move(result));
    }
    lmdb::crash_point("changed");
    if (changed.empty()) return;
    const auto done = end(*std::move(txn));
    lmdb::crash_point("committed");
    for (const auto& job : changed) writer.finish(*job, done);
    lmdb::crash_point("answered");
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
    BAILIFF_TRY(auto environment, Environment::open(std::move(wanted)));
    auto found = find_tables(*environment, Txn::Missing::fails);
    if (!found && found.error().fault == Fault::not_found && !options.read_only)
        found = find_tables(*environment, Txn::Missing::is_created);
    BAILIFF_TRY(const auto tables, std::move(found).within(doing));
    auto inside = std::make_unique<Inside>(std::move(environment), tables);
    if (!options.read_only) inside->start(options.commit_wait);
    return std::unique_ptr<LmdbLedger>(new LmdbLedger(std::move(inside)));
}

Result<void> LmdbLedger::update(std::function<Result<void>(LedgerTxn&)> change) {
    return inside_->update(std::move(change));
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
