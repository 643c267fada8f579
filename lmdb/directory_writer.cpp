#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lmdb/codec.hpp"

#include <bailiff/crash_point.hpp>
#include "lmdb/directory.hpp"
#include "lmdb/directory_tables.hpp"

namespace bailiff {

using lmdb::DirectoryTables;
using lmdb::Environment;
using lmdb::Txn;

namespace {

using Row = std::pair<std::string, std::string>;  // key, value

/// All rows of an import, sorted, before the transaction begins: no computing inside it.
struct Import {
    std::vector<Row> services, identities, accounts;
    std::string info;

    [[nodiscard]] static Result<Import> prepare(const std::vector<Service>& from, Instant imported);
};

Result<Import> Import::prepare(const std::vector<Service>& from, Instant imported) {
    Import import;
    lmdb::ImportInfo info{.imported = imported, .services = from.size()};
    std::set<AccountId> accounts;
    BAILIFF_TRY(const auto mark, lmdb::encode(lmdb::Mark{}));
    for (const auto& service : from) {
        if (service.id.empty()) return fail(Fault::invalid_input, "a service has no id");
        BAILIFF_TRY(auto bytes,
                    lmdb::encode(service).within("storing service " + service.id.text()));
        import.services.emplace_back(service.id.text(), std::move(bytes));
        import.accounts.emplace_back(lmdb::account_key(service.account, service.id).view(), mark);
        accounts.insert(service.account);
        info.identities += service.identities.size();
        for (const auto& identity : service.identities)
            import.identities.emplace_back(lmdb::identity_key(identity, service.id).view(), mark);
    }
    info.accounts = accounts.size();
    BAILIFF_TRY(import.info, lmdb::encode(info));
    for (auto* rows : {&import.services, &import.identities, &import.accounts})
        std::ranges::sort(*rows, {}, &Row::first);
    const auto twice = std::ranges::adjacent_find(import.services, {}, &Row::first);
    if (twice != import.services.end())
        return fail(Fault::invalid_input, "service " + twice->first + " is there twice");
    const auto same_key = [](const Row& one, const Row& other) { return one.first == other.first; };
    auto& identities = import.identities;
    identities.erase(std::unique(identities.begin(), identities.end(), same_key), identities.end());
    return import;
}

Result<void> fill(Txn& txn, lmdb::Table table, const std::vector<Row>& rows) {
    BAILIFF_CHECK(txn.clear(table));
    for (const auto& [key, value] : rows) BAILIFF_CHECK(txn.append(table, {key, value}));
    return {};
}

}  // namespace

DirectoryWriter::DirectoryWriter(std::unique_ptr<Environment> environment)
    : environment_(std::move(environment)) {}
DirectoryWriter::~DirectoryWriter() = default;

Result<std::unique_ptr<DirectoryWriter>> DirectoryWriter::open(const std::string& path) {
    BAILIFF_TRY(auto environment,
                Environment::open(lmdb::directory_options(path, lmdb::Access::read_write)));
    return std::unique_ptr<DirectoryWriter>(new DirectoryWriter(std::move(environment)));
}

Result<void> DirectoryWriter::replace_all(const std::vector<Service>& services, Instant imported) {
    BAILIFF_TRY(const auto import, Import::prepare(services, imported));
    BAILIFF_TRY(auto txn, Txn::write(*environment_));
    BAILIFF_TRY(const auto tables, DirectoryTables::open(txn, Txn::Missing::is_created));
    BAILIFF_CHECK(fill(txn, tables.services, import.services));
    BAILIFF_CHECK(fill(txn, tables.identities, import.identities));
    BAILIFF_CHECK(fill(txn, tables.accounts, import.accounts));
    BAILIFF_CHECK(txn.put(tables.meta, {lmdb::import_info_key, import.info}));
    crash_point("import.filled");
    return std::move(txn).commit().within("importing the directory");
}

}  // namespace bailiff
