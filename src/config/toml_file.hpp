#pragma once
// TOML text as flat lists of dotted keys with lines; the only door to the TOML library.

#include <bailiff/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "src/config/value.hpp"

namespace bailiff {

struct FileEntry {
    std::string key;  ///< dotted: "milter.socket"; in a block without the block's name
    std::size_t line = 0;
    FileValue value;
};

/// One [[name]].
struct FileBlock {
    std::string name;
    std::size_t line = 0;
    std::vector<FileEntry> entries;
};

struct FileContent {
    std::vector<FileEntry> entries;
    std::vector<FileBlock> blocks;  ///< in the order of the file
};

/// Shape    any bytes.
/// Errors   invalid_input: "7: syntax: ...": line and what is wrong.
[[nodiscard]] Result<FileContent> read_toml(std::string_view text);

}  // namespace bailiff
