#pragma once
// The public keys of the vault, as a role has them.

#include <bailiff/evidence.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/settings.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "src/seal/sealed.hpp"

namespace bailiff {

/// Seals to the keys that read() found; without any, what it is given stays as it is, and an alarm
/// has said so.
/// Threads  any.
class VaultBox {
public:
    explicit VaultBox(Journal& journal) : journal_(journal) {}

    /// At the start, and with each reload. Keys that cannot be read leave those from before.
    void read(const Settings& settings);
    [[nodiscard]] std::string seal(std::string_view plain, const CaseId& id,
                                   std::string_view path) const;

private:
    Journal& journal_;
    mutable Mutex mutex_;
    std::vector<VaultKey> keys_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
