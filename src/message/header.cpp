#include "src/message/header.hpp"

#include <array>
#include <bailiff/limits.hpp>
#include <optional>

#include <bailiff/ascii.hpp>
#include "src/message/charset.hpp"
#include "src/message/transfer.hpp"

namespace bailiff::mime {
namespace {

constexpr std::size_t bad_lines_max = 3;  // as SpamAssassin: reference §2.3

struct Line {
    std::string_view text;  // without its end
    std::size_t next = 0;
};

Line line_at(std::string_view text, std::size_t begin) {
    const auto end = text.find('\n', begin);
    const auto stop = end == std::string_view::npos ? text.size() : end;
    auto line = text.substr(begin, stop - begin);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return {line, end == std::string_view::npos ? text.size() : end + 1};
}

/// The length of the name in front of a colon; 0 if the line is no field.
std::size_t name_length(std::string_view line) {
    std::size_t i = 0;
    while (i < line.size() && line[i] > ' ' && line[i] < 0x7f && line[i] != ':') ++i;
    auto colon = i;
    while (colon < line.size() && ascii::is_blank(line[colon])) ++colon;
    return colon < line.size() && line[colon] == ':' ? i : 0;
}

class BlockReader {
public:
    explicit BlockReader(std::string_view text) : text_(text) {}

    HeaderBlock read() {
        std::size_t at = skip_mbox_line();
        while (at < text_.size()) {
            const auto line = line_at(text_, at);
            if (line.text.empty()) return finish(line.next);
            if (line.text.starts_with("--")) return finish(at);
            if (!take(line, at)) return finish(bad_begin_);
            at = line.next;
        }
        return finish(bad_lines_ > 0 ? bad_begin_ : at);
    }

private:
    std::size_t skip_mbox_line() const {
        const bool mbox = text_.starts_with("From ") || text_.starts_with(">From ");
        return mbox ? line_at(text_, 0).next : 0;
    }

    /// False: the body began at `bad_begin_`.
    bool take(const Line& line, std::size_t at) {
        const bool continues = ascii::is_blank(line.text.front()) && in_field_;
        const auto name = continues ? 0 : name_length(line.text);
        if (!continues && name == 0) return tolerate(at);
        bad_lines_ = 0;
        if (continues)
            extend(line.text);
        else
            begin_field(line.text, name);
        return true;
    }

    bool tolerate(std::size_t at) {
        if (bad_lines_ == 0) bad_begin_ = at;
        return in_field_ && ++bad_lines_ <= bad_lines_max;
    }

    void begin_field(std::string_view line, std::size_t name) {
        in_field_ = true;
        bytes_ += line.size();
        block_.cut |=
            block_.fields.size() >= limits::header_count_max || bytes_ > limits::header_bytes_max;
        if (block_.cut) return;
        const auto colon = line.find(':', name);
        block_.fields.push_back({line.substr(0, name), line.substr(colon + 1)});
    }

    void extend(std::string_view line) {
        bytes_ += line.size();
        block_.cut |= bytes_ > limits::header_bytes_max;
        if (block_.cut) return;
        auto& body = block_.fields.back().body;
        body = {body.data(), static_cast<std::size_t>(line.data() + line.size() - body.data())};
    }

    HeaderBlock finish(std::size_t end) {
        block_.end = end;
        return std::move(block_);
    }

    std::string_view text_;
    HeaderBlock block_;
    std::size_t bytes_ = 0;
    std::size_t bad_begin_ = 0;
    std::size_t bad_lines_ = 0;
    bool in_field_ = false;
};

/// =?charset?B?text?= ; the views lie in the text.
struct EncodedWord {
    std::string_view charset;
    std::string_view text;
    char encoding = 'q';
    std::size_t end = 0;
};

std::optional<EncodedWord> word_at(std::string_view text, std::size_t begin) {
    const auto charset_end = text.find('?', begin + 2);
    if (charset_end == std::string_view::npos || charset_end + 2 >= text.size()) return {};
    const char encoding = ascii::lower(text[charset_end + 1]);
    if ((encoding != 'b' && encoding != 'q') || text[charset_end + 2] != '?') return {};
    const auto content = charset_end + 3;
    const auto close = text.find('?', content);
    if (close == std::string_view::npos || close + 1 >= text.size() || text[close + 1] != '=')
        return {};
    auto charset = text.substr(begin + 2, charset_end - begin - 2);
    charset = charset.substr(0, charset.find('*'));  // RFC 2231 §5: language
    return EncodedWord{charset, text.substr(content, close - content), encoding, close + 2};
}

std::string word_bytes(const EncodedWord& word) {
    if (word.encoding == 'b') return decode_base64(word.text, limits::header_bytes_max);
    std::string spaced(word.text);
    std::ranges::replace(spaced, '_', ' ');
    return decode_quoted_printable(spaced, limits::header_bytes_max);
}

/// Neighbouring words of one charset are joined before they are converted: a character may be
/// split between them.
class WordJoiner {
public:
    void literal(std::string_view text) {
        const bool between_words = in_word_ && ascii::trim(text).empty();
        if (between_words)
            gap_ = text;
        else {
            flush();
            out_ += text;
        }
    }
    void word(const EncodedWord& word) {
        if (in_word_ && word.charset != charset_) flush_bytes();
        gap_ = {};
        charset_ = word.charset;
        bytes_ += word_bytes(word);
        in_word_ = true;
    }
    std::string finish() {
        flush();
        return std::move(out_);
    }

private:
    void flush_bytes() {
        out_ += to_utf8(bytes_, ascii::to_lower(charset_));
        bytes_.clear();
    }
    void flush() {
        if (in_word_) flush_bytes();
        out_ += gap_;
        gap_ = {};
        in_word_ = false;
    }

    std::string out_, bytes_;
    std::string_view charset_, gap_;
    bool in_word_ = false;
};

bool holds_ids(std::string_view name) {
    constexpr std::array names{"received",    "message-id", "resent-message-id", "date",
                               "resent-date", "references", "mime-version",      "in-reply-to"};
    return ascii::begins(name, "list-") ||
           std::ranges::any_of(names, [&](auto each) { return ascii::equal(name, each); });
}

/// Decoding may have brought line ends and NULs in (fault B13).
std::string on_one_line(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\r' || c == '\0'; }, ' ');
    return text;
}

}  // namespace

HeaderBlock read_header(std::string_view text) {
    return BlockReader(text).read();
}

std::string raw_text(std::string_view body) {
    return with_newlines(body);
}

std::string unfold(std::string_view body) {
    std::string value;
    value.reserve(body.size());
    for (std::size_t at = 0; at < body.size();) {
        const auto line = line_at(body, at);
        auto text = line.text;
        if (at > 0) {
            while (!text.empty() && ascii::is_blank(text.front())) text.remove_prefix(1);
            value += ' ';
        }
        value += text;
        at = line.next;
    }
    return std::string(ascii::trim(value));
}

std::string decode_words(std::string_view text) {
    const auto valid = to_utf8(text, "");
    if (valid.find("=?") == std::string::npos) return on_one_line(valid);
    const std::string_view all = valid;
    WordJoiner joiner;
    std::size_t done = 0;
    for (auto at = all.find("=?"); at != std::string_view::npos; at = all.find("=?", at)) {
        const auto word = word_at(all, at);
        if (!word) {
            at += 2;
            continue;
        }
        if (at > done) joiner.literal(all.substr(done, at - done));
        joiner.word(*word);
        done = at = word->end;
    }
    if (done < all.size()) joiner.literal(all.substr(done));
    return on_one_line(joiner.finish());
}

std::string decoded_value(const RawField& field) {
    const auto value = unfold(field.body);
    if (holds_ids(field.name)) return on_one_line(to_utf8(value, ""));
    return std::string(ascii::trim(decode_words(value)));
}

}  // namespace bailiff::mime
