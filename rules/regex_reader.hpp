#pragma once
// The recursive-descent reader behind parse_regex(), in two files: structure, and escapes.

#include <rules/regex.hpp>
#include <optional>

namespace bailiff::rules {

class RegexReader {
public:
    struct Flags {
        bool fold = false;      ///< i
        bool dot_all = false;   ///< s
        bool lines = false;     ///< m
        bool extended = false;  ///< x
    };

    RegexReader(std::string_view pattern, Flags flags) : text_(pattern), flags_(flags) {}
    [[nodiscard]] Result<Regex> read_all();

    /// Turns the flag of this letter on or off; false: there is no such flag.
    static bool set_flag(Flags& flags, char letter, bool on);

private:
    /// One thing in a class, or behind a backslash: bytes, and which one it is if it is just one.
    struct Item {
        ByteSet bytes;
        std::optional<unsigned char> single;
    };

    // Structure.
    Result<Regex> read_choice();
    Result<Regex> read_sequence();
    Result<Regex> read_atom();
    Result<Regex> read_group();
    Result<Regex> read_special_group();
    Result<Regex> read_flag_group();
    Result<Regex> finish_group();
    Result<void> skip_group_name();
    Result<Regex> read_repeat(Regex atom);
    struct Count {
        std::uint32_t least = 0;
        std::uint32_t most = 0;
    };
    /// The quantifier here, taken from the text; none: there is none.
    Result<std::optional<Count>> read_count();
    std::optional<std::string_view> brace_count() const;
    void skip_ignored();

    // Escapes and classes.
    Result<Regex> read_escape();
    Result<Item> read_escaped_byte(bool in_class);
    Result<Item> read_hex();
    Result<Item> read_control();
    std::optional<unsigned char> read_octal(bool in_class);
    Result<Regex> read_class();
    Result<Item> read_class_item();
    Result<std::optional<ByteSet>> read_posix();

    [[nodiscard]] Regex set_of(const ByteSet& bytes) const;
    [[nodiscard]] Failure wrong(std::string what) const;
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    [[nodiscard]] bool looks_at(std::string_view expected) const {
        return text_.substr(at_).starts_with(expected);
    }
    bool take(std::string_view expected) {
        if (!looks_at(expected)) return false;
        at_ += expected.size();
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    Flags flags_;
};

}  // namespace bailiff::rules
