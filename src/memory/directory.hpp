#pragma once

#include <bailiff/ports/directory.hpp>
#include <map>
#include <string>
#include <vector>

namespace bailiff {

/// A directory in memory, for tests and `explain`.
/// Threads  any; constant after construction.
class MemoryDirectory final : public Directory {
public:
    /// Nothing was ever imported.
    MemoryDirectory() = default;
    /// Of two services with the same id the first counts.
    MemoryDirectory(std::vector<Service> services, Instant imported);

    [[nodiscard]] Result<std::vector<Service>> find(IdentityKind kind, std::string_view value,
                                                    Instant at) const override;
    [[nodiscard]] Result<std::optional<Service>> service(const ServiceId& id) const override;
    [[nodiscard]] Result<std::vector<Service>> services_of(const AccountId& id) const override;
    [[nodiscard]] Result<std::vector<Service>> list(const ServiceId& after,
                                                    std::size_t count) const override;
    [[nodiscard]] Result<DirectoryInfo> info() const override;

private:
    struct IdentityKey {
        IdentityKind kind;
        std::string value;
        auto operator<=>(const IdentityKey&) const = default;
    };
    std::map<ServiceId, Service> services_;
    std::map<IdentityKey, std::vector<ServiceId>> by_identity_;  ///< in order of id, each once
    std::map<AccountId, std::vector<ServiceId>> by_account_;     ///< in order of id
    std::optional<DirectoryInfo> info_;
};

}  // namespace bailiff
