#pragma once
// Numbers and texts as bytes of this machine: for what the same program reads again.

#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace bailiff {

template <std::integral Number>
void pack(std::string& bytes, Number number) {
    char raw[sizeof number];
    std::memcpy(raw, &number, sizeof number);
    bytes.append(raw, sizeof number);
}
inline void pack(std::string& bytes, std::string_view text) {
    pack(bytes, static_cast<std::uint32_t>(text.size()));
    bytes.append(text);
}

/// Takes from the front. False: there is not so much left, and nothing was taken.
template <std::integral Number>
[[nodiscard]] bool unpack(std::string_view& bytes, Number& number) {
    if (bytes.size() < sizeof number) return false;
    std::memcpy(&number, bytes.data(), sizeof number);
    bytes.remove_prefix(sizeof number);
    return true;
}
[[nodiscard]] inline bool unpack(std::string_view& bytes, std::string& text) {
    auto rest = bytes;
    std::uint32_t size = 0;
    if (!unpack(rest, size) || rest.size() < size) return false;
    text = rest.substr(0, size);
    bytes = rest.substr(size);
    return true;
}

}  // namespace bailiff
