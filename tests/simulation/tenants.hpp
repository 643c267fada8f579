#pragma once
// Who has which service, and what the import knows of it: the directory port over a list that the
// world changes.

#include <bailiff/ports/directory.hpp>
#include <algorithm>
#include <vector>

#include "tests/simulation/sky.hpp"

namespace bailiff::simulation {

class Tenants final : public Directory {
public:
    explicit Tenants(Sky& sky) : sky_(sky) {}

    Result<std::vector<Service>> find(IdentityKind kind, std::string_view value,
                                      Instant) const override {
        return select([&](const Service& row) {
            return std::ranges::any_of(row.identities, [&](const Identity& identity) {
                return identity.kind == kind && identity.value == value;
            });
        });
    }
    Result<std::optional<Service>> service(const ServiceId& id) const override {
        BAILIFF_TRY(const auto found, select([&](const Service& row) { return row.id == id; }));
        if (found.empty()) return std::optional<Service>();
        return std::optional<Service>(found.front());
    }
    Result<std::vector<Service>> services_of(const AccountId& id) const override {
        return select([&](const Service& row) { return row.account == id; });
    }
    Result<std::vector<Service>> list(const ServiceId&, std::size_t) const override {
        return select([](const Service&) { return true; });
    }
    Result<DirectoryInfo> info() const override {
        if (sky_.weather.directory_away) return away();
        return DirectoryInfo{.imported = imported};
    }

    [[nodiscard]] const Service& of(const ServiceId& id) const {
        return *std::ranges::find(rows, id, &Service::id);
    }

    std::vector<Service> rows;
    Instant imported{};  ///< by the panel's clock, which is right

private:
    static Failure away() { return fail(Fault::unavailable, "the directory is away"); }
    template <class Want>
    Result<std::vector<Service>> select(Want want) const {
        if (sky_.weather.directory_away) return away();
        std::vector<Service> found;
        std::ranges::copy_if(rows, std::back_inserter(found), want);
        return found;
    }
    Sky& sky_;
};

}  // namespace bailiff::simulation
