#include "src/config/text_rules.hpp"

#include <algorithm>
#include <string>

namespace bailiff::text_rules {
namespace {

constexpr std::size_t path_bytes_max = 4'095;  // PATH_MAX without its NUL
constexpr std::size_t socket_bytes_max = 107;  // sockaddr_un without its NUL
constexpr std::size_t name_bytes_max = 64;

bool lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}

template <class Predicate>
bool name_of(std::string_view text, Predicate fits) {
    return !text.empty() && text.size() <= name_bytes_max && std::ranges::all_of(text, fits);
}

/// Absolute, and a name that means the same wherever it is read from.
bool is_path(std::string_view text, std::size_t bytes_max) {
    return text.size() > 1 && text.size() <= bytes_max && text.front() == '/' &&
           any(text).empty() && (std::string(text) + "/").find("/../") == std::string::npos;
}

}  // namespace

std::string_view any(std::string_view text) {
    const bool fits = text.size() <= path_bytes_max && std::ranges::none_of(text, [](char c) {
                          return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                      });
    return fits ? "" : "text of at most 4095 bytes without control characters";
}

std::string_view absolute_path(std::string_view text) {
    return is_path(text, path_bytes_max) ? "" : "an absolute path without '..'";
}

std::string_view absolute_path_or_none(std::string_view text) {
    return text.empty() || is_path(text, path_bytes_max)
               ? ""
               : "an absolute path without '..', or \"\" for none";
}

std::string_view socket_path(std::string_view text) {
    return is_path(text, socket_bytes_max)
               ? ""
               : "an absolute path of at most 107 bytes (a unix socket)";
}

std::string_view socket_path_or_none(std::string_view text) {
    return text.empty() || is_path(text, socket_bytes_max)
               ? ""
               : "an absolute path of at most 107 bytes (a unix socket), or \"\" for none";
}

std::string_view listen_address(std::string_view text) {
    if (text.starts_with("unix:") && is_path(text.substr(5), socket_bytes_max)) return "";
    if (text.starts_with("fd:") && text.size() > 3 && text.size() <= 6 &&
        std::ranges::all_of(text.substr(3), digit))
        return "";
    return "\"unix:/absolute/path\" of at most 107 bytes, or \"fd:3\"";
}

std::string_view account_name(std::string_view text) {
    const bool number = text.size() <= 10 && !text.empty() && std::ranges::all_of(text, digit);
    const bool name =
        name_of(text,
                [](char c) {
                    return lower(c) || upper(c) || digit(c) || c == '_' || c == '-' || c == '.';
                }) &&
        !digit(text.front()) && text.front() != '-' && text.front() != '.';
    return number || name ? "" : "the name or number of a user or group";
}

std::string_view node_name_or_none(std::string_view text) {
    const auto fits = [](char c) {
        return lower(c) || upper(c) || digit(c) || c == '-' || c == '.';
    };
    return text.empty() || (text.size() <= 253 && std::ranges::all_of(text, fits))
               ? ""
               : "a host name (letters, digits, '-' and '.'), or \"\" for this host's";
}

std::string_view extension_field(std::string_view text) {
    const auto fits = [](char c) { return lower(c) || upper(c) || digit(c) || c == '-'; };
    const bool extension = text.starts_with("X-") || text.starts_with("x-");
    return name_of(text, fits) && text.size() > 2 && extension
               ? ""
               : "a header field name that starts with X- (letters, digits and '-')";
}

std::string_view tag(std::string_view text) {
    const auto fits = [](char c) {
        return lower(c) || upper(c) || digit(c) || c == '-' || c == '_' || c == '.' || c == ':';
    };
    return name_of(text, fits) ? "" : "1 to 64 of A-Z a-z 0-9 - _ . :";
}

std::string_view tag_or_none(std::string_view text) {
    return text.empty() || tag(text).empty() ? ""
                                             : "1 to 64 of A-Z a-z 0-9 - _ . : or \"\" for none";
}

std::string_view http_url_or_none(std::string_view text) {
    const auto fits = [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; };
    const bool url = text.starts_with("http://") && text.size() > 7 && text.size() <= 2'000 &&
                     text[7] != '/' && text.find('@') == std::string_view::npos &&
                     std::ranges::all_of(text, fits);
    return text.empty() || url ? "" : "http://host/path without user name, or \"\" for none";
}

std::string_view web_url(std::string_view text) {
    const auto fits = [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; };
    const std::size_t scheme = text.starts_with("https://")  ? 8
                               : text.starts_with("http://") ? 7
                                                             : 0;
    const bool url = scheme > 0 && text.size() > scheme && text[scheme] != '/' &&
                     text.size() <= 2'000 && text.find('@') == std::string_view::npos &&
                     std::ranges::all_of(text, fits);
    return url ? "" : "http://host/path or https://host/path without user name";
}

std::string_view web_url_or_none(std::string_view text) {
    return text.empty() ? std::string_view() : web_url(text);
}

std::string_view guarded_url(std::string_view text) {
    const auto fits = [](char c) {
        return c > 0x20 && c < 0x7f && std::string_view("\"\\@?#").find(c) == std::string::npos;
    };
    const bool https = text.starts_with("https://");
    const bool http = text.starts_with("http://");
    const auto rest = text.substr(https ? 8 : http ? 7 : text.size());
    const auto host = rest.substr(0, rest.find_first_of("/:", rest.starts_with('[') ? 5 : 0));
    const bool here = host == "127.0.0.1" || host == "localhost" || host == "[::1]";
    const bool url = (https || (http && here)) && !host.empty() && text.size() <= 2'000 &&
                     std::ranges::all_of(text, fits);
    return url ? ""
               : "https://HOST/PATH without user name, '?' and '#' (http:// only to 127.0.0.1)";
}

std::string_view token_or_none(std::string_view text) {
    const auto fits = [](char c) { return c > 0x20 && c < 0x7f && c != ':'; };
    return text.size() <= 128 && std::ranges::all_of(text, fits)
               ? ""
               : "at most 128 printable characters without blanks and ':'";
}

std::string_view path_name(std::string_view text) {
    const auto fits = [](char c) { return lower(c) || digit(c) || c == '_'; };
    return name_of(text, fits) ? "" : "1 to 64 of a-z 0-9 _";
}

std::string_view path_name_or_none(std::string_view text) {
    return text.empty() || path_name(text).empty() ? "" : "1 to 64 of a-z 0-9 _, or \"\"";
}

std::string_view symbol(std::string_view text) {
    const auto fits = [](char c) { return lower(c) || upper(c) || digit(c) || c == '_'; };
    return name_of(text, fits) ? "" : "the name of a rule or symbol (1 to 64 of A-Z a-z 0-9 _)";
}

std::string_view symbol_or_start(std::string_view text) {
    if (text.ends_with('*')) text.remove_suffix(1);
    return symbol(text).empty() ? "" : "the name of a rule or symbol, or its beginning and '*'";
}

std::string_view retention_job(std::string_view text) {
    return text == "unconfirmed" || text == "show" || text == "all"
               ? ""
               : "\"unconfirmed\", \"show\" or \"all\"";
}

std::string_view door_or_any(std::string_view text) {
    return text.empty() || text == "submission" || text == "local"
               ? ""
               : "\"submission\", \"local\", or \"\" for any";
}

std::string_view id_or_none(std::string_view text) {
    const auto fits = [](char c) {
        return lower(c) || upper(c) || digit(c) || c == '.' || c == '_' || c == '@' || c == '-';
    };
    return text.empty() || name_of(text, fits) ? "" : "1 to 64 of A-Z a-z 0-9 . _ @ -, or \"\"";
}

std::string_view sentence(std::string_view text) {
    const bool blank = text.find_first_not_of(' ') == std::string_view::npos;
    return !blank && text.size() <= 1'000 && any(text).empty()
               ? ""
               : "a sentence of at most 1000 bytes without control characters";
}

}  // namespace bailiff::text_rules
