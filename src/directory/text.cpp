#include "src/directory/text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace bailiff {
namespace {

bool digit(char c) {
    return c >= '0' && c <= '9';
}

/// Bytes of the character at `at` by RFC 3629; 0 if there is none.
std::size_t character_bytes(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto first = byte(at);
    const auto follows = [&](std::size_t i) { return (byte(at + i) & 0xc0U) == 0x80U; };
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first < 0xe0) return follows(1) ? 2 : 0;
    const auto second = byte(at + 1);
    if (first >= 0xe0 && first < 0xf0) {
        const bool shortest = first != 0xe0 || second >= 0xa0;
        const bool surrogate = first == 0xed && second >= 0xa0;
        return follows(1) && follows(2) && shortest && !surrogate ? 3 : 0;
    }
    if (first >= 0xf0 && first < 0xf5) {
        const bool shortest = first != 0xf0 || second >= 0x90;
        const bool too_far = first == 0xf4 && second >= 0x90;
        return follows(1) && follows(2) && follows(3) && shortest && !too_far ? 4 : 0;
    }
    return 0;
}

std::string text_of(const in_addr& address) {
    char text[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, &address, text, sizeof text);
}

CanonicalAddress canonical_v4(const in_addr& address) {
    const auto number = ntohl(address.s_addr);
    if (number == 0) return {{}, "an address; 0.0.0.0 is nobody's"};
    if ((number >> 24) == 127)
        return {{}, "an address of one customer; loopback is every customer's"};
    if ((number >> 28) >= 14) return {{}, "the address of a host; this is multicast or reserved"};
    return {text_of(address), {}};
}

CanonicalAddress canonical_v6(const in6_addr& address) {
    if (IN6_IS_ADDR_UNSPECIFIED(&address)) return {{}, "an address; :: is nobody's"};
    if (IN6_IS_ADDR_LOOPBACK(&address))
        return {{}, "an address of one customer; loopback is every customer's"};
    if (IN6_IS_ADDR_MULTICAST(&address))
        return {{}, "the address of a host; this is multicast or reserved"};
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        in_addr mapped{};
        std::memcpy(&mapped, address.s6_addr + 12, sizeof mapped);
        return canonical_v4(mapped);
    }
    char text[INET6_ADDRSTRLEN];
    return {inet_ntop(AF_INET6, &address, text, sizeof text), {}};
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) {
               return (c >= 'a' && c <= 'z') || digit(c) || c == '-' || c == '_';
           });
}

}  // namespace

std::size_t first_not_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto bytes = character_bytes(text, at);
        if (bytes == 0) return at;
        at += bytes;
    }
    return at;
}

bool is_printable(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7f) return false;
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
            return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text) {
    const auto start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return {};
    return text.substr(start, text.find_last_not_of(" \t") - start + 1);
}

std::string to_lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    });
    return result;
}

CanonicalAddress canonical_address(std::string_view text) {
    if (text.find('/') != std::string_view::npos)
        return {{}, "one address; a range belongs to nobody in particular"};
    const std::string terminated(text);
    in_addr v4{};
    in6_addr v6{};
    if (inet_pton(AF_INET, terminated.c_str(), &v4) == 1) return canonical_v4(v4);
    if (inet_pton(AF_INET6, terminated.c_str(), &v6) == 1) return canonical_v6(v6);
    return {{}, "an IPv4 or IPv6 address"};
}

std::string_view expected_domain(std::string_view lower_case) {
    constexpr std::string_view expected =
        "a domain of at least two labels in ASCII (xn-- for others), such as example.com";
    if (lower_case.size() > 253 || lower_case.find('.') == std::string_view::npos) return expected;
    std::size_t start = 0;
    while (true) {
        const auto dot = lower_case.find('.', start);
        if (!is_label(lower_case.substr(start, dot - start))) return expected;
        if (dot == std::string_view::npos) return {};
        start = dot + 1;
    }
}

std::string_view expected_uid(std::string_view text) {
    constexpr std::uint64_t largest = 0xfffffffeU;  // -1 means "no uid" to the kernel
    std::uint64_t uid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
    if (error != std::errc{} || end != text.data() + text.size() || text.front() == '0' ||
        uid > largest)
        return text == "0" ? "the uid of a customer; 0 is root's"
                           : "a uid: decimal digits without leading zeros, at most 4294967294";
    return {};
}

}  // namespace bailiff
