#include "src/message/uri_list.hpp"

#include <bailiff/limits.hpp>

#include <bailiff/ascii.hpp>
#include "src/message/charset.hpp"
#include "src/message/linkify.hpp"
#include "src/message/suffix.hpp"
#include "src/message/uri_clean.hpp"

namespace bailiff::uri {
namespace {

constexpr std::size_t link_bytes_read = 8 * limits::uri_bytes_max;  // of one attribute

/// "scheme:" at the beginning, without the colon; empty if there is none.
std::string scheme_of(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size() && i < 20 &&
           (ascii::is_alnum(text[i]) || text[i] == '+' || text[i] == '-'))
        ++i;
    if (i < 2 || i >= text.size() || text[i] != ':') return {};
    return ascii::to_lower(text.substr(0, i));
}

/// Browsers drop line ends and tabs within, and blanks around.
std::string as_browsers_read(std::string_view value) {
    std::string text(value);
    std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t' || c == '\0'; });
    return text;
}

/// "http://example.com/dir/page" + "../x" is not reduced: rules look at hosts and names.
std::string resolved(std::string_view relative, std::string_view base) {
    const auto host = base.find("://");
    if (host == std::string_view::npos) return {};
    const auto path = std::min(base.find_first_of("/?#", host + 3), base.size());
    if (relative.front() == '/') return std::string(base.substr(0, path)).append(relative);
    const auto query = std::min(base.find_first_of("?#", path), base.size());
    const auto slash = base.substr(0, query).rfind('/');
    const auto directory = slash >= path && slash != std::string_view::npos ? slash : path;
    return std::string(base.substr(0, directory)).append("/").append(relative);
}

bool begins_with_host(std::string_view text) {
    const auto host = text.substr(0, text.find_first_of("/?#:"));
    return ascii::begins(host, "www.") || is_registrable(ascii::to_lower(host));
}

/// Of an embedded image the type says enough; its bytes are no address.
std::string_view without_image_bytes(std::string_view text) {
    return ascii::begins(text, "data:image/") ? text.substr(0, text.find(',')) : text;
}

}  // namespace

bool UriList::full() const {
    return uris_.size() >= limits::uris_max;
}

void UriList::add_text(std::string_view text) {
    Linkifier links(text);
    while (!full()) {
        const auto link = links.next();
        if (!link) return;
        add(std::string(link->prefix).append(link->text));
    }
    cut_ |= links.next().has_value();
}

void UriList::add_link(std::string_view value, std::string_view base) {
    value = without_image_bytes(ascii::trim(value));
    cut_ |= value.size() > link_bytes_read;
    const auto text = as_browsers_read(value.substr(0, link_bytes_read));
    if (text.empty() || text.front() == '#') return;
    if (!scheme_of(text).empty() && !begins_with_host(text)) return add(text);
    if (text.starts_with("//") || text.starts_with("\\\\")) return add("http:" + text);
    if (const auto absolute = resolved(text, base); !absolute.empty()) return add(absolute);
    if (begins_with_host(text)) add("http://" + text);
}

void UriList::add(std::string_view uri) {
    if (uri.size() > limits::uri_bytes_max) {
        cut_ = true;
        uri = uri.substr(0, limits::uri_bytes_max);
        uri = uri.substr(0, mime::valid_utf8_prefix(uri));
    }
    if (!add_once(uri)) return;  // and so are its forms
    if (is_clean(uri)) return;
    for (const auto& form : cleaned(uri)) add_once(form);
}

bool UriList::add_once(std::string_view uri) {
    std::string owned(uri);
    if (seen_.contains(owned)) return false;
    cut_ |= full();
    if (full()) return false;
    uris_.push_back(owned);
    seen_.insert(std::move(owned));
    return true;
}

}  // namespace bailiff::uri
