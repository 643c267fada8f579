#include "src/message/params.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include <bailiff/ascii.hpp>
#include "src/message/charset.hpp"

namespace bailiff::mime {
namespace {

/// name*3*=text : a piece of a longer value (RFC 2231 §3, §4).
struct Piece {
    std::string name;
    std::string text;
    unsigned index = 0;
    bool encoded = false;
};

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? ascii::hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? ascii::hex_value(text[i + 2]) : -1;
        if (low < 0) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
        i += 2;
    }
    return out;
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    Parameters read() {
        Parameters result;
        skip();
        result.value = ascii::to_lower(token(";( \t"));
        while (at_ < text_.size()) {
            const auto before = at_;
            parameter(result);
            if (at_ == before) ++at_;
        }
        join(result);
        return result;
    }

private:
    void parameter(Parameters& result) {
        skip();
        auto name = ascii::to_lower(token("=;( \t"));
        skip_blanks();
        if (at_ >= text_.size() || text_[at_] != '=') return;
        ++at_;
        skip_blanks();
        auto value = at_ < text_.size() && text_[at_] == '"' ? quoted() : token("; \t");
        const auto star = name.find('*');
        if (star == std::string::npos)
            result.all.emplace_back(std::move(name), std::move(value));
        else
            pieces_.push_back(piece(name, star, std::move(value)));
    }

    static Piece piece(std::string_view name, std::size_t star, std::string value) {
        Piece result{std::string(name.substr(0, star)), std::move(value)};
        auto rest = name.substr(star + 1);
        const auto end = std::from_chars(rest.data(), rest.data() + rest.size(), result.index).ptr;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        result.encoded = rest == "*" || name.ends_with('*');
        return result;
    }

    /// White space, semicolons and comments.
    void skip() {
        for (int depth = 0; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '(')
                ++depth;
            else if (c == ')' && depth > 0)
                --depth;
            else if (depth == 0 && c != ';' && !ascii::is_space(c))
                return;
        }
    }
    void skip_blanks() {
        while (at_ < text_.size() && ascii::is_space(text_[at_])) ++at_;
    }

    std::string token(std::string_view ends) {
        const auto begin = at_;
        at_ = std::min(text_.find_first_of(ends, at_), text_.size());
        return std::string(text_.substr(begin, at_ - begin));
    }

    std::string quoted() {
        std::string value;
        for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            value += text_[at_];
        }
        if (at_ < text_.size()) ++at_;
        return value;
    }

    void join(Parameters& result) {
        std::ranges::stable_sort(pieces_, [](const Piece& a, const Piece& b) {
            return std::tie(a.name, a.index) < std::tie(b.name, b.index);
        });
        for (auto piece = pieces_.begin(); piece != pieces_.end();) {
            const auto name = piece->name;
            std::string bytes, charset;
            for (bool first = true; piece != pieces_.end() && piece->name == name; ++piece) {
                if (first && piece->encoded) charset = take_charset(piece->text);
                first = false;
                bytes += piece->encoded ? percent_decoded(piece->text) : piece->text;
            }
            result.all.emplace_back(name, to_utf8(bytes, charset));
        }
    }

    /// utf-8'en'text
    static std::string take_charset(std::string& text) {
        const auto quote = text.find('\'');
        const auto second = quote == std::string::npos ? quote : text.find('\'', quote + 1);
        if (second == std::string::npos) return {};
        auto charset = ascii::to_lower(std::string_view(text).substr(0, quote));
        text.erase(0, second + 1);
        return charset;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::vector<Piece> pieces_;
};

}  // namespace

std::string_view Parameters::first(std::string_view name) const {
    for (const auto& [its_name, its_value] : all)
        if (its_name == name) return its_value;
    return {};
}

Parameters read_parameters(std::string_view unfolded) {
    auto result = Reader(unfolded.substr(0, field_bytes_read)).read();
    result.cut = unfolded.size() > field_bytes_read;
    return result;
}

}  // namespace bailiff::mime
