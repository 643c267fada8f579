#pragma once
// Bytes in some charset -> valid UTF-8. Nothing here fails.

#include <cstddef>
#include <string>
#include <string_view>

namespace bailiff::mime {

/// Opens every converter of our list once and keeps it: from then on the system's library reads no
/// file for them. Call once, before threads; without it the same results come, slower.
void prepare_converters();

/// Strict UTF-8 first, then `declared` (lower case), then windows-1252; the 7-bit charsets with
/// shifts (UTF-7, ISO-2022, HZ) and UTF-16 are looked at before, because their bytes are valid
/// UTF-8 as well. A bad byte of a known charset becomes U+FFFD; a charset outside our list is not
/// asked for: the system's converters are many, and some have had holes.
[[nodiscard]] std::string to_utf8(std::string_view bytes, std::string_view declared);

/// How many bytes of `text` are strict UTF-8 (RFC 3629), from its beginning.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text);

/// As browsers read it: the holes at 0x81, 0x8d, ... stand for themselves.
[[nodiscard]] char32_t windows_1252(unsigned char byte);

/// Appends a code point; what is none becomes U+FFFD.
void append_utf8(std::string& out, char32_t code);

}  // namespace bailiff::mime
