#pragma once
// Content-Transfer-Encoding, as tolerant as mail clients are (fault B07).

#include <cstddef>
#include <string>
#include <string_view>

namespace bailiff::mime {

enum class Encoding { identity, base64, quoted_printable };

/// What the header says; anything but the two exact names is identity.
[[nodiscard]] Encoding encoding_of(std::string_view header_value);

/// What lies between is skipped; after padding the decoding goes on with lines that are nothing but
/// base64, so that a footer is not read as data.
[[nodiscard]] std::string decode_base64(std::string_view text, std::size_t bytes_max);

/// Blanks before a soft line end are dropped; an '=' that begins no escape stays.
[[nodiscard]] std::string decode_quoted_printable(std::string_view text, std::size_t bytes_max);

struct Decoded {
    std::string bytes;  ///< at most about bytes_max: the beginning and, if it was cut, the end
    std::size_t size;   ///< what the whole would have
    bool cut;
};

[[nodiscard]] Decoded decode(Encoding encoding, std::string_view text, std::size_t bytes_max);

/// How many bytes `text` is when decoded; nothing is stored.
[[nodiscard]] std::size_t decoded_size(Encoding encoding, std::string_view text);

/// CRLF as LF.
[[nodiscard]] std::string with_newlines(std::string_view text);

}  // namespace bailiff::mime
