#include "lmdb/directory.hpp"

#include <algorithm>

#include "lmdb/codec.hpp"
#include "lmdb/directory_tables.hpp"

namespace bailiff {

using lmdb::Cursor;
using lmdb::DirectoryTables;
using lmdb::Environment;
using lmdb::Key;
using lmdb::Txn;

struct LmdbDirectory::Mapped {
    std::unique_ptr<Environment> environment;
    DirectoryTables tables;
};

namespace {

bool has(const Service& service, IdentityKind kind, std::string_view value, Instant at) {
    return std::ranges::any_of(service.identities, [&](const Identity& identity) {
        return identity.kind == kind && identity.value == value && identity.holds_at(at);
    });
}

Result<Service> read_service(std::string_view id, std::string_view bytes) {
    BAILIFF_TRY(auto service,
                lmdb::decode<Service>(bytes).within("reading service " + std::string(id)));
    if (service.id.text() != id)
        return fail(Fault::corrupt, "service " + std::string(id) + " stands in the wrong place");
    return service;
}

/// The id that an index key names behind its prefix.
std::string_view named_id(std::string_view key, std::size_t prefix_size) {
    key.remove_prefix(prefix_size);
    if (!key.empty()) key.remove_suffix(1);
    return key;
}

struct Listing {
    const Txn& txn;
    const DirectoryTables& tables;
    lmdb::Table index;

    /// All services that the index has under `prefix`, in order of id.
    [[nodiscard]] Result<std::vector<Service>> under(std::string_view prefix) const {
        std::vector<Service> listed;
        BAILIFF_TRY(auto cursor, Cursor::open(txn, index));
        BAILIFF_TRY(auto entry, cursor.seek(prefix));
        while (entry && entry->key.starts_with(prefix)) {
            const auto id = named_id(entry->key, prefix.size());
            BAILIFF_TRY(const auto bytes, txn.get(tables.services, id));
            if (!bytes) return fail(Fault::corrupt, "a service is listed and missing");
            BAILIFF_TRY(auto service, read_service(id, *bytes));
            listed.push_back(std::move(service));
            BAILIFF_TRY(entry, cursor.next());
        }
        return listed;
    }
};

}  // namespace

LmdbDirectory::LmdbDirectory(std::string path) : path_(std::move(path)) {}
LmdbDirectory::~LmdbDirectory() = default;

Result<std::unique_ptr<LmdbDirectory>> LmdbDirectory::open(const std::string& path) {
    std::unique_ptr<LmdbDirectory> directory(new LmdbDirectory(path));
    BAILIFF_CHECK(directory->mapped().within("opening the directory"));
    return directory;
}

Result<const LmdbDirectory::Mapped*> LmdbDirectory::mapped() const {
    const Lock lock(mutex_);
    if (mapped_) return mapped_.get();
    auto environment = Environment::open(lmdb::directory_options(path_, lmdb::Access::read_only));
    if (!environment && environment.error().fault == Fault::not_found) return nullptr;
    if (!environment) return Failure(std::move(environment).error());
    BAILIFF_TRY(auto txn, Txn::read(**environment));
    // A writer that was stopped before its first import leaves files without tables.
    auto tables = DirectoryTables::open(txn, Txn::Missing::fails);
    if (!tables && tables.error().fault == Fault::not_found) return nullptr;
    if (!tables) return Failure(std::move(tables).error());
    BAILIFF_CHECK(std::move(txn).commit());
    mapped_.reset(new Mapped{*std::move(environment), *tables});
    return mapped_.get();
}

Result<std::vector<Service>> LmdbDirectory::find(IdentityKind kind, std::string_view value,
                                                 Instant at) const {
    BAILIFF_TRY(const Mapped* const here, mapped());
    if (here == nullptr) return std::vector<Service>{};
    BAILIFF_TRY(const auto txn, Txn::read(*here->environment));
    const Listing listing{txn, here->tables, here->tables.identities};
    BAILIFF_TRY(auto found, listing.under(lmdb::identity_prefix(kind, value)));
    // The index knows no validity times, and no more than a hash of a long value.
    std::erase_if(found, [&](const Service& service) { return !has(service, kind, value, at); });
    return found;
}

Result<std::optional<Service>> LmdbDirectory::service(const ServiceId& id) const {
    BAILIFF_TRY(const Mapped* const here, mapped());
    if (here == nullptr) return std::optional<Service>{};
    BAILIFF_TRY(const auto txn, Txn::read(*here->environment));
    BAILIFF_TRY(const auto bytes, txn.get(here->tables.services, id.text()));
    if (!bytes) return std::optional<Service>{};
    BAILIFF_TRY(auto found, read_service(id.text(), *bytes));
    return found;
}

Result<std::vector<Service>> LmdbDirectory::services_of(const AccountId& id) const {
    BAILIFF_TRY(const Mapped* const here, mapped());
    if (here == nullptr || id.empty()) return std::vector<Service>{};
    BAILIFF_TRY(const auto txn, Txn::read(*here->environment));
    return Listing{txn, here->tables, here->tables.accounts}.under(Key().id(id));
}

Result<std::vector<Service>> LmdbDirectory::list(const ServiceId& after, std::size_t count) const {
    std::vector<Service> listed;
    BAILIFF_TRY(const Mapped* const here, mapped());
    if (here == nullptr) return listed;
    BAILIFF_TRY(const auto txn, Txn::read(*here->environment));
    BAILIFF_TRY(auto cursor, Cursor::open(txn, here->tables.services));
    BAILIFF_TRY(auto entry, cursor.seek(after.text()));
    while (entry && listed.size() < count) {
        if (entry->key != after.text()) {
            BAILIFF_TRY(auto service, read_service(entry->key, entry->value));
            listed.push_back(std::move(service));
        }
        BAILIFF_TRY(entry, cursor.next());
    }
    return listed;
}

Result<DirectoryInfo> LmdbDirectory::info() const {
    const auto nothing = [] { return fail(Fault::not_found, "nothing was ever imported"); };
    BAILIFF_TRY(const Mapped* const here, mapped());
    if (here == nullptr) return nothing();
    BAILIFF_TRY(const auto txn, Txn::read(*here->environment));
    BAILIFF_TRY(const auto bytes, txn.get(here->tables.meta, lmdb::import_info_key));
    if (!bytes) return nothing();
    BAILIFF_TRY(const auto stored, lmdb::decode<lmdb::ImportInfo>(*bytes));
    return DirectoryInfo{.imported = stored.imported,
                         .services = stored.services,
                         .accounts = stored.accounts,
                         .identities = stored.identities};
}

}  // namespace bailiff
