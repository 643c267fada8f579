#include "lmdb/encoder.hpp"

#include "lmdb/crc32c.hpp"

namespace bailiff::lmdb {

std::string envelope_of(RecordType type, std::string_view payload) {
    std::string head{static_cast<char>(record_version), static_cast<char>(type)};
    const std::uint32_t sum = crc32c(payload, crc32c(head));
    for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(sum >> shift);
    return head;
}

void Encoder::operator()(const Instant& value) {
    const std::int64_t ms = value.time_since_epoch().count();
    if (ms < record_time_min || ms > record_time_max) wrong("a time is outside years 0 to 9999");
    (*this)(static_cast<std::uint64_t>(ms));
}

void Encoder::text(std::string_view value) {
    if (value.size() > record_text_max) {
        wrong("a text is too long");
        value = {};
    }
    (*this)(static_cast<std::uint32_t>(value.size()));
    bytes_ += value;
}

void Encoder::wrong(const char* what) {
    if (wrong_ == nullptr) wrong_ = what;
}

Result<std::string> Encoder::finish(RecordType type) {
    if (bytes_.size() > record_bytes_max) wrong("it is too long");
    if (wrong_ != nullptr)
        return fail(Fault::exhausted, std::string("the record cannot be stored: ") + wrong_);
    bytes_.replace(0, envelope_size,
                   envelope_of(type, std::string_view(bytes_).substr(envelope_size)));
    return std::move(bytes_);
}

}  // namespace bailiff::lmdb
