#include "src/message/charset.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <bailiff/ascii.hpp>

namespace bailiff::mime {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// 0x80 to 0x9f, as HTML's "windows-1252" has them.
constexpr std::array<char16_t, 32> windows_1252_high{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

struct Alias {
    std::string_view declared, known;
};
constexpr Alias aliases[] = {
    {"x-sjis", "cp932"},
    {"shift_jis", "cp932"},
    {"shift-jis", "cp932"},
    {"sjis", "cp932"},
    {"windows-31j", "cp932"},
    {"ms_kanji", "cp932"},
    {"ks_c_5601-1987", "cp949"},
    {"euc-kr", "cp949"},
    {"ksc5601", "cp949"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gb18030", "gb18030"},
    {"cp936", "gb18030"},
    {"big5", "big5-hkscs"},
    {"big5-hkscs", "big5-hkscs"},
    {"x-x-big5", "big5-hkscs"},
    {"euc-jp", "euc-jp"},
    {"x-euc-jp", "euc-jp"},
    {"euc-tw", "euc-tw"},
    {"iso-2022-jp", "iso-2022-jp-2"},
    {"iso-2022-kr", "iso-2022-kr"},
    {"utf-7", "utf-7"},
    {"utf-16le", "utf-16le"},
    {"utf-16be", "utf-16be"},
    {"unicode-1-1-utf-7", "utf-7"},
    {"koi8-r", "koi8-r"},
    {"koi8-u", "koi8-u"},
    {"tis-620", "tis-620"},
    {"viscii", "viscii"},
    {"macintosh", "macintosh"},
    {"x-mac-roman", "macintosh"},
    {"mac", "macintosh"},
    {"utf-32", "utf-32"},
    {"utf-32le", "utf-32le"},
    {"utf-32be", "utf-32be"},
    {"cp437", "cp437"},
    {"ibm437", "cp437"},
    {"cp850", "cp850"},
    {"ibm850", "cp850"},
    {"cp852", "cp852"},
    {"ibm852", "cp852"},
    {"cp866", "cp866"},
    {"ibm866", "cp866"},
    {"cp932", "cp932"},
    {"cp949", "cp949"},
};

/// A name of the families that are numbered: prefix and a number up to `last`.
struct Numbered {
    std::string_view prefix;
    int first, last;
    std::string_view known;
};
constexpr Numbered numbered[] = {
    {"iso-8859-", 2, 16, "iso-8859-"}, {"iso8859-", 2, 16, "iso-8859-"},
    {"windows-", 1250, 1258, "cp"},    {"cp", 1250, 1258, "cp"},
    {"x-cp", 1250, 1258, "cp"},        {"windows-", 874, 874, "cp"}};

bool is_latin1(std::string_view name) {
    constexpr std::array names{"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "windows-1252",
                               "cp1252",     "us-ascii",  "ascii",      "x-ansi"};
    return std::ranges::any_of(names, [&](auto each) { return name == each; });
}

/// What iconv calls it; empty if it is not in our list.
std::string converter_name(std::string_view declared) {
    for (const auto& each : aliases)
        if (each.declared == declared) return std::string(each.known);
    for (const auto& each : numbered) {
        if (!declared.starts_with(each.prefix)) continue;
        const auto digits = declared.substr(each.prefix.size());
        int number = 0;
        for (const char c : digits.substr(0, 5))
            number = number * 10 + (ascii::is_digit(c) ? c - '0' : 99'999);
        if (number >= each.first && number <= each.last)
            return std::string(each.known) + std::to_string(number);
    }
    return {};
}

bool has_shifts(std::string_view declared) {
    return declared.starts_with("utf-7") || declared == "unicode-1-1-utf-7" ||
           declared.starts_with("iso-2022-");
}

class Converter {
public:
    explicit Converter(const std::string& from) : handle_(iconv_open("UTF-8", from.c_str())) {}
    ~Converter() {
        if (ok()) iconv_close(handle_);
    }
    Converter(Converter&& other) noexcept : handle_(std::exchange(other.handle_, invalid())) {}
    Converter& operator=(Converter&&) = delete;
    [[nodiscard]] bool ok() const { return handle_ != invalid(); }

    /// Every turn takes a byte of input or ends; at most some 16 bytes come out of each.
    std::string run(std::string_view bytes) {
        std::string out;
        std::array<char, 16U << 10> buffer;          // NOLINT: filled by iconv
        auto* in = const_cast<char*>(bytes.data());  // NOLINT: iconv's signature; it only reads
        auto left = bytes.size();
        while (left > 0) {
            char* to = buffer.data();
            auto room = buffer.size();
            const auto result = iconv(handle_, &in, &left, &to, &room);
            const auto why = errno;
            out.append(buffer.data(), static_cast<std::size_t>(to - buffer.data()));
            if (result != static_cast<std::size_t>(-1)) break;
            if (why == E2BIG) continue;
            out += replacement;
            if (why != EILSEQ) break;  // ends within a character
            ++in;
            --left;
        }
        return out;
    }

private:
    static iconv_t invalid() { return reinterpret_cast<iconv_t>(-1); }  // NOLINT: iconv_open(3)
    iconv_t handle_;
};

std::string from_windows_1252(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 4);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += c;
        else
            append_utf8(out, windows_1252(byte));
    }
    return out;
}

std::string repaired(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 64);
    while (!text.empty()) {
        const auto good = valid_utf8_prefix(text);
        out += text.substr(0, good);
        if (good == text.size()) break;
        out += replacement;
        text.remove_prefix(good + 1);
    }
    return out;
}

/// By declaration, and by the mark or the side on which the NULs stand. Without a declaration the
/// mark counts only beside NULs: two bytes in front must not turn honest text into something else.
std::string utf16_name(std::string_view bytes, std::string_view declared) {
    const bool is_declared = declared == "utf-16" || declared == "utf-16le" ||
                             declared == "utf-16be" || declared == "ucs-2";
    const bool may_be = declared.empty() && bytes.find('\0') != std::string_view::npos;
    if (is_declared || may_be) {
        if (bytes.starts_with("\xFF\xFE")) return "utf-16le";
        if (bytes.starts_with("\xFE\xFF")) return "utf-16be";
    }
    if (!is_declared) return {};
    if (declared == "utf-16le" || declared == "utf-16be") return std::string(declared);
    const auto head = bytes.substr(0, 512);
    std::array<std::size_t, 2> nuls{};
    for (std::size_t i = 0; i < head.size(); ++i)
        if (head[i] == '\0') ++nuls[i % 2];
    return nuls[0] > nuls[1] ? "utf-16be" : "utf-16le";
}

std::string converted(std::string_view bytes, const std::string& name) {
    Converter converter(name);
    return converter.ok() ? converter.run(bytes) : from_windows_1252(bytes);
}

std::size_t ascii_prefix(std::string_view text) {
    std::size_t i = 0;
    for (std::uint64_t word = 0; i + sizeof word <= text.size(); i += sizeof word) {
        std::memcpy(&word, text.data() + i, sizeof word);
        if ((word & 0x8080808080808080U) != 0) break;
    }
    while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
    return i;
}

/// The length of the one character at the start of `text`, which is not ASCII; 0 if it is none.
std::size_t character_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto lead = at(0);
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : lead >= 0xE0 && lead <= 0xEF ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xC0U) != 0x80) return 0;
    const bool overlong = (lead == 0xE0 && at(1) < 0xA0) || (lead == 0xF0 && at(1) < 0x90);
    const bool outside = (lead == 0xED && at(1) > 0x9F) || (lead == 0xF4 && at(1) > 0x8F);
    return overlong || outside ? 0 : length;
}

}  // namespace

void prepare_converters() {
    static std::vector<Converter> kept;
    if (!kept.empty()) return;
    const auto keep = [](std::string_view declared) {
        kept.emplace_back(converter_name(declared));
    };
    for (const auto& each : aliases) keep(each.declared);
    for (const auto& each : numbered)
        for (int n = each.first; n <= each.last; ++n)
            keep(std::string(each.prefix) + std::to_string(n));
}

std::string to_utf8(std::string_view bytes, std::string_view declared) {
    if (const auto utf16 = utf16_name(bytes, declared); !utf16.empty()) {
        if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) bytes.remove_prefix(2);
        return converted(bytes, utf16);
    }
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (has_shifts(declared)) {
        if (const auto name = converter_name(declared); !name.empty())
            return converted(bytes, name);
    }
    if (valid_utf8_prefix(bytes) == bytes.size()) return std::string(bytes);
    if (declared == "utf-8" || declared == "utf8") return repaired(bytes);
    if (is_latin1(declared)) return from_windows_1252(bytes);
    const auto name = converter_name(declared);
    return name.empty() ? from_windows_1252(bytes) : converted(bytes, name);
}

std::size_t valid_utf8_prefix(std::string_view text) {
    std::size_t done = 0;
    while (done < text.size()) {
        done += ascii_prefix(text.substr(done));
        if (done == text.size()) break;
        const auto length = character_length(text.substr(done));
        if (length == 0) break;
        done += length;
    }
    return done;
}

char32_t windows_1252(unsigned char byte) {
    return byte >= 0x80 && byte < 0xA0 ? windows_1252_high[byte - 0x80U] : char32_t{byte};
}

void append_utf8(std::string& out, char32_t code) {
    const auto byte = [&](char32_t bits) {
        out += static_cast<char>(static_cast<unsigned char>(bits));
    };
    if (code < 0x80) return byte(code);
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        out += replacement;
        return;
    }
    if (code < 0x800) {
        byte(0xC0 | code >> 6);
        return byte(0x80 | (code & 0x3F));
    }
    if (code < 0x10000)
        byte(0xE0 | code >> 12);
    else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
    }
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
}

}  // namespace bailiff::mime
