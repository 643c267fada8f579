#include "milter/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace bailiff {
namespace {

std::string_view without_prefix(std::string_view text) {
    constexpr std::string_view prefix = "ipv6:";
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
    if (text.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                  [&](char b, char a) { return same(a, b); }))
        text.remove_prefix(prefix.size());
    return text;
}

std::string text_of(int family, const void* bytes) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family, bytes, text.data(), text.size());
    return text.data();
}

}  // namespace

std::string_view without_brackets(std::string_view argument) noexcept {
    if (argument.size() >= 2 && argument.front() == '<' && argument.back() == '>')
        return argument.substr(1, argument.size() - 2);
    return argument;
}

std::string plain_ip(std::string_view text) {
    const std::string bare(without_prefix(text));
    in_addr v4{};
    if (inet_pton(AF_INET, bare.c_str(), &v4) == 1) return text_of(AF_INET, &v4);
    in6_addr v6{};
    if (inet_pton(AF_INET6, bare.c_str(), &v6) != 1) return std::string(text);
    if (IN6_IS_ADDR_V4MAPPED(&v6)) return text_of(AF_INET, &v6.s6_addr[12]);
    return text_of(AF_INET6, &v6);
}

}  // namespace bailiff
