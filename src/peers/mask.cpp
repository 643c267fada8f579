#include "src/peers/mask.hpp"

#include <algorithm>
#include <bailiff/defanged.hpp>
#include <bailiff/keyed_digest.hpp>
#include <bailiff/utf8.hpp>

#include <bailiff/ascii.hpp>

namespace bailiff {
namespace {

using namespace ascii;

constexpr std::size_t domain_bytes_max = 255;
constexpr std::size_t local_bytes_max = 256;  // of one address in text; RFC 5321 has 64

bool is_domain_text(std::string_view domain) {
    if (domain.empty() || domain.size() > domain_bytes_max) return false;
    while (!domain.empty()) {
        const auto [code, bytes] = first_character(domain);
        if (bytes == 0 || misleads(code)) return false;
        const char c = domain.front();
        if (bytes == 1 && !is_alnum(c) &&
            std::string_view(".-_:[]").find(c) == std::string_view::npos)
            return false;
        domain.remove_prefix(bytes);
    }
    return true;
}

/// "@" and the domain, or nothing.
std::string domain_suffix(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos || !is_domain_text(address.substr(at + 1))) return {};
    return to_lower(address.substr(at));
}

bool is_host_byte(char c) {
    return is_alnum(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_local_byte(char c, bool in_link) {
    if (is_alnum(c) || static_cast<unsigned char>(c) >= 0x80) return true;
    return std::string_view(in_link ? "._+-'" : "._+-'!#$%&*/=?^`{|}~").find(c) !=
           std::string_view::npos;
}

/// Whether the word around `at` is, up to there, a link.
bool is_in_link(std::string_view text, std::size_t at) {
    const auto reach = at > 2'048 ? at - 2'048 : 0;
    auto begin = at;
    while (begin > reach && static_cast<unsigned char>(text[begin - 1]) > 0x20) --begin;
    const auto word = text.substr(begin, at - begin);
    return word.find("://") != std::string_view::npos ||
           word.find("mailto:") != std::string_view::npos ||
           word.find("www.") != std::string_view::npos;
}

std::size_t local_begin(std::string_view text, std::size_t at) {
    const auto reach = at > local_bytes_max ? at - local_bytes_max : 0;
    auto begin = at;
    if (at > reach && text[at - 1] == '"') {
        for (begin = at - 1; begin > reach;) {
            --begin;
            const bool is_escaped = begin > 0 && text[begin - 1] == '\\';
            if (text[begin] == '"' && !is_escaped) return begin;
            if (text[begin] == '\n') break;
        }
        return at - 1;
    }
    const bool in_link = is_in_link(text, at);
    while (begin > reach && is_local_byte(text[begin - 1], in_link)) --begin;
    return begin;
}

std::size_t domain_end(std::string_view text, std::size_t begin) {
    const auto reach = std::min(text.size(), begin + domain_bytes_max);
    auto end = begin;
    if (end < reach && text[end] == '[') {
        const auto close = text.substr(0, reach).find(']', end);
        return close == std::string_view::npos ? begin : close + 1;
    }
    while (end < reach && (is_host_byte(text[end]) || text[end] == '.')) ++end;
    while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    return end;
}

/// The end of a run of labels and dots that could be a domain; `begin` if it is none.
std::size_t bare_domain_end(std::string_view text, std::size_t begin) {
    auto end = begin;
    std::size_t last_dot = std::string_view::npos;
    while (end < text.size() && (is_host_byte(text[end]) || text[end] == '.')) {
        if (text[end] == '.') {
            if (end == begin || text[end - 1] == '.') break;
            last_dot = end;
        }
        ++end;
    }
    if (last_dot == std::string_view::npos) return begin;
    if (last_dot + 1 == end) return end;  // one that ends a sentence is looked at all the same
    const auto top = text.substr(last_dot + 1, end - last_dot - 1);
    const bool has_letter =
        std::ranges::any_of(top, [](char c) { return !is_digit(c) && c != '-' && c != '_'; });
    return has_letter && top.size() >= 2 ? end : begin;
}

}  // namespace

std::string mask_address(std::string_view address) {
    const auto domain = domain_suffix(address);
    if (domain.empty()) return "***";
    const auto local = address.substr(0, address.rfind('@'));
    const bool shows = local.size() > 1 && is_alnum(local.front());
    return (shows ? std::string(1, local.front()) : std::string()) + "***" + domain;
}

std::string keyed_address(std::string_view address, std::string_view key) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    const auto digest = hmac_sha256(key, to_lower(address));
    std::string text;
    std::uint32_t bits = 0;
    unsigned kept = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        bits = (bits << 8U | digest.bytes[i]) & 0xfffU;
        for (kept += 8; kept >= 5; kept -= 5) text += alphabet[bits >> (kept - 5) & 31U];
    }
    return text + domain_suffix(address);
}

std::string defang(std::string_view text) {
    const auto links = defanged(text);
    const std::string_view from = links;
    std::string out;
    std::size_t at = 0;
    while (at < from.size()) {
        const bool starts = is_host_byte(from[at]);
        auto end = starts ? bare_domain_end(from, at) : at;
        if (end == at && starts)  // no domain: the whole run as it is, so that each is read once
            while (end < from.size() && (is_host_byte(from[end]) || from[end] == '.'))
                out += from[end++];
        else if (end == at)
            out += from[end++] == '@' && !out.ends_with('[') ? "[@]" : std::string(1, from[at]);
        else
            for (auto i = at; i < end; ++i)
                out += from[i] == '.' && i + 1 < end ? "[.]" : std::string(1, from[i]);
        at = end;
    }
    return out;
}

std::vector<AddressSpan> addresses_in(std::string_view text) {
    std::vector<AddressSpan> found;
    std::size_t free_from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t width = text[at] == '@' ? 1 : text.substr(at, 3) == "%40" ? 3 : 0;
        if (width == 0) continue;
        const auto begin = std::max(local_begin(text, at), free_from);
        const auto end = domain_end(text, at + width);
        if (begin >= at || end <= at + width) continue;
        found.push_back({begin, at, end});
        free_from = end;
        at = end - 1;
    }
    return found;
}

}  // namespace bailiff
