#include "src/message/parse.hpp"

#include <gmime/gmime.h>

#include <bailiff/limits.hpp>
#include <mutex>

#include <bailiff/ascii.hpp>
#include "src/message/charset.hpp"
#include "src/message/header.hpp"
#include "src/message/html.hpp"
#include "src/message/paragraphs.hpp"
#include "src/message/structure.hpp"
#include "src/message/suffix.hpp"
#include "src/message/transfer.hpp"
#include "src/message/uri_list.hpp"

namespace bailiff {
namespace {

/// The type that clients go by: a file name says more than application/octet-stream.
std::string effective_type(const mime::Leaf& leaf) {
    for (const std::string_view ending : {".htm", ".html", ".shtml"})
        if (ascii::ends(leaf.file_name, ending)) return "text/html";
    return leaf.type;
}

std::string_view without_edges(std::string_view text) {
    if (text.starts_with(" \n")) text.remove_prefix(1);
    if (text.starts_with('\n')) text.remove_prefix(1);
    if (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

class Parser {
public:
    Message run(std::string_view raw) {
        if (raw.size() > limits::message_bytes_max) {
            mime::note(message_.limits, "MESSAGE_CUT", "only the beginning was read");
            raw = raw.substr(0, limits::message_bytes_max);
        }
        const auto structure = mime::split(raw);
        for (const auto& each : structure.limits)
            mime::note(message_.limits, each.symbol, each.reason);
        for (const auto& field : structure.fields) add_field(field);
        add_subject();
        for (const auto& leaf : structure.leaves) add_part(leaf);
        add_body();
        if (uris_.cut()) mime::note(message_.limits, "URIS_CUT", "too many or too long addresses");
        message_.uris = uris_.take();
        return std::move(message_);
    }

private:
    void add_field(const mime::RawField& field) {
        message_.fields.push_back(
            {std::string(field.name), mime::raw_text(field.body), mime::decoded_value(field)});
    }

    /// The last one, as SpamAssassin has it (reference §2.5).
    void add_subject() {
        std::string_view subject;
        for (const auto& field : message_.fields)
            if (ascii::equal(field.name, "subject")) subject = field.value;
        const auto line = mime::collapsed(subject);
        uris_.add_text(line);
        if (line.empty())
            message_.body.emplace_back("\n");
        else
            mime::append_lines(message_.body, line);
    }

    /// The subject's line end opens the text, so blank lines at its beginning are no line of it;
    /// the blank that a final line end leaves behind is dropped.
    void add_body() {
        const auto text = mime::collapsed(body_);
        mime::append_lines(message_.body, ascii::trim(text).empty() ? "" : without_edges(text));
    }

    void add_part(const mime::Leaf& leaf) {
        Part part{.type = leaf.type,
                  .charset = leaf.charset,
                  .file_name = leaf.file_name,
                  .size = 0,
                  .text = {}};
        const auto type = effective_type(leaf);
        const bool is_text = type.starts_with("text/");
        if (is_text || type.starts_with("message/")) {
            auto text = decode_text(leaf, part.size);
            if (type != "text/calendar") mime::append_chunks(message_.rawbody, text);
            if (type == "text/html")
                add_html(text, part.charset);
            else if (type == "text/plain")
                add_plain(text, part.charset);
            if (is_text) part.text = std::move(text);
        } else {
            part.size = mime::decoded_size(leaf.encoding, leaf.bytes);
        }
        message_.parts.push_back(std::move(part));
    }

    std::string decode_text(const mime::Leaf& leaf, std::size_t& size) {
        const auto left = limits::text_bytes_max - text_bytes_;
        const auto bytes_max = std::min(left, limits::part_text_bytes_max);
        auto decoded = mime::decode(leaf.encoding, leaf.bytes, bytes_max);
        if (decoded.cut)
            mime::note(message_.limits, "PARTIAL", "not all text of the mail was read");
        size = decoded.cut ? decoded.size : decoded.bytes.size();
        text_bytes_ += std::min(decoded.bytes.size(), left);
        if (decoded.bytes.find('\r') == std::string::npos) return std::move(decoded.bytes);
        return mime::with_newlines(decoded.bytes);
    }

    void add_html(std::string_view text, std::string_view charset) {
        const auto rendered = html::render(mime::to_utf8(text, charset));
        if (rendered.links_cut)
            mime::note(message_.limits, "URIS_CUT", "a part of HTML with too many addresses");
        for (const auto& link : rendered.links) uris_.add_link(link, rendered.base);
        add_readable(rendered.text);
    }

    void add_plain(std::string_view text, std::string_view charset) {
        add_readable(mime::to_utf8(text, charset));
    }

    void add_readable(std::string_view text) {
        uris_.add_text(text);
        if (!body_.empty()) body_ += '\n';
        body_ += text;
    }

    Message message_;
    std::string body_;
    uri::UriList uris_;
    std::size_t text_bytes_ = 0;
};

}  // namespace

void prepare_parser() {
    static std::once_flag once;
    std::call_once(once, [] {
        g_mime_init();
        mime::prepare_converters();
        uri::prepare_suffixes();
    });
}

Message parse(std::string_view raw) {
    return Parser().run(raw);
}

}  // namespace bailiff
