#include "lmdb/pages.hpp"

#include <fcntl.h>
#include <lmdb.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "lmdb/environment.hpp"
#include "lmdb/txn.hpp"

namespace bailiff::lmdb {
namespace {

// LMDB 0.9's layout on 64-bit machines, as mdb.c has it.
constexpr std::size_t page_head = 16, node_head = 8, database_bytes = 48, meta_databases = 40;
constexpr std::size_t meta_last_page = 136, meta_transaction = 144;
constexpr std::uint16_t is_branch = 1, is_leaf = 2, is_overflow = 4;
constexpr std::uint16_t big_data = 1, sub_data = 2;
constexpr std::uint64_t no_page = UINT64_MAX;
constexpr std::size_t depth_max = 32;

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

struct Database {
    std::uint16_t flags, depth;
    std::uint64_t entries, root;
};

Database database_at(std::string_view bytes, std::size_t at) {
    return {number_at<std::uint16_t>(bytes, at + 4), number_at<std::uint16_t>(bytes, at + 6),
            number_at<std::uint64_t>(bytes, at + 32), number_at<std::uint64_t>(bytes, at + 40)};
}

enum class Kind { free_list, main, named };

/// One walk over one snapshot.
class Walk {
public:
    Walk(int file, std::size_t page_size, std::uint64_t last_page)
        : file_(file), page_size_(page_size), reached_(last_page + 1) {
        reached_[0] = reached_[1] = true;
    }

    Result<void> database(const Database& database, Kind kind);

private:
    struct Node {
        std::string_view key, data;
        std::uint16_t flags;
        std::uint64_t child;      ///< of a branch
        std::uint64_t data_size;  ///< of a leaf
    };
    Result<void> page(std::uint64_t number, std::size_t depth, Kind kind);
    Result<std::vector<Node>> nodes(std::uint64_t number, std::string_view bytes) const;
    Result<Node> node(std::uint64_t number, std::string_view bytes, std::size_t at) const;
    Result<void> check_order(std::uint64_t number, const std::vector<Node>& nodes, bool leaf,
                             Kind kind) const;
    Result<void> value(std::uint64_t number, const Node& node, Kind kind);
    Result<std::string> read(std::uint64_t number, std::size_t bytes) const;
    Result<void> reach(std::uint64_t number, std::uint64_t count);
    Result<std::string> overflow(std::uint64_t number, std::uint64_t size, bool whole);
    Result<void> free_pages(std::uint64_t number, std::string_view list);
    static Failure wrong(std::uint64_t number, const std::string& what) {
        return fail(Fault::corrupt, "page " + std::to_string(number) + " of data.mdb " + what +
                                        ": restore it from a backup");
    }

    const int file_;
    const std::size_t page_size_;
    std::vector<bool> reached_;
    std::size_t depth_ = 0;      ///< of the tree that is being walked
    std::uint64_t entries_ = 0;  ///< found in it
};

Result<void> Walk::database(const Database& database, Kind kind) {
    const std::uint16_t wanted = kind == Kind::free_list ? MDB_INTEGERKEY : 0;
    if (database.flags != wanted) return wrong(0, "has a table of an unknown kind");
    if (database.root == no_page) return {};
    if (database.depth == 0 || database.depth > depth_max)
        return wrong(database.root, "is a tree of no depth");
    const auto outer = std::pair(std::exchange(depth_, database.depth), std::exchange(entries_, 0));
    BAILIFF_CHECK(page(database.root, 1, kind));
    const bool all = entries_ == database.entries;
    std::tie(depth_, entries_) = outer;
    if (!all) return wrong(database.root, "has not the entries that it should");
    return {};
}

Result<std::string> Walk::read(std::uint64_t number, std::size_t bytes) const {
    std::string content(bytes, '\0');
    const auto got = pread(file_, content.data(), bytes, static_cast<off_t>(number * page_size_));
    if (got == static_cast<ssize_t>(bytes)) return content;
    return fail(Fault::unavailable, "page " + std::to_string(number) + " cannot be read");
}

Result<void> Walk::reach(std::uint64_t number, std::uint64_t count) {
    if (number >= reached_.size() || count > reached_.size() - number)
        return wrong(number, "is beyond the last one");
    for (auto at = number; at < number + count; ++at) {
        if (reached_[at]) return wrong(at, "is used twice");
        reached_[at] = true;
    }
    return {};
}

Result<void> Walk::page(std::uint64_t number, std::size_t depth, Kind kind) {
    BAILIFF_CHECK(reach(number, 1));
    BAILIFF_TRY(const auto bytes, read(number, page_size_));
    const bool leaf = depth == depth_;
    if (number_at<std::uint64_t>(bytes, 0) != number) return wrong(number, "has another's number");
    if (number_at<std::uint16_t>(bytes, 10) != (leaf ? is_leaf : is_branch))
        return wrong(number, "is of the wrong kind");
    BAILIFF_TRY(const auto found, nodes(number, bytes));
    BAILIFF_CHECK(check_order(number, found, leaf, kind));
    if (leaf) entries_ += found.size();
    for (const auto& node : found)
        BAILIFF_CHECK(leaf ? value(number, node, kind) : page(node.child, depth + 1, kind));
    return {};
}

Result<Walk::Node> Walk::node(std::uint64_t number, std::string_view bytes, std::size_t at) const {
    if (at % 2 != 0 || at + node_head > page_size_) return wrong(number, "has a node outside it");
    const std::uint64_t low = number_at<std::uint16_t>(bytes, at);
    const std::uint64_t high = number_at<std::uint16_t>(bytes, at + 2);
    const auto flags = number_at<std::uint16_t>(bytes, at + 4);
    const std::size_t key_size = number_at<std::uint16_t>(bytes, at + 6);
    if (key_size > key_bytes_max || at + node_head + key_size > page_size_)
        return wrong(number, "has a key outside it");
    const auto key = bytes.substr(at + node_head, key_size);
    const bool leaf = number_at<std::uint16_t>(bytes, 10) == is_leaf;
    const auto size = low | high << 16;
    if (!leaf) return Node{key, {}, 0, size | std::uint64_t{flags} << 32, 0};
    const auto here = (flags & big_data) != 0 ? sizeof(std::uint64_t) : size;
    if (at + node_head + key_size + here > page_size_)
        return wrong(number, "has a value outside it");
    return Node{key, bytes.substr(at + node_head + key_size, here), flags, 0, size};
}

Result<std::vector<Walk::Node>> Walk::nodes(std::uint64_t number, std::string_view bytes) const {
    const std::size_t lower = number_at<std::uint16_t>(bytes, 12);
    const std::size_t upper = number_at<std::uint16_t>(bytes, 14);
    if (lower < page_head || lower % 2 != 0 || lower > upper || upper > page_size_)
        return wrong(number, "has impossible bounds");
    const auto count = (lower - page_head) / 2;
    if (count == 0) return wrong(number, "is empty");
    std::vector<Node> found;
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (std::size_t index = 0; index < count; ++index) {
        const std::size_t at = number_at<std::uint16_t>(bytes, page_head + 2 * index);
        BAILIFF_TRY(const auto one, node(number, bytes, at));
        const auto size = (node_head + one.key.size() + one.data.size() + 1) / 2 * 2;
        places.emplace_back(at, size);
        found.push_back(one);
    }
    std::ranges::sort(places);
    auto next = upper;  // they lie side by side up to the end of the page
    for (const auto& [at, size] : places) {
        if (at != next) return wrong(number, "has nodes that overlap or gape");
        next += size;
    }
    if (next != page_size_) return wrong(number, "has bytes of nobody");
    return found;
}

Result<void> Walk::check_order(std::uint64_t number, const std::vector<Node>& nodes, bool leaf,
                               Kind kind) const {
    // The first key of a branch is never looked at.
    for (std::size_t at = leaf ? 0 : 1; at < nodes.size(); ++at) {
        const auto& key = nodes[at].key;
        if (key.empty() || (kind == Kind::free_list && key.size() != sizeof(std::uint64_t)))
            return wrong(number, "has a key of a wrong size");
        if (at == (leaf ? 0U : 1U)) continue;
        const auto& before = nodes[at - 1].key;
        const bool ascending = kind == Kind::free_list ? number_at<std::uint64_t>(before, 0) <
                                                             number_at<std::uint64_t>(key, 0)
                                                       : before < key;
        if (!ascending) return wrong(number, "has keys out of order");
    }
    return {};
}

Result<void> Walk::value(std::uint64_t number, const Node& node, Kind kind) {
    const bool big = (node.flags & big_data) != 0;
    const bool table = (node.flags & sub_data) != 0;
    if ((node.flags & ~(big_data | sub_data)) != 0 || (table && (big || kind != Kind::main)))
        return wrong(number, "has a value of an unknown kind");
    if (table) {
        if (node.data.size() != database_bytes) return wrong(number, "names no table");
        return database(database_at(node.data, 0), Kind::named);
    }
    std::string elsewhere;
    if (big) {
        BAILIFF_TRY(elsewhere, overflow(number_at<std::uint64_t>(node.data, 0), node.data_size,
                                        kind == Kind::free_list));
    }
    if (kind == Kind::free_list) return free_pages(number, big ? elsewhere : node.data);
    return {};
}

Result<std::string> Walk::overflow(std::uint64_t number, std::uint64_t size, bool whole) {
    const auto pages = (page_head + size + page_size_ - 1) / page_size_;
    BAILIFF_CHECK(reach(number, pages));
    BAILIFF_TRY(auto bytes, read(number, whole ? page_head + size : page_head));
    const bool right = number_at<std::uint64_t>(bytes, 0) == number &&
                       number_at<std::uint16_t>(bytes, 10) == is_overflow &&
                       number_at<std::uint32_t>(bytes, 12) == pages;
    if (!right) return wrong(number, "is not the long value that it should be");
    return bytes.substr(page_head);
}

/// A list of pages that may be used again: how many, and then each, the last one first.
Result<void> Walk::free_pages(std::uint64_t number, std::string_view list) {
    constexpr std::size_t width = sizeof(std::uint64_t);
    if (list.size() < width) return wrong(number, "has a list without its length");
    const auto count = number_at<std::uint64_t>(list, 0);
    // LMDB may leave room behind the list.
    if (count > list.size() / width - 1) return wrong(number, "has a list that is too long");
    std::uint64_t before = no_page;
    for (std::uint64_t at = 1; at <= count; ++at) {
        const auto page = number_at<std::uint64_t>(list, at * width);
        if (page >= before) return wrong(number, "has a list out of order");
        BAILIFF_CHECK(reach(page, 1));
        before = page;
    }
    return {};
}

/// The meta page of transaction `id`; none if two commits have passed by.
std::optional<std::string> meta_of(int file, std::size_t page_size, std::uint64_t id) {
    for (const off_t at : {off_t{0}, static_cast<off_t>(page_size)}) {
        std::string meta(meta_transaction + sizeof id, '\0');
        if (pread(file, meta.data(), meta.size(), at) != static_cast<ssize_t>(meta.size()))
            continue;
        if (number_at<std::uint64_t>(meta, meta_transaction) == id) return meta;
    }
    return {};
}

}  // namespace

Result<void> check_pages(const Environment& environment) {
    const Descriptor file(open((environment.path() + "/data.mdb").c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open()) return failure(errno, "opening data.mdb to check its pages");
    const auto page_size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    for (int attempt = 0; attempt < 100; ++attempt) {
        BAILIFF_TRY(const auto txn, Txn::read(environment));  // keeps its pages as they are
        const auto meta = meta_of(file.number(), page_size, mdb_txn_id(txn.raw()));
        if (!meta) continue;
        Walk walk(file.number(), page_size, number_at<std::uint64_t>(*meta, meta_last_page));
        BAILIFF_CHECK(walk.database(database_at(*meta, meta_databases), Kind::free_list));
        return walk.database(database_at(*meta, meta_databases + database_bytes), Kind::main);
    }
    return fail(Fault::unavailable, "others write too fast for the pages to be checked");
}

}  // namespace bailiff::lmdb
