#include "src/message/transfer.hpp"

#include <gmime/gmime-encodings.h>

#include <algorithm>
#include <array>
#include <utility>

#include <bailiff/ascii.hpp>

namespace bailiff::mime {
namespace {

constexpr std::size_t tail_bytes = 64U << 10;  // of the end that is read when a part is cut

constexpr bool is_base64(char c) {
    return ascii::is_alnum(c) || c == '+' || c == '/';
}

/// GMime's codec with its state. The buffer is never behind: no decoder makes more than it is
/// given.
class Codec {
public:
    explicit Codec(std::string& out) : out_(out) {}

    void base64(std::string_view text) { step(g_mime_encoding_base64_decode_step, text); }
    void quoted(std::string_view text) { step(g_mime_encoding_quoted_decode_step, text); }

    /// Ends a group of four, whatever is missing from it.
    void close_base64() {
        const auto missing = static_cast<std::size_t>(4 - (state_ & 3)) % 4;
        if (missing == 1 || missing == 2) base64(std::string_view("==", missing));
        state_ = 0;
        save_ = 0;
    }
    [[nodiscard]] std::size_t size() const { return out_.size(); }

private:
    template <class Step>
    void step(Step function, std::string_view text) {
        constexpr std::size_t slack = 8;  // what the state may hold back from before
        const auto before = out_.size();
        out_.resize(before + text.size() + slack);
        // NOLINTNEXTLINE: the codec speaks of unsigned bytes
        const auto* in = reinterpret_cast<const unsigned char*>(text.data());
        auto* to = reinterpret_cast<unsigned char*>(out_.data() + before);  // NOLINT
        out_.resize(before + function(in, text.size(), to, &state_, &save_));
    }

    std::string& out_;
    int state_ = 0;
    guint32 save_ = 0;
};

/// The next piece up to padding; then past the padding, to lines that are base64 and nothing else.
class Base64Pieces {
public:
    explicit Base64Pieces(std::string_view text) : rest_(text) {}

    std::string_view next() {
        const auto pad = rest_.find('=');
        const auto piece = rest_.substr(0, pad);
        rest_.remove_prefix(piece.size());
        while (!rest_.empty() && (rest_.front() == '=' || ascii::is_space(rest_.front())))
            rest_.remove_prefix(1);
        if (!first_line_is_base64()) rest_ = {};
        return piece;
    }
    [[nodiscard]] bool done() const { return rest_.empty(); }

private:
    [[nodiscard]] bool first_line_is_base64() const {
        const auto line = rest_.substr(0, rest_.find_first_of("\r\n="));
        return std::ranges::all_of(line, is_base64);
    }
    std::string_view rest_;
};

/// "=  \r\n": the blanks that keep the '=' from the line end. npos: there is none from `at` on.
std::size_t padded_soft_break(std::string_view text, std::size_t at, std::size_t& end) {
    for (at = text.find('=', at); at != std::string_view::npos; at = text.find('=', at + 1)) {
        end = at + 1;
        while (end < text.size() && ascii::is_blank(text[end])) ++end;
        if (end == at + 1) continue;
        if (end == text.size() || text[end] == '\n' || text[end] == '\r') return at;
        at = end - 1;
    }
    return at;
}

std::string decode_all(Encoding encoding, std::string_view text, std::size_t bytes_max) {
    switch (encoding) {
        case Encoding::base64:
            return decode_base64(text, bytes_max);
        case Encoding::quoted_printable:
            return decode_quoted_printable(text, bytes_max);
        case Encoding::identity:
            return std::string(text.substr(0, bytes_max));
    }
    return {};
}

/// Enough encoded text for `bytes` decoded ones, line ends and escapes counted in.
std::size_t encoded_length(Encoding encoding, std::size_t bytes) {
    switch (encoding) {
        case Encoding::base64:
            return bytes * 4 / 3 + bytes / 16;
        case Encoding::quoted_printable:
            return bytes * 3;
        case Encoding::identity:
            return bytes;
    }
    return bytes;
}

/// From a line's beginning, where a decoder may start.
std::string_view tail_of(Encoding encoding, std::string_view text) {
    const auto length = std::min(text.size(), encoded_length(encoding, tail_bytes));
    const auto tail = text.substr(text.size() - length);
    const auto line = tail.find('\n');
    return line == std::string_view::npos ? tail : tail.substr(line + 1);
}

}  // namespace

Encoding encoding_of(std::string_view header_value) {
    const auto name = ascii::trim(header_value);
    if (ascii::equal(name, "base64")) return Encoding::base64;
    if (ascii::equal(name, "quoted-printable")) return Encoding::quoted_printable;
    return Encoding::identity;
}

std::string decode_base64(std::string_view text, std::size_t bytes_max) {
    std::string out;
    Codec codec(out);
    constexpr std::size_t step = 48U << 10;
    for (Base64Pieces pieces(text); !pieces.done() && out.size() < bytes_max;) {
        auto piece = pieces.next();
        while (!piece.empty() && out.size() < bytes_max) {
            codec.base64(piece.substr(0, step));
            piece.remove_prefix(std::min(step, piece.size()));
        }
        codec.close_base64();
    }
    out.resize(std::min(out.size(), bytes_max));
    return out;
}

std::string decode_quoted_printable(std::string_view text, std::size_t bytes_max) {
    std::string out;
    Codec codec(out);
    std::size_t at = 0, end = 0;
    while (at < text.size() && out.size() < bytes_max) {
        const auto odd = padded_soft_break(text, at, end);
        const auto stop = odd == std::string_view::npos ? text.size() : odd + 1;
        codec.quoted(text.substr(at, stop - at));
        at = odd == std::string_view::npos ? stop : end;
    }
    out.resize(std::min(out.size(), bytes_max));
    return out;
}

Decoded decode(Encoding encoding, std::string_view text, std::size_t bytes_max) {
    const auto size = decoded_size(encoding, text);
    if (size <= bytes_max) return {decode_all(encoding, text, bytes_max), size, false};
    if (bytes_max == 0) return {{}, size, true};
    if (bytes_max < 2 * tail_bytes) return {decode_all(encoding, text, bytes_max), size, true};
    auto bytes = decode_all(encoding, text, bytes_max - tail_bytes);
    const auto tail = decode_all(encoding, tail_of(encoding, text), 4 * tail_bytes);
    bytes += '\n';
    bytes += std::string_view(tail).substr(tail.size() - std::min(tail.size(), tail_bytes));
    return {std::move(bytes), size, true};
}

std::size_t decoded_size(Encoding encoding, std::string_view text) {
    const auto count = [&](auto which) {
        return static_cast<std::size_t>(std::ranges::count_if(text, which));
    };
    switch (encoding) {
        case Encoding::base64:
            return count(is_base64) * 3 / 4;
        case Encoding::quoted_printable: {
            const auto escapes = count([](char c) { return c == '='; });
            return text.size() - std::min(text.size(), 2 * escapes);
        }
        case Encoding::identity:
            return text.size();
    }
    return text.size();
}

std::string with_newlines(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto cr = text.find("\r\n", at);
        if (cr == std::string_view::npos) cr = text.size();
        out += text.substr(at, cr - at);
        at = cr == text.size() ? cr : cr + 1;
    }
    return out;
}

}  // namespace bailiff::mime
