#pragma once

#include <bailiff/mutex.hpp>
#include <bailiff/ports/directory.hpp>
#include <memory>
#include <string>
#include <vector>

namespace bailiff {

namespace lmdb {
class Environment;
}

/// The directory on LMDB, for reading. The files may come later than we: until the first import it
/// is empty. A new import shows at the next call.
/// Threads  any. Errors, beside the port's: exhausted never; find() takes a few microseconds.
class LmdbDirectory final : public Directory {
public:
    /// Order    sets the process's umask meanwhile: before threads that make files.
    /// Errors   unavailable: no permission, or this process has it open already.
    ///          corrupt: cut short, or of another layout.  invalid_input: NFS and its like.
    [[nodiscard]] static Result<std::unique_ptr<LmdbDirectory>> open(const std::string& path);
    ~LmdbDirectory() override;

    [[nodiscard]] Result<std::vector<Service>> find(IdentityKind kind, std::string_view value,
                                                    Instant at) const override;
    [[nodiscard]] Result<std::optional<Service>> service(const ServiceId& id) const override;
    [[nodiscard]] Result<std::vector<Service>> services_of(const AccountId& id) const override;
    [[nodiscard]] Result<std::vector<Service>> list(const ServiceId& after,
                                                    std::size_t count) const override;
    [[nodiscard]] Result<DirectoryInfo> info() const override;

private:
    struct Mapped;
    explicit LmdbDirectory(std::string path);
    /// What is mapped; null before the first import.
    [[nodiscard]] Result<const Mapped*> mapped() const;

    // Constant after construction.
    const std::string path_;
    // Guarded by mutex_; what it points to is constant and synchronises itself.
    mutable Mutex mutex_;
    mutable std::unique_ptr<const Mapped> mapped_ BAILIFF_GUARDED_BY(mutex_);
};

/// The one who writes the directory: data.mdb 0640, lock.mdb 0660, the directory 2750.
/// Threads  one. Errors   those of an environment; exhausted: map or disk full, the old data stays.
class DirectoryWriter {
public:
    /// Errors   unavailable: another import runs.
    [[nodiscard]] static Result<std::unique_ptr<DirectoryWriter>> open(const std::string& path);
    ~DirectoryWriter();

    /// Puts `services` in the place of all that was there, in one transaction.
    /// Errors   invalid_input: an empty id, or the same one twice.
    [[nodiscard]] Result<void> replace_all(const std::vector<Service>& services, Instant imported);

private:
    explicit DirectoryWriter(std::unique_ptr<lmdb::Environment> environment);
    const std::unique_ptr<lmdb::Environment> environment_;
};

}  // namespace bailiff
