#pragma once
// Transactions, tables and cursors of an Environment.

#include <bailiff/result.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "lmdb/environment.hpp"

struct MDB_txn;
struct MDB_cursor;

namespace bailiff::lmdb {

/// LMDB's own bound on keys.
inline constexpr std::size_t key_bytes_max = 511;

/// A named table of an environment; valid as long as it is.
struct Table {
    unsigned number = 0;
};

struct Entry {
    std::string_view key;
    std::string_view value;
};

/// Aborts when destroyed, unless commit() ended it. Views that it gives end with the next write.
/// Threads  one at a time. A writer blocks until no other process or thread writes.
/// Errors   exhausted: map or disk full.  internal: the file can no longer be written.
class Txn {
public:
    [[nodiscard]] static Result<Txn> read(const Environment& environment);
    [[nodiscard]] static Result<Txn> write(const Environment& environment);
    /// A transaction within this one; this one rests until that one ends.
    [[nodiscard]] Result<Txn> child();
    [[nodiscard]] Result<void> commit() &&;
    /// The same, and LMDB's or the system's own number for what happened; 0: committed.
    [[nodiscard]] int commit_code() &&;

    /// Opens a table, and creates it if `create`.  Errors   not_found.
    enum class Missing : std::uint8_t { fails, is_created };
    [[nodiscard]] Result<Table> table(const char* name, Missing missing);

    [[nodiscard]] Result<std::optional<std::string_view>> get(Table table,
                                                              std::string_view key) const;
    /// Errors   invalid_input: the key is empty or longer than key_bytes_max.
    [[nodiscard]] Result<void> put(Table table, const Entry& entry);
    /// The same for a key behind all that are there.
    [[nodiscard]] Result<void> append(Table table, const Entry& entry);
    /// Room for a value of `size` bytes, to be filled before the next call.
    [[nodiscard]] Result<std::span<char>> reserve(Table table, std::string_view key,
                                                  std::size_t size);
    /// A key that is not there is fine.
    [[nodiscard]] Result<void> erase(Table table, std::string_view key);
    [[nodiscard]] Result<void> clear(Table table);
    [[nodiscard]] Result<std::uint64_t> count(Table table) const;
    /// Of the pages that it has now; cheap.
    [[nodiscard]] Result<std::uint64_t> bytes(Table table) const;
    [[nodiscard]] Result<std::uint64_t> free_pages() const;
    [[nodiscard]] MDB_txn* raw() const { return txn_.get(); }

private:
    struct Abort {
        void operator()(MDB_txn* txn) const;
    };
    explicit Txn(MDB_txn* txn, MDB_env* env) : txn_(txn), env_(env) {}
    [[nodiscard]] Result<void> put(Table table, const Entry& entry, unsigned flags);

    std::unique_ptr<MDB_txn, Abort> txn_;
    MDB_env* env_;
};

/// A place in a table, in order of keys as bytes. Must end before its transaction.
class Cursor {
public:
    [[nodiscard]] static Result<Cursor> open(const Txn& txn, Table table);
    using Found = Result<std::optional<Entry>>;
    [[nodiscard]] Found first();
    [[nodiscard]] Found last();
    [[nodiscard]] Found next();
    [[nodiscard]] Found previous();
    /// The first entry whose key is not before `key`.
    [[nodiscard]] Found seek(std::string_view key);
    /// The last entry whose key begins with `prefix`, which does not end in 0xFF.
    [[nodiscard]] Found last_with(std::string_view prefix);

private:
    struct Close {
        void operator()(MDB_cursor* cursor) const;
    };
    explicit Cursor(MDB_cursor* cursor) : cursor_(cursor) {}
    [[nodiscard]] Found move(unsigned operation, std::string_view key = {});

    std::unique_ptr<MDB_cursor, Close> cursor_;
};

}  // namespace bailiff::lmdb
