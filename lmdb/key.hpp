#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/ids.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace bailiff::lmdb {

/// The part of a key that a text of any length may fill; the rest is for ids and numbers.
inline constexpr std::size_t key_text_max = 400;

/// Builds a key, part by part. Numbers are big-endian, so that keys sort as their numbers do.
class Key {
public:
    Key& bytes(std::string_view part) {
        bytes_ += part;
        return *this;
    }
    template <class Tag>
    Key& id(const Id<Tag>& id) {  // ids have no zero byte: no id is the beginning of another
        return bytes(id.text()).u8(0);
    }
    Key& u8(std::uint8_t number) {
        bytes_ += static_cast<char>(number);
        return *this;
    }
    Key& u32(std::uint32_t number) { return number_of(number, 4); }
    Key& u64(std::uint64_t number) { return number_of(number, 8); }
    /// Instants before 1970 sort before those after.
    Key& instant(Instant at) {
        return u64(static_cast<std::uint64_t>(at.time_since_epoch().count()) ^ (1ULL << 63));
    }
    Key& service(const ServiceRef& ref) { return id(ref.id).instant(ref.created); }
    Key& digest(const Digest& digest) {
        for (const auto byte : digest.bytes) u8(byte);
        return *this;
    }
    /// A text of any length, with its size before it; a long one gives way to its head and hash.
    Key& text(std::string_view text) {
        if (text.size() <= key_text_max) return number_of(text.size(), 2).bytes(text);
        const auto head = text.substr(0, key_text_max - 32);
        return number_of(0xffff, 2).bytes(head).digest(sha256(text));
    }

    [[nodiscard]] std::string_view view() const { return bytes_; }
    operator std::string_view() const { return bytes_; }  // NOLINT: a key is its bytes

private:
    Key& number_of(std::uint64_t number, int width) {
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
            bytes_ += static_cast<char>(number >> shift);
        return *this;
    }
    std::string bytes_;
};

}  // namespace bailiff::lmdb
