#include "src/message/uri_clean.hpp"

#include <glib.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include <bailiff/ascii.hpp>

namespace bailiff::uri {
namespace {

constexpr std::size_t host_bytes_max = 1'000;  // more is no host, whatever its encoding
constexpr std::size_t inner_max = 3;           // redirectors that point to redirectors

struct Free {
    void operator()(char* text) const { g_free(text); }
};

/// %XX of printable ASCII, once: what is encoded twice stays different from what is not.
std::string percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? ascii::hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? ascii::hex_value(text[i + 2]) : -1;
        const int code = high * 16 + low;
        if (low < 0 || code <= 0x20 || code >= 0x7f) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(code);
        i += 2;
    }
    return out;
}

std::string to_ascii(std::string host) {
    const bool plain = std::ranges::all_of(host, [](char c) { return c >= ' ' && c < 0x7f; });
    if (plain) return host;
    const std::unique_ptr<char, Free> result(g_hostname_to_ascii(host.c_str()));
    return result ? std::string(result.get()) : host;
}

/// Browsers take full-width and ideographic stops for dots.
std::string with_plain_dots(std::string host) {
    for (const std::string_view stop : {"\xE3\x80\x82", "\xEF\xBC\x8E", "\xEF\xBD\xA1"})
        for (auto at = host.find(stop); at != std::string::npos; at = host.find(stop, at))
            host.replace(at, stop.size(), ".");
    return host;
}

std::string clean_host(std::string_view raw) {
    auto host = ascii::to_lower(to_ascii(with_plain_dots(std::string(raw))));
    while (!host.empty() && (host.back() == '.' || host.back() == ',')) host.pop_back();
    const auto begin = std::min(host.find_first_not_of('.'), host.size());
    host.erase(0, begin);
    const auto dotted = dotted_ipv4(host);
    return dotted.empty() ? host : dotted;
}

bool is_default_port(std::string_view scheme, std::string_view port) {
    const bool usual = (scheme == "http" && port == "80") || (scheme == "https" && port == "443") ||
                       (scheme == "ftp" && port == "21");
    return usual || port.empty();
}

/// The authority without user and default port, its host cleaned.
std::string clean_authority(std::string_view scheme, std::string_view authority) {
    if (const auto at = authority.rfind('@'); at != std::string_view::npos)
        authority.remove_prefix(at + 1);
    const auto colon = authority.ends_with(']') ? std::string_view::npos : authority.rfind(':');
    const auto port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
    const bool is_port = std::ranges::all_of(port, ascii::is_digit);
    auto host = clean_host(is_port ? authority.substr(0, colon) : authority);
    if (is_port && !is_default_port(scheme, port)) host += ":" + std::string(port);
    return host;
}

std::string_view scheme_of(std::string_view uri) {
    const auto colon = uri.substr(0, 6).find(':');
    if (colon == std::string_view::npos) return {};
    for (const std::string_view each : {"http", "https", "ftp"})
        if (ascii::equal(uri.substr(0, colon), each)) return each;
    return {};
}

std::optional<std::string> clean(std::string_view uri) {
    const auto scheme = scheme_of(uri);
    if (scheme.empty()) return {};
    auto text = percent_decoded(uri.substr(scheme.size() + 1));
    const auto path_end = std::min(text.find_first_of("?#"), text.size());
    std::replace(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(path_end), '\\', '/');
    const auto begin = text.find_first_not_of('/');  // "http:/x", "http:////x" and "http:x" too
    if (begin == std::string::npos) return {};
    const std::string_view rest = std::string_view(text).substr(begin);
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    if (end > host_bytes_max) return {};
    auto result = std::string(scheme) + "://" + clean_authority(scheme, rest.substr(0, end));
    if (end < rest.size() && rest[end] != '/') result += '/';
    return result += rest.substr(end);
}

/// An http address that begins after the host of this one.
std::string_view inner_address(std::string_view uri) {
    const auto host = uri.find("://");
    if (host == std::string_view::npos) return {};
    for (auto at = uri.find(':', host + 3); at != std::string_view::npos;
         at = uri.find(':', at + 1)) {
        if (uri.substr(at, 3) != "://") continue;
        for (const std::size_t length : {5U, 4U}) {
            if (at < host + 3 + length) continue;
            const auto inner = uri.substr(at - length);
            if (!scheme_of(inner).empty()) return inner;
        }
    }
    return {};
}

/// One number of an IPv4 address: decimal, 0octal, 0xhex; at most `last`.
std::optional<std::uint64_t> number(std::string_view text, std::uint64_t last) {
    const bool is_hex = ascii::begins(text, "0x");
    const bool is_octal = !is_hex && text.size() > 1 && text.front() == '0';
    if (is_hex) text.remove_prefix(2);
    if (text.empty() || text.size() > 20) return {};
    std::uint64_t value = 0;
    for (const char c : text) {
        const int digit = ascii::hex_value(c);
        const int base = is_hex ? 16 : is_octal ? 8 : 10;
        if (digit < 0 || digit >= base) return {};
        value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit);
        if (value > last) return {};
    }
    return value;
}

}  // namespace

bool is_clean(std::string_view uri) {
    const std::size_t scheme = uri.starts_with("https://") ? 8 : uri.starts_with("http://") ? 7 : 0;
    if (scheme == 0) return false;
    const auto rest = uri.substr(scheme);
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    const auto path = rest.substr(host.size());
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || ascii::is_digit(c) || c == '-' || c == '.';
    };
    const bool may_be_number = !host.empty() && ascii::is_digit(host.front());
    return !host.empty() && host.size() <= host_bytes_max && !may_be_number &&
           host.front() != '.' && host.back() != '.' && std::ranges::all_of(host, is_plain) &&
           (path.empty() || path.front() == '/') &&
           path.find_first_of("%\\") == std::string_view::npos &&
           path.find("://") == std::string_view::npos;
}

std::vector<std::string> cleaned(std::string_view uri) {
    std::vector<std::string> forms;
    std::string inner;
    for (std::size_t i = 0; i < inner_max; ++i) {
        auto form = clean(uri);
        if (!form) return forms;
        inner = inner_address(*form);
        forms.push_back(std::move(*form));
        if (inner.empty()) return forms;
        if (const auto end = inner.find('&'); end != std::string::npos)
            forms.push_back(inner.substr(0, end));
        forms.push_back(inner);
        uri = inner;
    }
    return forms;
}

std::string dotted_ipv4(std::string_view host) {
    std::uint64_t address = 0;
    for (int left = 4; left > 0; --left) {
        const auto dot = host.find('.');
        const bool is_last = dot == std::string_view::npos;
        const auto last = is_last ? (std::uint64_t{1} << (8 * left)) - 1 : 255U;
        const auto value = number(host.substr(0, dot), last);
        if (!value) return {};
        if (is_last) {
            address |= *value;
            const auto byte = [&](int shift) { return std::to_string(address >> shift & 255U); };
            return byte(24) + "." + byte(16) + "." + byte(8) + "." + byte(0);
        }
        address |= *value << (8 * (left - 1));
        host.remove_prefix(dot + 1);
    }
    return {};
}

}  // namespace bailiff::uri
