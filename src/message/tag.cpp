#include "src/message/tag.hpp"

#include <algorithm>
#include <array>

#include <bailiff/ascii.hpp>

namespace bailiff::html {
namespace {

constexpr std::size_t name_bytes_max = 32;

bool is_read(std::string_view attribute) {
    constexpr std::array names{
        "href",   "src",        "action", "background", "data-saferedirecturl",
        "poster", "formaction", "data",   "lowsrc",     "xlink:href",
        "content"};
    return std::ranges::any_of(names, [&](auto each) { return ascii::equal(attribute, each); });
}

}  // namespace

std::string_view TagReader::text() {
    const auto end = std::min(html_.find('<', at_), html_.size());
    const auto result = html_.substr(at_, end - at_);
    at_ = end;
    return result;
}

bool TagReader::read(Tag& tag) {
    tag.is_text = false;
    ++at_;
    const char first = at_ < html_.size() ? html_[at_] : ' ';
    if (first == '!' || first == '?') {
        skip_declaration();
        return false;
    }
    tag.is_end = first == '/';
    if (tag.is_end) ++at_;
    if (at_ >= html_.size() || !ascii::is_letter(html_[at_])) {
        tag.is_text = !tag.is_end;
        return false;
    }
    const auto begin = at_;
    while (at_ < html_.size() && !ascii::is_space(html_[at_]) && html_[at_] != '>' &&
           html_[at_] != '/')
        ++at_;
    tag.name = ascii::to_lower(html_.substr(begin, std::min(at_ - begin, name_bytes_max)));
    tag.attributes.clear();
    read_attributes(tag);
    return true;
}

void TagReader::skip_declaration() {
    if (html_.substr(at_, 3) == "!--" && more_comment_ends_) {
        if (html_.substr(at_ + 3, 1) == ">") {
            at_ += 4;
            return;
        }  // "<!-->" is a whole comment
        const auto end = html_.find("-->", at_ + 1);
        more_comment_ends_ = end != std::string_view::npos;
        if (more_comment_ends_) {
            at_ = std::min(end + 3, html_.size());
            return;
        }
    }
    const auto end = html_.find('>', at_);
    at_ = end == std::string_view::npos ? html_.size() : end + 1;
}

void TagReader::read_attributes(Tag& tag) {
    while (at_ < html_.size()) {
        skip_spaces();
        if (at_ >= html_.size()) return;
        if (html_[at_] == '>') {
            ++at_;
            return;
        }
        if (html_[at_] == '/') {
            ++at_;
            continue;
        }
        const auto begin = at_++;
        while (at_ < html_.size() && !ascii::is_space(html_[at_]) && html_[at_] != '>' &&
               html_[at_] != '/' && html_[at_] != '=')
            ++at_;
        const auto name = html_.substr(begin, std::min(at_ - begin, name_bytes_max));
        skip_spaces();
        if (at_ >= html_.size() || html_[at_] != '=') continue;
        ++at_;
        const auto its = value();
        if (is_read(name)) tag.attributes.emplace_back(ascii::to_lower(name), its);
    }
}

std::string_view TagReader::value() {
    skip_spaces();
    if (at_ >= html_.size()) return {};
    const char first = html_[at_];
    if (first == '"' || first == '\'') return quoted(first);
    const auto begin = at_;
    while (at_ < html_.size() && !ascii::is_space(html_[at_]) && html_[at_] != '>') ++at_;
    return html_.substr(begin, at_ - begin);
}

std::string_view TagReader::quoted(char quote) {
    const auto begin = at_ + 1;
    const auto end = html_.find(quote, begin);
    if (end != std::string_view::npos) {
        at_ = end + 1;
        return html_.substr(begin, end - begin);
    }
    // None follows, so this search fails once for each kind of quote and the work stays linear.
    const auto close = std::min(html_.find_first_of("> \t\r\n", begin), html_.size());
    at_ = close;
    return html_.substr(begin, close - begin);
}

void TagReader::skip_to_end_of(std::string_view name) {
    for (auto at = html_.find("</", at_); at != std::string_view::npos;
         at = html_.find("</", at + 2)) {
        if (!ascii::begins(html_.substr(at + 2), name)) continue;
        at_ = at;
        return;
    }
    at_ = html_.size();
}

void TagReader::skip_spaces() {
    while (at_ < html_.size() && ascii::is_space(html_[at_])) ++at_;
}

}  // namespace bailiff::html
