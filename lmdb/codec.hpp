#pragma once
// Records to bytes and back. The grammar and a worked example are in README.md.

#include <bailiff/case.hpp>
#include <bailiff/holder.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/ports/sent_mail.hpp>
#include <bailiff/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace bailiff::lmdb {

/// Value of an index that lists cases: enough to filter without reading the case.
struct CaseEntry {
    CaseId id;
    CaseState state = CaseState::open;
    bool operator==(const CaseEntry&) const = default;
};

/// Value of an index whose key says all.
struct Mark {
    bool operator==(const Mark&) const = default;
};

/// How often a case has changed since it was last sealed.
struct ChangeCount {
    std::uint64_t count = 0;
    bool operator==(const ChangeCount&) const = default;
};

/// First record of an environment: what it is, and by which layout.
struct Schema {
    std::string kind;  ///< "ledger", "directory", "holders"
    std::uint32_t version = 0;
    bool operator==(const Schema&) const = default;
};

/// What one import brought.
struct ImportInfo {
    Instant imported{};
    std::uint64_t services = 0;
    std::uint64_t accounts = 0;
    std::uint64_t identities = 0;
    bool operator==(const ImportInfo&) const = default;
};

/// For Case, Action, StandingRow, Leaf, Exhibit, Seal, Service, Holder and the records above.
/// Errors   exhausted: `record` passes a bound of encoder.hpp.
template <class Record>
[[nodiscard]] Result<std::string> encode(const Record& record);

/// The record that encode() made these bytes of.
/// Shape    any bytes: never reads beyond them, never reserves more than they justify.
/// Errors   corrupt: they are not such a record, whole and unchanged.
template <class Record>
[[nodiscard]] Result<Record> decode(std::string_view bytes);

/// The six bytes to store before a raw message.
[[nodiscard]] std::string message_head(std::string_view raw);

/// The raw message within a stored one; a view into `bytes`.  Errors   corrupt.
[[nodiscard]] Result<std::string_view> decode_message(std::string_view bytes);

}  // namespace bailiff::lmdb
