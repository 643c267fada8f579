#pragma once
// Publishes the log: what the ledger has appended becomes entries, tiles and a signed checkpoint.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/ports/signer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

/// The published files, below one folder.
class LogFiles {
public:
    virtual ~LogFiles() = default;
    /// Errors   not_found.
    [[nodiscard]] virtual Result<std::string> read(const std::string& path) const = 0;
    /// Whole or not at all, and durable when it returns.
    [[nodiscard]] virtual Result<void> write(const std::string& path,
                                             const std::string& content) = 0;
};

/// Where the signed checkpoint stands among them.
inline constexpr const char* checkpoint_path = "checkpoint";

/// The bytes of a leaf as they are published.  Errors   corrupt: of a kind that no leaf has.
[[nodiscard]] Result<std::string> entry_of(const Leaf& leaf);

/// Threads  any; one publishes at a time.
class LogKeeper {
public:
    struct Options {
        std::uint64_t leaves = 1000;                 ///< so many new ones are published at once
        std::chrono::milliseconds interval{60'000};  ///< fewer, after so long
        /// Told of each new checkpoint; sends it off the machine.
        std::function<void(const std::string& note)> published{};
    };
    struct Status {
        std::uint64_t size = 0;  ///< of the last checkpoint
        std::string error{};     ///< why nothing is published; empty: it is
    };

    /// All of them must outlive it.
    LogKeeper(const Ledger& ledger, Signer& signer, LogFiles& files, const Clock& clock,
              Journal& journal, Options options)
        : ledger_(ledger),
          signer_(signer),
          files_(files),
          clock_(clock),
          journal_(journal),
          options_(std::move(options)) {}

    /// Publishes if it is time.
    void run_due();
    /// Publishes now, if anything is new; returns the size that is published.
    /// Errors   corrupt: the log is shorter than, or another than what was signed.
    [[nodiscard]] Result<std::uint64_t> publish();
    [[nodiscard]] Status status() const;

private:
    [[nodiscard]] Result<std::uint64_t> publish_locked() BAILIFF_REQUIRES(mutex_);
    [[nodiscard]] Result<void> write_tiles(std::uint64_t from, std::uint64_t size);
    [[nodiscard]] Result<std::string> sign_from(std::uint64_t from, std::uint64_t signed_size,
                                                std::uint64_t size);
    [[nodiscard]] Result<LogGrowth> growth(std::uint64_t from, std::uint64_t size) const;
    [[nodiscard]] Result<std::uint64_t> tiles_size() const;
    void note(const Result<std::uint64_t>& published) BAILIFF_REQUIRES(mutex_);

    const Ledger& ledger_;
    Signer& signer_;
    LogFiles& files_;
    const Clock& clock_;
    Journal& journal_;
    const Options options_;
    mutable Mutex mutex_;
    Status status_ BAILIFF_GUARDED_BY(mutex_);
    std::optional<SteadyInstant> tried_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
