#pragma once
// Finds the services behind an identity.

#include <bailiff/result.hpp>
#include <bailiff/service.hpp>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace bailiff {

struct DirectoryInfo {
    Instant imported{};  ///< when the panel's data was taken
    std::size_t services = 0;
    std::size_t accounts = 0;
    std::size_t identities = 0;
};

/// Threads  any. Errors, all functions: unavailable (cannot be read now), corrupt (a bad record).
class Directory {
public:
    virtual ~Directory() = default;

    /// All services that had this identity at `at`; more than one means that nobody can tell.
    /// Shape    `value` is compared byte for byte.
    [[nodiscard]] virtual Result<std::vector<Service>> find(IdentityKind kind,
                                                            std::string_view value,
                                                            Instant at) const = 0;

    [[nodiscard]] virtual Result<std::optional<Service>> service(const ServiceId& id) const = 0;

    [[nodiscard]] virtual Result<std::vector<Service>> services_of(const AccountId& id) const = 0;

    /// Services in order of id, after `after` (empty: from the first), at most `count`.
    [[nodiscard]] virtual Result<std::vector<Service>> list(const ServiceId& after,
                                                            std::size_t count) const = 0;

    /// Errors   not_found: nothing was ever imported.
    [[nodiscard]] virtual Result<DirectoryInfo> info() const = 0;
};

}  // namespace bailiff
