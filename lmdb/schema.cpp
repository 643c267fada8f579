#include "lmdb/schema.hpp"

#include "lmdb/codec.hpp"

namespace bailiff::lmdb {

Result<void> require_schema(Txn& txn, Txn::Missing missing, const std::string& kind) {
    BAILIFF_TRY(const auto meta, txn.table("meta", missing));
    BAILIFF_TRY(const auto stored, txn.get(meta, "schema"));
    if (!stored) {
        if (missing == Txn::Missing::fails) return fail(Fault::not_found, "it is empty");
        BAILIFF_TRY(const auto bytes, encode(Schema{kind, schema_version}));
        return txn.put(meta, {"schema", bytes});
    }
    BAILIFF_TRY(const auto schema, decode<Schema>(*stored));
    if (schema.kind != kind)
        return fail(Fault::corrupt, "it holds a " + schema.kind + ", not a " + kind);
    if (schema.version != schema_version)
        return fail(Fault::corrupt, "it has layout " + std::to_string(schema.version) +
                                        ", this program knows layout " +
                                        std::to_string(schema_version));
    return {};
}

}  // namespace bailiff::lmdb
