#pragma once

#include <cstdint>
#include <string>

#include "lmdb/txn.hpp"

namespace bailiff::lmdb {

/// The layout that this program writes, of all environments.
inline constexpr std::uint32_t schema_version = 3;

/// Reads what an environment is from its table "meta", or writes it into a new one.
/// Errors   corrupt: it is of another kind, or of a layout that this program does not know.
[[nodiscard]] Result<void> require_schema(Txn& txn, Txn::Missing missing, const std::string& kind);

}  // namespace bailiff::lmdb
