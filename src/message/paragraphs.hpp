#pragma once
// Text in the pieces that rules are matched against.

#include <string>
#include <string_view>
#include <vector>

namespace bailiff::mime {

inline constexpr std::size_t line_bytes_max = 2'048;     ///< of `body`: reference §2.5
inline constexpr std::size_t chunk_bytes_whole = 2'048;  ///< of `rawbody`: up to here one chunk
inline constexpr std::size_t chunk_bytes_max = 4'096;

/// White space collapsed: a run with two line ends or more is one line end, any other one a space;
/// Unicode's blanks count, NULs go. Other invisible characters stay.
/// Shape    `text` is UTF-8.
[[nodiscard]] std::string collapsed(std::string_view text);

/// Appends each line of `text` with its line end; a longer one is cut after its last space.
void append_lines(std::vector<std::string>& lines, std::string_view text);

/// Appends `text` in chunks of 2 to 4 KB that end at a line end, else at '>', else at a space.
void append_chunks(std::vector<std::string>& chunks, std::string_view text);

}  // namespace bailiff::mime
