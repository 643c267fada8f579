#pragma once
// The tables of the directory and their keys; README.md has the grammar.

#include <bailiff/service.hpp>
#include <string_view>

#include "lmdb/environment.hpp"
#include "lmdb/key.hpp"
#include "lmdb/schema.hpp"
#include "lmdb/txn.hpp"

namespace bailiff::lmdb {

inline constexpr std::uint64_t directory_map_bytes = 4ULL << 30;
inline constexpr std::string_view import_info_key = "import";

struct DirectoryTables {
    Table meta, services, identities, accounts;

    [[nodiscard]] static Result<DirectoryTables> open(Txn& txn, Txn::Missing missing) {
        DirectoryTables tables;
        BAILIFF_CHECK(require_schema(txn, missing, "directory"));
        BAILIFF_TRY(tables.meta, txn.table("meta", missing));
        BAILIFF_TRY(tables.services, txn.table("service", missing));
        BAILIFF_TRY(tables.identities, txn.table("identity", missing));
        BAILIFF_TRY(tables.accounts, txn.table("account", missing));
        return tables;
    }
};

inline EnvironmentOptions directory_options(const std::string& path, Access access) {
    EnvironmentOptions options;
    options.path = path;
    options.map_bytes = directory_map_bytes;
    options.access = access;
    options.directory_mode = 02750;
    options.data_mode = 0640;
    if (access == Access::read_write) options.role = "import";
    return options;
}

inline Key identity_prefix(IdentityKind kind, std::string_view value) {
    return Key().u8(static_cast<std::uint8_t>(kind)).text(value);
}
inline Key identity_key(const Identity& identity, const ServiceId& id) {
    return identity_prefix(identity.kind, identity.value).id(id);
}
inline Key account_key(const AccountId& account, const ServiceId& id) {
    return Key().id(account).id(id);
}

}  // namespace bailiff::lmdb
