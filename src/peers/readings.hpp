#pragma once
// The ways in which a reader may come to understand a text: unfolded, decoded, without comments.

#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

struct Reading {
    std::string text;
    bool joined = false;  ///< blanks are gone: short words may have come together by chance
};

struct Readings {
    std::vector<Reading> all;    ///< the text itself first
    bool is_unreadable = false;  ///< an encoded word in a charset that we cannot read
};

/// Folds taken out; RFC 2047 words, RFC 2231 values, percent, quoted-printable and references
/// decoded, twice in turn; quotes, comments and tags left out; whatever could be base64 or
/// hexadecimal decoded, wherever it begins; Latin-1 as UTF-8.
/// Shape    at most 40 readings, each at most four times as long as `text`.
/// Threads  any.
[[nodiscard]] Readings readings_of(std::string_view text);

/// RFC 2047, tolerant: within quotes, without an end, split anywhere. `is_unreadable`: as above.
struct DecodedWords {
    std::string text;
    bool is_unreadable = false;
};
enum class WordBorders { kept, joined };  ///< joined: neighbours are decoded as if they were one
[[nodiscard]] DecodedWords words_decoded(std::string_view text, WordBorders borders);

}  // namespace bailiff
