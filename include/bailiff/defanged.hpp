#pragma once
// Addresses of sites, written so that nothing follows them.

#include <algorithm>
#include <bailiff/ascii.hpp>
#include <string>
#include <string_view>

namespace bailiff {
namespace defanging {

[[nodiscard]] inline bool is_word(char c) {
    return ascii::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80;
}
[[nodiscard]] inline bool is_scheme(char c) {
    return ascii::is_alnum(c) || c == '+' || c == '.' || c == '-';
}
[[nodiscard]] inline std::string without_teeth(std::string_view scheme) {
    if (ascii::equal(scheme, "http")) return "hxxp";
    if (ascii::equal(scheme, "https")) return "hxxps";
    if (ascii::equal(scheme, "ftp")) return "fxp";
    return std::string(scheme);
}

}  // namespace defanging

/// "https://a.example/x" as "hxxps[:]//a[.]example/x", "www.a.example" as "www[.]a[.]example".
[[nodiscard]] inline std::string defanged(std::string_view text) {
    std::string out;
    bool in_host = false;
    std::size_t scheme = 0;  // how much of the end of `out` may be one
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const auto rest = text.substr(at);
        if (rest.starts_with("://")) {
            const auto name = out.substr(out.size() - scheme);
            out.resize(out.size() - scheme);
            out += defanging::without_teeth(name) + "[:]//";
            at += 2;
            in_host = true;
            scheme = 0;
            continue;
        }
        const bool starts = at == 0 || !defanging::is_word(text[at - 1]);
        if (starts && ascii::begins(rest, "www.") && rest.size() > 4) in_host = true;
        if (std::string_view(" \t\r\n/?#\\\"'<>()[]{},;").find(c) != std::string_view::npos)
            in_host = false;
        const bool dot = in_host && c == '.';
        if (dot)
            out += "[.]";
        else
            out += c;
        scheme = !dot && defanging::is_scheme(c) ? scheme + 1 : 0;
    }
    return out;
}

}  // namespace bailiff
