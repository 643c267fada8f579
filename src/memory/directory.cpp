#include "src/memory/directory.hpp"

#include <algorithm>

namespace bailiff {
namespace {

bool has(const Service& service, IdentityKind kind, std::string_view value, Instant at) {
    return std::ranges::any_of(service.identities, [&](const Identity& identity) {
        return identity.kind == kind && identity.value == value && identity.holds_at(at);
    });
}

}  // namespace

MemoryDirectory::MemoryDirectory(std::vector<Service> services, Instant imported) {
    for (auto& service : services) {
        auto id = service.id;
        services_.emplace(std::move(id), std::move(service));
    }
    DirectoryInfo info;
    for (const auto& [id, service] : services_) {
        by_account_[service.account].push_back(id);
        info.identities += service.identities.size();
        for (const auto& identity : service.identities) {
            auto& ids = by_identity_[{identity.kind, identity.value}];
            if (ids.empty() || ids.back() != id) ids.push_back(id);
        }
    }
    info.imported = imported;
    info.services = services_.size();
    info.accounts = by_account_.size();
    info_ = info;
}

Result<std::vector<Service>> MemoryDirectory::find(IdentityKind kind, std::string_view value,
                                                   Instant at) const {
    std::vector<Service> found;
    const auto ids = by_identity_.find({kind, std::string(value)});
    if (ids == by_identity_.end()) return found;
    for (const auto& id : ids->second) {
        const auto& service = services_.at(id);
        if (has(service, kind, value, at)) found.push_back(service);
    }
    return found;
}

Result<std::optional<Service>> MemoryDirectory::service(const ServiceId& id) const {
    const auto found = services_.find(id);
    if (found == services_.end()) return std::optional<Service>{};
    return found->second;
}

Result<std::vector<Service>> MemoryDirectory::services_of(const AccountId& id) const {
    std::vector<Service> found;
    const auto ids = by_account_.find(id);
    if (ids == by_account_.end()) return found;
    for (const auto& service : ids->second) found.push_back(services_.at(service));
    return found;
}

Result<std::vector<Service>> MemoryDirectory::list(const ServiceId& after,
                                                   std::size_t count) const {
    std::vector<Service> listed;
    for (auto at = services_.upper_bound(after); at != services_.end(); ++at) {
        if (listed.size() >= count) break;
        listed.push_back(at->second);
    }
    return listed;
}

Result<DirectoryInfo> MemoryDirectory::info() const {
    if (!info_) return fail(Fault::not_found, "nothing was ever imported");
    return *info_;
}

}  // namespace bailiff
