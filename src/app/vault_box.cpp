#include "src/app/vault_box.hpp"

#include "src/app/signing_keys.hpp"

namespace bailiff {

void VaultBox::read(const Settings& settings) {
    auto keys = vault_keys(settings);
    std::string why;
    if (!keys)
        why = keys.error().what;
    else if (keys->empty())
        why = "no public key of the vault; `bailiff keys init` makes them";
    if (!why.empty()) journal_.event(Severity::alarm, "not_sealed_at_rest", {{"why", why}});
    const Lock lock(mutex_);
    if (keys) keys_ = *std::move(keys);
}

std::string VaultBox::seal(std::string_view plain, const CaseId& id, std::string_view path) const {
    std::vector<VaultKey> keys;
    {
        const Lock lock(mutex_);
        keys = keys_;
    }
    return keys.empty() ? std::string(plain) : bailiff::seal(plain, vault_context(id, path), keys);
}

}  // namespace bailiff
