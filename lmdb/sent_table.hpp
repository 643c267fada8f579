#pragma once

#include <bailiff/mutex.hpp>
#include <bailiff/ports/sent_mail.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bailiff {

namespace lmdb {
class Environment;
}

/// The table of sent mail in the environment `counters/`: written without a sync, by one process.
/// A machine that loses power loses it, and nothing else. A broken one is made anew.
/// Threads  any; flush() one at a time.
class SentTable final : public SentMail {
public:
    /// Opens, or creates.  Errors   as Environment::open, but for `corrupt`.
    [[nodiscard]] static Result<std::unique_ptr<SentTable>> open(const std::string& path);
    ~SentTable() override;

    void note(std::string_view queue_id, const SentRow& row) noexcept override;
    [[nodiscard]] Result<std::optional<SentRow>> find(std::string_view queue_id) const override;

    /// Writes what was noted, in one transaction, and drops rows that are older than any mail.
    [[nodiscard]] Result<void> flush(Instant now);
    /// Notes that found no room between two flushes.
    [[nodiscard]] std::uint64_t lost() const;
    /// For the other tables of `counters/`: a process has one object an environment.
    [[nodiscard]] std::shared_ptr<lmdb::Environment> environment() const { return environment_; }

    static constexpr std::size_t notes_max = 20'000;  ///< between two flushes

private:
    struct Note {
        std::string queue_id;
        SentRow row;
    };
    explicit SentTable(std::unique_ptr<lmdb::Environment> environment);

    const std::shared_ptr<lmdb::Environment> environment_;
    mutable Mutex mutex_;
    std::vector<Note> notes_ BAILIFF_GUARDED_BY(mutex_);
    std::uint64_t lost_ BAILIFF_GUARDED_BY(mutex_) = 0;
};

/// The same for another process, which only reads. Opened when first asked.
/// Threads  one at a time.
class SentReader final : public SentMail {
public:
    explicit SentReader(std::string path);
    ~SentReader() override;

    void note(std::string_view, const SentRow&) noexcept override {}
    /// Nothing while there is no such table.
    [[nodiscard]] Result<std::optional<SentRow>> find(std::string_view queue_id) const override;

private:
    const std::string path_;
    mutable std::unique_ptr<lmdb::Environment> environment_;
};

}  // namespace bailiff
