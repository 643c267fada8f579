#pragma once

#include <bailiff/mutex.hpp>
#include <bailiff/ports/features.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bailiff {

namespace lmdb {
class Environment;
class Txn;
struct PackedRow;
}  // namespace lmdb

/// What judged messages looked like, in the environment `counters/`: written in batches without a
/// sync, by one process. A machine that loses power loses it, and nothing else.
/// Threads  any; flush() one at a time.
class FeatureTable final : public Features {
public:
    struct Options {
        std::chrono::days kept_for{14};
        std::uint64_t bytes_max = 1ULL << 30;  ///< beyond, the oldest rows go first
    };
    struct Counts {
        std::uint64_t kept = 0;   ///< rows that were written
        std::uint64_t lost = 0;   ///< that found no room between two flushes, or were not written
        std::uint64_t bytes = 0;  ///< of all rows that are kept now
    };

    /// Creates its tables. A dictionary that cannot be read is thrown away, with all rows.
    /// Errors   as Environment's.
    [[nodiscard]] static Result<std::unique_ptr<FeatureTable>> open(
        std::shared_ptr<lmdb::Environment> environment, Options options);
    ~FeatureTable() override;
    /// Takes away all that was kept, for a host that wants none.
    [[nodiscard]] static Result<void> clear(const lmdb::Environment& environment);

    void note(FeatureRow row) noexcept override;

    /// Writes what was noted, in one transaction, and drops what is too old or too much.
    /// Errors   those of a transaction: then what was noted is lost, and counted.
    [[nodiscard]] Result<void> flush(Instant now);
    [[nodiscard]] Counts counts() const;

    static constexpr std::size_t rows_max = 20'000;     ///< between two flushes
    static constexpr std::size_t symbols_max = 65'536;  ///< different ones; then rows are lost
    static constexpr std::size_t symbol_bytes_max = 1'000;

private:
    struct Writing;
    FeatureTable(std::shared_ptr<lmdb::Environment> environment, Options options);
    [[nodiscard]] Result<void> load();
    [[nodiscard]] Result<void> write(const std::vector<FeatureRow>& rows, Instant now);
    [[nodiscard]] Result<std::uint32_t> book_number(Writing& writing,
                                                    const std::shared_ptr<const FeatureBook>& book,
                                                    Instant now);
    [[nodiscard]] Result<std::string> symbol_numbers(Writing& writing,
                                                     const std::vector<std::string>& symbols);
    [[nodiscard]] Result<std::string> other_numbers(Writing& writing, const Findings& findings);
    [[nodiscard]] Result<lmdb::PackedRow> packed(Writing& writing, const FeatureRow& row,
                                                 Instant now);
    [[nodiscard]] Result<std::string> free_key(Writing& writing, Instant at);
    [[nodiscard]] bool has_room(const FeatureRow& row) const;
    [[nodiscard]] Result<void> drop(Writing& writing, std::size_t at_most, Instant now);

    // Constant after construction.
    const std::shared_ptr<lmdb::Environment> environment_;
    const Options options_;
    // The flushing thread's own.
    std::map<std::string, std::uint32_t, std::less<>> symbols_;
    std::vector<std::pair<std::shared_ptr<const FeatureBook>, std::uint32_t>> books_;
    std::uint64_t sequence_ = 0;
    Instant dropped_at_{};
    bool is_loaded_ = false;
    // Guarded by mutex_.
    mutable Mutex mutex_;
    std::vector<FeatureRow> rows_ BAILIFF_GUARDED_BY(mutex_);
    Counts counts_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
