#include "src/log/tile.hpp"

#include <algorithm>
#include <bailiff/ed25519.hpp>
#include <iterator>

#include "src/log/lines.hpp"

namespace bailiff::log {
namespace {

constexpr std::size_t digest_bytes = sizeof(Digest::bytes);

/// 1234067 is x001/x234/067.
std::string grouped(std::uint64_t number) {
    const auto group = [](std::uint64_t value) {
        const auto digits = std::to_string(value % 1000);
        return std::string(3 - digits.size(), '0') + digits;
    };
    auto path = group(number);
    for (auto rest = number / 1000; rest > 0; rest /= 1000)
        path.insert(0, "/").insert(0, group(rest)).insert(0, "x");
    return path;
}

std::string numbered(const Tile& tile) {
    const auto part = tile.width < tile_width_max ? ".p/" + std::to_string(tile.width) : "";
    return grouped(tile.index) + part;
}

/// Level `level` of tiles, all of it; shifting by 64 would be undefined.
std::uint64_t hashes_at(std::uint64_t size, unsigned level) {
    return level < 64 / tile_height ? size >> (level * tile_height) : 0;
}

/// The last tile of a level, if it is partial; else of width 0.
Tile partial_at(std::uint64_t size, unsigned level) {
    const auto hashes = hashes_at(size, level);
    return {level, hashes / tile_width_max, static_cast<unsigned>(hashes % tile_width_max)};
}

Failure corrupt(const std::string& path, const std::string& why) {
    return fail(Fault::corrupt, path + ": " + why);
}

Digest digest_at(std::string_view content, std::size_t at) {
    return *digest_of(content.substr(at * digest_bytes, digest_bytes));
}

/// The content of `tile`, `tile.width` hashes long.
Result<std::string> read_tile(const Tile& tile, const FileReader& file) {
    auto found = tile;
    auto content = file(tile_path(tile));
    if (!content && content.error().fault == Fault::not_found && tile.width < tile_width_max) {
        found.width = tile_width_max;
        content = file(tile_path(found));
    }
    if (!content) return content;
    if (content->size() != found.width * digest_bytes)
        return corrupt(tile_path(found), "not " + std::to_string(found.width) + " hashes");
    content->resize(tile.width * digest_bytes);
    return content;
}

Result<std::vector<std::string>> read_bundle(const Tile& tile, const FileReader& file) {
    auto found = tile;
    auto content = file(entries_path(tile));
    if (!content && content.error().fault == Fault::not_found && tile.width < tile_width_max) {
        found.width = tile_width_max;
        content = file(entries_path(found));
    }
    if (!content) return Failure(std::move(content).error());
    auto entries = parse_bundle(*content, found.width).within(entries_path(found));
    if (entries) entries->resize(tile.width);
    return entries;
}

/// The root of a subtree whose hashes, a power of two of them, are `hashes`.
Digest subtree_hash(std::string_view hashes) {
    std::vector<Digest> row;
    for (std::size_t i = 0; i < hashes.size() / digest_bytes; ++i)
        row.push_back(digest_at(hashes, i));
    for (auto width = row.size() / 2; width > 0; width /= 2)
        for (std::size_t i = 0; i < width; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    return row.front();
}

Failure not_there(const std::string& what, std::uint64_t size) {
    return fail(Fault::invalid_input,
                "a log of " + std::to_string(size) + " entries has no " + what);
}

/// What one level gains: tiles to write, and the hashes of the full ones for the level above.
struct Gain {
    std::vector<TileFile> files;
    std::string above;
};

Result<Gain> gain_of(std::uint64_t old_size, unsigned level, std::string_view hashes,
                     const FileReader& file) {
    auto tile = partial_at(old_size, level);
    std::string content;
    if (tile.width > 0) {
        BAILIFF_TRY(content, read_tile(tile, file));
    }
    content += hashes;
    Gain gain;
    constexpr auto whole = tile_width_max * digest_bytes;
    for (std::size_t at = 0; at < content.size(); at += whole, ++tile.index) {
        auto part = content.substr(at, whole);
        tile.width = static_cast<unsigned>(part.size() / digest_bytes);
        if (tile.width == tile_width_max) gain.above += raw(subtree_hash(part));
        gain.files.push_back({tile_path(tile), std::move(part)});
    }
    return gain;
}

}  // namespace

std::string tile_path(const Tile& tile) {
    return "tile/" + std::to_string(tile.level) + "/" + numbered(tile);
}

std::string entries_path(const Tile& tile) {
    return "tile/entries/" + numbered(tile);
}

unsigned tile_width(std::uint64_t size, unsigned level, std::uint64_t index) {
    const auto last = partial_at(size, level);
    if (index < last.index) return tile_width_max;
    return index == last.index ? last.width : 0;
}

std::vector<Tile> tiles_at(std::uint64_t size) {
    std::vector<Tile> tiles;
    for (unsigned level = 0; hashes_at(size, level) > 0; ++level) {
        const auto last = partial_at(size, level);
        for (std::uint64_t index = 0; index < last.index; ++index)
            tiles.push_back({level, index, tile_width_max});
        if (last.width > 0) tiles.push_back(last);
    }
    return tiles;
}

Result<std::string> bundle(std::span<const std::string> entries) {
    if (entries.size() > tile_width_max)
        return fail(Fault::invalid_input, "more than 256 entries for a bundle");
    std::string bytes;
    for (const auto& entry : entries) {
        if (entry.size() > entry_bytes_max)
            return fail(Fault::invalid_input, "an entry of more than 65535 bytes");
        bytes += static_cast<char>(entry.size() >> 8U);
        bytes += static_cast<char>(entry.size() & 0xffU);
        bytes += entry;
    }
    return bytes;
}

Result<std::vector<std::string>> parse_bundle(std::string_view bytes, std::size_t entries) {
    std::vector<std::string> found;
    while (!bytes.empty() && found.size() < entries) {
        if (bytes.size() < 2) return fail(Fault::corrupt, "a bundle that ends within a length");
        const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8U |
                          static_cast<unsigned char>(bytes[1]);
        bytes.remove_prefix(2);
        if (bytes.size() < size) return fail(Fault::corrupt, "a bundle that ends within an entry");
        found.emplace_back(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    if (found.size() < entries || !bytes.empty())
        return fail(Fault::corrupt, "not a bundle of " + std::to_string(entries) + " entries");
    return found;
}

HashReader tile_reader(std::uint64_t size, FileReader file) {
    return [size, file = std::move(file)](unsigned level, std::uint64_t index) -> Result<Digest> {
        if (level >= 64 || index >= size >> level)
            return not_there(
                "subtree " + std::to_string(index) + " of level " + std::to_string(level), size);
        const auto height = level % tile_height;
        const auto first = index << height;
        Tile tile{level / tile_height, first / tile_width_max, 0};
        tile.width = tile_width(size, tile.level, tile.index);
        BAILIFF_TRY(const auto content, read_tile(tile, file));
        const auto at = static_cast<std::size_t>(first % tile_width_max) * digest_bytes;
        return subtree_hash(std::string_view(content).substr(at, digest_bytes << height));
    };
}

Result<std::string> read_entry(std::uint64_t index, std::uint64_t size, const FileReader& file) {
    if (index >= size) return not_there("entry " + std::to_string(index), size);
    Tile tile{0, index / tile_width_max, 0};
    tile.width = tile_width(size, 0, tile.index);
    BAILIFF_TRY(auto entries, read_bundle(tile, file));
    return std::move(entries[static_cast<std::size_t>(index % tile_width_max)]);
}

Result<std::vector<TileFile>> next_tiles(std::uint64_t old_size, std::span<const Digest> leaves,
                                         const FileReader& file) {
    std::string hashes;
    for (const auto& leaf : leaves) hashes += raw(leaf);
    std::vector<TileFile> files;
    for (unsigned level = 0; !hashes.empty(); ++level) {
        BAILIFF_TRY(auto gain, gain_of(old_size, level, hashes, file));
        std::ranges::move(gain.files, std::back_inserter(files));
        hashes = std::move(gain.above);
    }
    return files;
}

Result<std::vector<TileFile>> next_bundles(std::uint64_t old_size,
                                           std::span<const std::string> entries,
                                           const FileReader& file) {
    std::vector<TileFile> files;
    if (entries.empty()) return files;
    auto tile = partial_at(old_size, 0);
    std::vector<std::string> waiting;
    if (tile.width > 0) {
        BAILIFF_TRY(waiting, read_bundle(tile, file));
    }
    waiting.insert(waiting.end(), entries.begin(), entries.end());
    const std::span<const std::string> all(waiting);
    for (std::size_t at = 0; at < all.size(); at += tile_width_max, ++tile.index) {
        const auto part = all.subspan(at, std::min<std::size_t>(tile_width_max, all.size() - at));
        tile.width = static_cast<unsigned>(part.size());
        BAILIFF_TRY(auto content, bundle(part));
        files.push_back({entries_path(tile), std::move(content)});
    }
    return files;
}

}  // namespace bailiff::log
