#pragma once
// The log as static files (c2sp.org/tlog-tiles): which there are, what they hold, how they grow.

#include <bailiff/result.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/log/merkle.hpp"

namespace bailiff::log {

inline constexpr unsigned tile_height = 8;
inline constexpr unsigned tile_width_max = 1U << tile_height;
/// A length of 16 bits precedes an entry.
inline constexpr std::size_t entry_bytes_max = 0xffff;

/// The hashes of the subtrees index·256 to index·256 + width - 1 of the tree's level 8·level.
struct Tile {
    unsigned level = 0;
    std::uint64_t index = 0;
    unsigned width = tile_width_max;  ///< 1 to 256; below 256 the tile is partial
    bool operator==(const Tile&) const = default;
};

/// "tile/1/x001/067", partial "tile/1/x001/067.p/17".
[[nodiscard]] std::string tile_path(const Tile& tile);

/// "tile/entries/x001/067" of the entries whose leaf hashes `tile`, of level 0, holds.
[[nodiscard]] std::string entries_path(const Tile& tile);

/// How many hashes the tile at `index` of `level` holds at this size of the log: 0 to 256.
[[nodiscard]] unsigned tile_width(std::uint64_t size, unsigned level, std::uint64_t index);

/// All tiles at this size, level by level from 0, full ones first. Of those of level 0 there is
/// also a bundle of entries.
[[nodiscard]] std::vector<Tile> tiles_at(std::uint64_t size);

/// Each entry behind its length in two bytes, the larger first.
/// Errors   invalid_input: more than 256 entries, or one above entry_bytes_max.
[[nodiscard]] Result<std::string> bundle(std::span<const std::string> entries);

/// Errors   corrupt: not the bytes of bundle() of so many entries.
[[nodiscard]] Result<std::vector<std::string>> parse_bundle(std::string_view bytes,
                                                            std::size_t entries);

/// The bytes of the file at a path such as tile_path() gives.  Errors   not_found, or its own.
using FileReader = std::function<Result<std::string>(const std::string& path)>;

/// Hashes of the tree of this size out of its published tiles. Where a partial tile is gone, the
/// full one that took its place is read. It keeps nothing: a reader of slow files keeps them.
/// Errors   those of `file`; corrupt: a tile of another length; invalid_input: not in the tree.
[[nodiscard]] HashReader tile_reader(std::uint64_t size, FileReader file);

/// The entry at `index` out of the published bundles.  Errors   as tile_reader().
[[nodiscard]] Result<std::string> read_entry(std::uint64_t index, std::uint64_t size,
                                             const FileReader& file);

struct TileFile {
    std::string path, content;
    bool operator==(const TileFile&) const = default;
};

/// The tiles to write so that a log of `old_size` has `leaves` (hashes) behind its end: those that
/// became full and the partial ones of the new size, from level 0. `file` is asked for partial
/// tiles of `old_size` only; what it says is compared with no root, so the caller compares the new
/// one.
/// Errors   those of `file`; corrupt: an old tile of another length.
[[nodiscard]] Result<std::vector<TileFile>> next_tiles(std::uint64_t old_size,
                                                       std::span<const Digest> leaves,
                                                       const FileReader& file);

/// The same for the bundles of entries.
/// Errors   those of `file`, of bundle() and of parse_bundle().
[[nodiscard]] Result<std::vector<TileFile>> next_bundles(std::uint64_t old_size,
                                                         std::span<const std::string> entries,
                                                         const FileReader& file);

}  // namespace bailiff::log
