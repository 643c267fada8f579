#pragma once

#include <bailiff/holder.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

namespace lmdb {
class Environment;
struct Table;
}  // namespace lmdb

/// Contact data of holders, in an environment that only the enforcer's user may read: directory
/// 2700, files 0600.
/// Threads  any. Errors   unavailable: cannot be read now.  corrupt: a bad record.
class HolderStore {
public:
    /// Opens, or creates.
    [[nodiscard]] static Result<std::unique_ptr<HolderStore>> open(const std::string& path);
    ~HolderStore();

    /// Puts `holders` in the place of all that were there, in one transaction.
    /// Errors   invalid_input: an empty id, or the same one twice.  exhausted: the old ones stay.
    [[nodiscard]] Result<void> replace_all(const std::vector<Holder>& holders);

    [[nodiscard]] Result<std::optional<Holder>> find(const HolderId& id) const;

private:
    HolderStore(std::unique_ptr<lmdb::Environment> environment, const lmdb::Table& table);
    const std::unique_ptr<lmdb::Environment> environment_;
    const std::unique_ptr<const lmdb::Table> table_;
};

}  // namespace bailiff
