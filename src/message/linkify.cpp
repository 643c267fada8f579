#include "src/message/linkify.hpp"

#include <algorithm>
#include <array>

#include <bailiff/ascii.hpp>
#include "src/message/suffix.hpp"

namespace bailiff::uri {
namespace {

/// Bytes of host names; made once, read for every byte.
constexpr auto host_bytes = [] {
    std::array<bool, 256> table{};
    for (int i = 0; i < 128; ++i) {
        const char c = static_cast<char>(i);
        table[static_cast<std::size_t>(i)] = ascii::is_alnum(c) || c == '.' || c == '-' || c == '_';
    }
    return table;
}();

constexpr bool is_host(char c) {
    return host_bytes[static_cast<unsigned char>(c)];
}

constexpr std::string_view local_marks = "!#$%&*+=^~";
constexpr std::size_t local_bytes_max = 64;  // RFC 5321 §4.5.3.1.1

constexpr bool is_local(char c) {
    return is_host(c) || local_marks.find(c) != std::string_view::npos;
}

constexpr bool is_ascii_delimiter(char c) {
    return (c >= '\0' && c <= ' ') || c == 0x7f ||
           std::string_view("<>\"'`{}[]|").find(c) != std::string_view::npos;
}

/// First bytes of what may end a link; made once, read for every byte.
constexpr auto may_delimit = [] {
    std::array<bool, 256> table{};
    for (int i = 0; i < 128; ++i)
        table[static_cast<std::size_t>(i)] = is_ascii_delimiter(static_cast<char>(i));
    for (const std::size_t lead : {0xC2U, 0xE2U, 0xE3U, 0xEFU}) table[lead] = true;
    return table;
}();

constexpr bool between(char c, unsigned first, unsigned last) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= first && byte <= last;
}

/// Blanks, quotes and stops outside ASCII, and characters that do not show.
bool is_wide_delimiter(std::string_view text) {
    if (text.starts_with("\xC2")) {
        const char c = text.size() > 1 ? text[1] : ' ';
        return between(c, 0xA0, 0xA0) || between(c, 0xAB, 0xAB) || between(c, 0xBB, 0xBB);
    }
    if (text.size() < 3) return false;
    if (text.starts_with("\xE2\x80"))
        return between(text[2], 0x80, 0x8F) || between(text[2], 0x98, 0x9F) ||
               between(text[2], 0xA8, 0xAF) || between(text[2], 0xB9, 0xBA);
    if (text.starts_with("\xE3\x80"))
        return between(text[2], 0x80, 0x82) || between(text[2], 0x88, 0x91);
    if (text.starts_with("\xEF\xBC"))
        return between(text[2], 0x81, 0x81) || between(text[2], 0x88, 0x89) ||
               between(text[2], 0x8C, 0x8C) || between(text[2], 0x9A, 0x9B) ||
               between(text[2], 0x9F, 0x9F);
    return text.starts_with("\xEF\xBB\xBF");
}

std::size_t token_end(std::string_view text, std::size_t at) {
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (!may_delimit[static_cast<unsigned char>(c)]) continue;
        if (is_ascii_delimiter(c) || is_wide_delimiter(text.substr(at))) return at;
    }
    return at;
}

/// Without what ends the sentence, and without a bracket that was opened before the link.
std::string_view without_tail(std::string_view link) {
    auto opened = std::ranges::count(link, '('), closed = std::ranges::count(link, ')');
    while (!link.empty()) {
        const char c = link.back();
        const bool unpaired = c == ')' && closed > opened;
        if (!unpaired && std::string_view(".,;:!?*~^").find(c) == std::string_view::npos) break;
        if (unpaired) --closed;
        link.remove_suffix(1);
    }
    return link;
}

std::string_view scheme_at_end(std::string_view run) {
    for (const std::string_view scheme : {"https", "http", "ftp"})
        if (ascii::ends(run, scheme)) return run.substr(run.size() - scheme.size());
    return {};
}

std::string_view trimmed_host(std::string_view run) {
    const auto is_edge = [](char c) { return c == '.' || c == '-' || c == '_'; };
    while (!run.empty() && is_edge(run.front())) run.remove_prefix(1);
    while (!run.empty() && is_edge(run.back())) run.remove_suffix(1);
    return run;
}

}  // namespace

std::optional<Link> Linkifier::next() {
    while (at_ < text_.size()) {
        if (!is_host(text_[at_])) {
            ++at_;
            continue;
        }
        const auto begin = at_;
        bool has_dot = false;
        for (; at_ < text_.size() && is_host(text_[at_]); ++at_) has_dot |= text_[at_] == '.';
        const char after = at_ < text_.size() ? text_[at_] : ' ';
        if (!has_dot && after != ':' && after != '@') continue;  // most words
        if (auto link = link_of(text_.substr(begin, at_ - begin))) {
            token_begin_ = at_;
            return link;
        }
    }
    return {};
}

/// `run` ends at `at_`.
std::optional<Link> Linkifier::link_of(std::string_view run) {
    const auto begin = at_ - run.size();
    const char after = at_ < text_.size() ? text_[at_] : ' ';
    if (after == ':' && text_.substr(at_, 3) == "://") {
        const auto scheme = scheme_at_end(run);
        if (!scheme.empty() && at_ + 3 < text_.size()) return to_token_end(at_ - scheme.size(), "");
    }
    if (after == '@') return mail_address(run);
    const bool is_short = run.size() == 4 && static_cast<unsigned char>(after) < 0x80;
    if (!is_short && ascii::begins(run, "www.")) return to_token_end(begin, "http://");
    if (!is_short && ascii::begins(run, "ftp.")) return to_token_end(begin, "ftp://");
    if (run.find('.') == std::string_view::npos) return {};
    const auto host = trimmed_host(run);
    if (host.size() > 253 || !is_registrable(ascii::to_lower(host))) return {};
    const auto host_begin = begin + static_cast<std::size_t>(host.data() - run.data());
    if (after == '/' || after == '?' || after == '#' || after == ':')
        return to_token_end(host_begin, "http://");
    return Link{"http://", host};
}

/// `local` is what stands right before the '@' at `at_`; marks such as '+' may stand before it.
std::optional<Link> Linkifier::mail_address(std::string_view local) {
    auto begin = at_ - local.size();
    while (begin > token_begin_ && at_ - begin < local_bytes_max && is_local(text_[begin - 1]))
        --begin;
    while (begin < at_ && !ascii::is_alnum(text_[begin])) ++begin;
    const auto at_sign = at_;
    auto end = at_sign + 1;
    while (end < text_.size() && is_host(text_[end])) ++end;
    const auto run = text_.substr(at_sign + 1, end - at_sign - 1);
    const auto host = trimmed_host(run);
    if (begin == at_sign || host.size() > 253 || !is_registrable(ascii::to_lower(host))) return {};
    at_ = end;
    const auto host_end = static_cast<std::size_t>(host.data() + host.size() - text_.data());
    return Link{"mailto:", text_.substr(begin, host_end - begin)};
}

std::optional<Link> Linkifier::to_token_end(std::size_t begin, std::string_view prefix) {
    at_ = token_end(text_, at_);
    return Link{prefix, without_tail(text_.substr(begin, at_ - begin))};
}

}  // namespace bailiff::uri
