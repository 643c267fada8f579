#pragma once
// A header block as fields, and what a field says.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::mime {

/// Views into the message.
struct RawField {
    std::string_view name;
    std::string_view body;  ///< after the colon, folds and CRs kept, without the last line end
};

struct HeaderBlock {
    std::vector<RawField> fields;
    std::size_t end = 0;  ///< where the body begins
    bool cut = false;     ///< more than header_count_max fields or header_bytes_max bytes
};

/// The header at the start of `text`. The block ends at an empty line, at a line that begins "--",
/// at a first line that is no field, or where more than three lines in a row are none.
[[nodiscard]] HeaderBlock read_header(std::string_view text);

/// Folds kept, LF.
[[nodiscard]] std::string raw_text(std::string_view body);

/// Unfolded (a fold is one space) and trimmed; bytes untouched otherwise.
[[nodiscard]] std::string unfold(std::string_view body);

/// What a person reads: unfolded, trimmed, valid UTF-8 without line ends; RFC 2047 words decoded
/// once, except in fields that hold ids, dates and traces.
[[nodiscard]] std::string decoded_value(const RawField& field);

/// RFC 2047 words in `text` decoded; valid UTF-8 without line ends and NULs.
[[nodiscard]] std::string decode_words(std::string_view text);

}  // namespace bailiff::mime
