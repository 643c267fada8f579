#include "src/pipeline/log_keeper.hpp"

#include <algorithm>
#include <bailiff/crash_point.hpp>

#include "src/log/entry.hpp"
#include "src/log/merkle.hpp"
#include "src/log/note.hpp"
#include "src/log/tile.hpp"

namespace bailiff {
namespace {

/// So many leaves in memory at once: a first publication may have millions.
constexpr std::size_t leaves_at_once = 16'384;

log::FileReader reader_of(const LogFiles& files) {
    return [&files](const std::string& path) { return files.read(path); };
}

Result<std::uint64_t> size_of_log(const Ledger& ledger) {
    std::uint64_t size = 0;
    BAILIFF_CHECK(ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto stats, view.stats());
        size = stats.leaves;
        return {};
    }));
    return size;
}

Result<std::vector<std::string>> entries_of(const Ledger& ledger, std::uint64_t from,
                                            std::uint64_t count) {
    std::vector<std::string> entries;
    BAILIFF_CHECK(ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto leaves, view.leaves(from, static_cast<std::size_t>(count)));
        for (const auto& leaf : leaves) {
            BAILIFF_TRY(auto entry, entry_of(leaf));
            entries.push_back(std::move(entry));
        }
        return {};
    }));
    if (entries.size() != count) return fail(Fault::corrupt, "the ledger has lost leaves");
    return entries;
}

}  // namespace

Result<std::string> entry_of(const Leaf& leaf) {
    if (std::ranges::count(log::entry_kinds, leaf.kind) == 0)
        return fail(Fault::corrupt, "a leaf of kind '" + leaf.kind + "', which there is not");
    return log::entry_text({leaf.kind, leaf.digest, leaf.at});
}

void LogKeeper::run_due() {
    const Lock lock(mutex_);
    const auto now = clock_.steady();
    const auto size = size_of_log(ledger_);
    const auto fresh = size && *size > status_.size ? *size - status_.size : 0;
    const bool waited = !tried_ || now - *tried_ >= options_.interval;
    const bool many = fresh >= options_.leaves && status_.error.empty();
    if (!waited && !many) return;
    tried_ = now;
    note(publish_locked());
}

Result<std::uint64_t> LogKeeper::publish() {
    const Lock lock(mutex_);
    auto published = publish_locked();
    note(published);
    return published;
}

LogKeeper::Status LogKeeper::status() const {
    const Lock lock(mutex_);
    return status_;
}

/// One alarm until it is published again.
void LogKeeper::note(const Result<std::uint64_t>& published) {
    if (published) {
        if (!status_.error.empty()) journal_.event(Severity::info, "log_published_again", {});
        status_ = {*published, {}};
        return;
    }
    if (status_.error != published.error().what)
        journal_.event(Severity::alarm, "log_not_published", {{"why", published.error().what}});
    status_.error = published.error().what;
}

/// What the checkpoint among the files says that they hold; 0: there is none that can be read.
Result<std::uint64_t> LogKeeper::tiles_size() const {
    const auto note = files_.read(checkpoint_path);
    if (!note && note.error().fault == Fault::not_found) return std::uint64_t{0};
    if (!note) return Failure(note.error());
    const auto parsed = log::parse_note(*note);
    const auto checkpoint = parsed ? log::parse_checkpoint(parsed->text)
                                   : Result<log::Checkpoint>(Failure(parsed.error()));
    return checkpoint ? checkpoint->size : 0;
}

Result<void> LogKeeper::write_tiles(std::uint64_t from, std::uint64_t size) {
    while (from < size) {
        const auto count = std::min<std::uint64_t>(size - from, leaves_at_once);
        BAILIFF_TRY(const auto entries, entries_of(ledger_, from, count));
        std::vector<Digest> hashes;
        hashes.reserve(entries.size());
        for (const auto& entry : entries) hashes.push_back(log::leaf_hash(entry));
        BAILIFF_TRY(const auto bundles, log::next_bundles(from, entries, reader_of(files_)));
        for (const auto& file : bundles) BAILIFF_CHECK(files_.write(file.path, file.content));
        crash_point("entries_written");
        BAILIFF_TRY(const auto tiles, log::next_tiles(from, hashes, reader_of(files_)));
        for (const auto& file : tiles) BAILIFF_CHECK(files_.write(file.path, file.content));
        crash_point("tiles_written");
        from += count;
    }
    return {};
}

Result<LogGrowth> LogKeeper::growth(std::uint64_t from, std::uint64_t size) const {
    LogGrowth growth{.old_size = from, .proof = {}, .size = size, .root = {}};
    const auto reader = log::tile_reader(size, reader_of(files_));
    BAILIFF_TRY(growth.root, log::root_of(size, reader).within("reading the log"));
    BAILIFF_TRY(growth.proof, log::prove_consistency(from, size, reader).within("reading the log"));
    return growth;
}

/// Writes the files from `from` on, and has signed what they then say.
Result<std::string> LogKeeper::sign_from(std::uint64_t from, std::uint64_t signed_size,
                                         std::uint64_t size) {
    BAILIFF_CHECK(write_tiles(from, size).within("writing the log"));
    BAILIFF_TRY(const auto grown, growth(signed_size, size));
    return signer_.sign_checkpoint(grown);
}

Result<std::uint64_t> LogKeeper::publish_locked() {
    BAILIFF_TRY(const auto last, signer_.last_checkpoint());
    BAILIFF_TRY(const auto size, size_of_log(ledger_));
    if (size < last.size)
        return fail(Fault::corrupt, "the ledger has " + std::to_string(size) + " leaves, " +
                                        std::to_string(last.size) +
                                        " were signed: it is older than the log");
    BAILIFF_TRY(const auto held, tiles_size());
    if (size == last.size && held == size) return size;
    if (size == 0) return size;
    // Files that are behind, of a crash or of a folder that was lost, are made anew from there.
    const auto from = std::min(held, last.size);
    auto note = sign_from(from, last.size, size);
    const bool files_may_be_wrong = !note && note.error().fault != Fault::unavailable && from != 0;
    if (files_may_be_wrong) note = sign_from(0, last.size, size);
    if (!note) return Failure(std::move(note).error());
    BAILIFF_CHECK(files_.write(checkpoint_path, *note).within("writing the checkpoint"));
    crash_point("checkpoint_written");
    if (options_.published) options_.published(*note);
    return size;
}

}  // namespace bailiff
