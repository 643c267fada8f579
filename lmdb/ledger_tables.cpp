#include "lmdb/ledger_tables.hpp"

#include "lmdb/schema.hpp"

namespace bailiff::lmdb {

Result<LedgerTables> LedgerTables::open(Txn& txn, Txn::Missing missing) {
    BAILIFF_CHECK(require_schema(txn, missing, "ledger"));
    struct Row {
        const char* name;
        Table LedgerTables::*table;
    };
    static constexpr Row rows[] = {
        {"case", &LedgerTables::cases},
        {"message", &LedgerTables::messages},
        {"fingerprint", &LedgerTables::fingerprints},
        {"open_case", &LedgerTables::open_cases},
        {"case_by_time", &LedgerTables::cases_by_time},
        {"case_by_service", &LedgerTables::cases_by_service},
        {"action", &LedgerTables::actions},
        {"action_by_case", &LedgerTables::actions_by_case},
        {"outbox", &LedgerTables::outbox},
        {"waiting", &LedgerTables::waiting},
        {"service_standing", &LedgerTables::service_standings},
        {"account_standing", &LedgerTables::account_standings},
        {"effect", &LedgerTables::effects},
        {"hold", &LedgerTables::holds},
        {"leaf", &LedgerTables::leaves},
        {"breaker", &LedgerTables::breakers},
        {"rule_age", &LedgerTables::rule_ages},
        {"exhibit", &LedgerTables::exhibits},
        {"exhibit_bytes", &LedgerTables::exhibit_bytes},
        {"seal", &LedgerTables::seals},
        {"unsealed", &LedgerTables::unsealed},
        {"unstamped", &LedgerTables::unstamped},
    };
    LedgerTables tables;
    for (const auto& row : rows) {
        BAILIFF_TRY(tables.*row.table, txn.table(row.name, missing));
    }
    return tables;
}

}  // namespace bailiff::lmdb
