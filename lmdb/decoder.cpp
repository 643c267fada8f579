#include "lmdb/decoder.hpp"

#include "lmdb/crc32c.hpp"

namespace bailiff::lmdb {

Result<Decoder> Decoder::open(std::string_view record, RecordType type, std::size_t bytes_max) {
    if (record.size() < envelope_size) return fail(Fault::corrupt, "a record is too short");
    if (record.size() > bytes_max) return fail(Fault::corrupt, "a record is too long");
    const auto payload = record.substr(envelope_size);
    std::uint32_t stored = 0;
    for (const char c : record.substr(2, 4)) stored = (stored << 8) | static_cast<unsigned char>(c);
    if (crc32c(payload, crc32c(record.substr(0, 2))) != stored)
        return fail(Fault::corrupt, "a record does not match its checksum");
    const auto version = static_cast<std::uint8_t>(record[0]);
    if (version != record_version)
        return fail(Fault::corrupt, "a record has version " + std::to_string(version) +
                                        ", this program reads version " +
                                        std::to_string(record_version));
    if (static_cast<RecordType>(record[1]) != type)
        return fail(Fault::corrupt, "a record is of another type");
    return Decoder(payload);
}

std::string_view Decoder::take(std::size_t count) {
    if (wrong_ != nullptr) return {};
    if (count > rest_.size()) {
        wrong("a field ends too early");
        return {};
    }
    const auto bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
}

std::string_view Decoder::text() {
    std::uint32_t size = 0;
    (*this)(size);
    if (size > record_text_max) {
        wrong("a text is too long");
        return {};
    }
    return take(size);
}

void Decoder::operator()(std::int32_t& value) {
    std::uint32_t number = 0;
    (*this)(number);
    value = static_cast<std::int32_t>(number);
}

void Decoder::operator()(bool& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    if (byte > 1) return wrong("a yes or no is neither");
    value = byte == 1;
}

void Decoder::operator()(Digest& value) {
    const auto bytes = take(value.bytes.size());
    std::ranges::transform(bytes, value.bytes.begin(),
                           [](char c) { return static_cast<std::uint8_t>(c); });
}

void Decoder::operator()(FamilySet& value) {
    std::uint8_t bits = 0;
    (*this)(bits);
    value = FamilySet::from_bits(bits);
    if (value.bits() != bits) wrong("a family is unknown");
}

void Decoder::operator()(Instant& value) {
    std::uint64_t number = 0;
    (*this)(number);
    const auto ms = static_cast<std::int64_t>(number);
    if (ms < record_time_min || ms > record_time_max) return wrong("a time is out of range");
    value = Instant(std::chrono::milliseconds(ms));
}

void Decoder::wrong(const char* what) {
    if (wrong_ == nullptr) wrong_ = what;
}

Result<void> Decoder::finish() const {
    if (wrong_ != nullptr) return fail(Fault::corrupt, std::string("in a record: ") + wrong_);
    if (!rest_.empty()) return fail(Fault::corrupt, "a record has bytes left over");
    return {};
}

}  // namespace bailiff::lmdb
