// Any bytes: a message within its bounds. Never a crash, never an unbounded piece.

#include <bailiff/ensure.hpp>
#include <bailiff/limits.hpp>
#include <cstddef>
#include <cstdint>

#include "src/message/address.hpp"
#include "src/message/charset.hpp"
#include "src/message/parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bailiff;
    prepare_parser();
    const auto message =
        parse({reinterpret_cast<const char*>(data), size});  // NOLINT: fuzzer's type
    BAILIFF_ENSURE(!message.body.empty());
    for (const auto& line : message.body) {
        BAILIFF_ENSURE(line.ends_with('\n'));
        BAILIFF_ENSURE(mime::valid_utf8_prefix(line) == line.size());
    }
    for (const auto& chunk : message.rawbody) BAILIFF_ENSURE(chunk.size() <= 4'096);
    for (const auto& field : message.fields) {
        BAILIFF_ENSURE(mime::valid_utf8_prefix(field.value) == field.value.size());
        BAILIFF_ENSURE(field.value.find_first_of("\r\n") == std::string::npos);
        BAILIFF_ENSURE(address_of(field.raw).size() <= limits::address_bytes_max + 1);
        BAILIFF_ENSURE(canonical_ip(canonical_ip(field.value)) == canonical_ip(field.value));
    }
    BAILIFF_ENSURE(message.fields.size() <= limits::header_count_max);
    BAILIFF_ENSURE(message.parts.size() <= limits::mime_parts_max);
    BAILIFF_ENSURE(message.uris.size() <= limits::uris_max);
    return 0;
}
