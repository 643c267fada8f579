#include "lmdb/opened_ledger.hpp"

#include <string>

#include "lmdb/ledger_txn.hpp"
#include "lmdb/txn.hpp"

namespace bailiff::lmdb {
namespace {

constexpr std::size_t probe_bytes = 64U << 10;
constexpr std::string_view probe_key = "probe";

/// Waits for no other writer unless tables are missing.
Result<LedgerTables> find_tables(const Environment& environment, Txn::Missing missing) {
    BAILIFF_TRY(auto txn,
                missing == Txn::Missing::fails ? Txn::read(environment) : Txn::write(environment));
    BAILIFF_TRY(const auto tables, LedgerTables::open(txn, missing));
    BAILIFF_CHECK(std::move(txn).commit());
    return tables;
}

}  // namespace

Result<OpenedLedger> OpenedLedger::open(const EnvironmentOptions& options) {
    const auto doing = "opening the ledger " + options.path;
    OpenedLedger opened;
    BAILIFF_TRY(opened.environment, Environment::open(options));
    auto found = find_tables(*opened.environment, Txn::Missing::fails);
    const bool may_create = options.access == Access::read_write;
    if (!found && found.error().fault == Fault::not_found && may_create)
        found = find_tables(*opened.environment, Txn::Missing::is_created);
    BAILIFF_TRY(opened.tables, std::move(found).within(doing));
    return opened;
}

Result<void> probe(const Environment& environment) {
    {
        BAILIFF_TRY(auto txn, Txn::write(environment));
        BAILIFF_TRY(const auto meta, txn.table("meta", Txn::Missing::fails));
        BAILIFF_CHECK(txn.put(meta, {probe_key, std::string(probe_bytes, '\0')}));
        BAILIFF_CHECK(std::move(txn).commit());
    }
    BAILIFF_TRY(auto txn, Txn::write(environment));
    BAILIFF_TRY(const auto meta, txn.table("meta", Txn::Missing::fails));
    BAILIFF_CHECK(txn.erase(meta, probe_key));
    return std::move(txn).commit();
}

Result<bool> is_filling(const Environment& environment) {
    const auto allowed = environment.map_bytes() / 100 * filling_percent;
    if (environment.bytes_reached() <= allowed) return false;
    BAILIFF_TRY(const auto stats, environment.stats());
    return stats.map_bytes_used > allowed;
}

}  // namespace bailiff::lmdb
