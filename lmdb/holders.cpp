#include "lmdb/holders.hpp"

#include <map>

#include "lmdb/codec.hpp"
#include "lmdb/schema.hpp"
#include "lmdb/txn.hpp"

namespace bailiff {

using lmdb::Environment;
using lmdb::Txn;

namespace {

constexpr std::uint64_t holders_map_bytes = 4ULL << 30;

Result<std::map<std::string, std::string>> rows_of(const std::vector<Holder>& holders) {
    std::map<std::string, std::string> rows;
    for (const auto& holder : holders) {
        if (holder.id.empty()) return fail(Fault::invalid_input, "a holder has no id");
        BAILIFF_TRY(auto bytes, lmdb::encode(holder).within("storing holder " + holder.id.text()));
        if (!rows.emplace(holder.id.text(), std::move(bytes)).second)
            return fail(Fault::invalid_input, "holder " + holder.id.text() + " is there twice");
    }
    return rows;
}

}  // namespace

HolderStore::HolderStore(std::unique_ptr<Environment> environment, const lmdb::Table& table)
    : environment_(std::move(environment)), table_(std::make_unique<lmdb::Table>(table)) {}
HolderStore::~HolderStore() = default;

Result<std::unique_ptr<HolderStore>> HolderStore::open(const std::string& path) {
    lmdb::EnvironmentOptions options;
    options.path = path;
    options.map_bytes = holders_map_bytes;
    options.directory_mode = 02700;
    options.data_mode = 0600;
    options.lock_mode = 0600;
    BAILIFF_TRY(auto environment, Environment::open(std::move(options)));
    BAILIFF_TRY(auto txn, Txn::write(*environment));
    BAILIFF_CHECK(lmdb::require_schema(txn, Txn::Missing::is_created, "holders")
                      .within("opening the holders"));
    BAILIFF_TRY(const auto table, txn.table("holder", Txn::Missing::is_created));
    BAILIFF_CHECK(std::move(txn).commit().within("opening the holders"));
    return std::unique_ptr<HolderStore>(new HolderStore(std::move(environment), table));
}

Result<void> HolderStore::replace_all(const std::vector<Holder>& holders) {
    BAILIFF_TRY(const auto rows, rows_of(holders));
    BAILIFF_TRY(auto txn, Txn::write(*environment_));
    BAILIFF_CHECK(txn.clear(*table_));
    for (const auto& [key, value] : rows) BAILIFF_CHECK(txn.append(*table_, {key, value}));
    return std::move(txn).commit().within("importing holders");
}

Result<std::optional<Holder>> HolderStore::find(const HolderId& id) const {
    BAILIFF_TRY(const auto txn, Txn::read(*environment_));
    BAILIFF_TRY(const auto bytes, txn.get(*table_, id.text()));
    if (!bytes) return std::optional<Holder>{};
    BAILIFF_TRY(auto holder, lmdb::decode<Holder>(*bytes).within("reading holder " + id.text()));
    if (holder.id != id)
        return fail(Fault::corrupt, "holder " + id.text() + " stands in the wrong place");
    return holder;
}

}  // namespace bailiff
