#pragma once
// Finds many literal strings in one pass: by their first bytes, in tables that stay in the
// processor's nearest cache. An automaton over the same strings needs megabytes, and in a busy
// mail server each message would find them gone from there.

#include <bailiff/result.hpp>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::rules {

inline constexpr std::size_t literals_max = 4'000'000;
inline constexpr std::size_t literal_bytes_min = 3;

/// `byte` as literals are compared: an ASCII letter in lower case.
[[nodiscard]] constexpr unsigned char folded(char byte) {
    return static_cast<unsigned char>(byte >= 'A' && byte <= 'Z' ? byte + 0x20 : byte);
}

/// Immutable after build().  Threads  any.
class LiteralScan {
public:
    struct Literal {
        std::string text;     ///< at least literal_bytes_min; ASCII letters in lower case
        std::uint32_t owner;  ///< told when it is found; several literals may have one owner
    };
    /// Errors   exhausted: more than literals_max.  invalid_input: a literal is too short.
    [[nodiscard]] static Result<LiteralScan> build(std::vector<Literal> literals);

    /// Calls found(owner) for each literal in `text`, in whatever case; some owners repeatedly.
    /// Time     of a byte: grows with the number of literals that share its next four bytes.
    template <class Found>
    void scan(std::string_view text, Found&& found) const {
        if (empty()) return;
        std::uint64_t window = 0;  // eight bytes of text, the first in front; zeroes behind its end
        for (std::size_t end = 0; end < text.size() + window_bytes - literal_bytes_min; ++end) {
            window = window << 8 | (end < text.size() ? folded(text[end]) : 0);
            if (end + 1 < window_bytes) continue;
            const auto begin = end + 1 - window_bytes;
            if (by_six_.may_begin(window)) by_six_.report(window, text, begin, found);
            if (by_four_.may_begin(window)) by_four_.report(window, text, begin, found);
            if (by_three_.may_begin(window)) by_three_.report(window, text, begin, found);
        }
    }

    [[nodiscard]] std::size_t memory() const {
        return by_six_.memory() + by_four_.memory() + by_three_.memory();
    }

private:
    [[nodiscard]] bool empty() const {
        return by_six_.empty() && by_four_.empty() && by_three_.empty();
    }
    static constexpr std::size_t window_bytes = sizeof(std::uint64_t);

    /// Literals by the hash of their first `width` bytes.
    class Prefixes {
    public:
        explicit Prefixes(std::size_t width) : shift_(8 * (window_bytes - width)) {}
        void fill(std::vector<Literal> literals);

        [[nodiscard]] bool empty() const { return literals_.empty(); }
        [[nodiscard]] std::size_t memory() const;

        [[nodiscard]] bool may_begin(std::uint64_t window) const {
            const auto hashed = hash(window);
            return (filter_[hashed / 64] >> (hashed % 64) & 1U) != 0;
        }

        /// `window` is what stands at `begin` of the text.
        template <class Found>
        void report(std::uint64_t window, std::string_view text, std::size_t begin,
                    Found&& found) const {
            const auto bucket = hash(window) >> (filter_bits - bucket_bits);
            for (auto at = begins_[bucket]; at < begins_[bucket + 1]; ++at) {
                const auto& head = heads_[at];
                if ((window & head.mask) == head.bytes && ends_like(at, text.substr(begin)))
                    found(literals_[at].owner);
            }
        }

    private:
        struct Head {
            std::uint64_t bytes = 0;  ///< the first eight, as in a window
            std::uint64_t mask = 0;   ///< of the bytes that there are
        };
        static constexpr unsigned filter_bits = 16;
        static constexpr unsigned bucket_bits = 12;

        [[nodiscard]] static Head head_of(std::string_view text);
        /// Multiplicative (Knuth, TAOCP 3, 6.4): the upper bits are the good ones.
        [[nodiscard]] std::uint32_t hash(std::uint64_t window) const {
            return static_cast<std::uint32_t>(((window >> shift_) * 0x9E37'79B9'7F4A'7C15U) >>
                                              (64 - filter_bits));
        }
        /// What a head does not tell: the bytes behind it, and that the text is long enough.
        [[nodiscard]] bool ends_like(std::uint32_t literal, std::string_view text) const;

        std::size_t shift_;
        std::array<std::uint64_t, (1U << filter_bits) / 64> filter_{};
        std::vector<std::uint32_t> begins_ = std::vector<std::uint32_t>((1U << bucket_bits) + 1);
        std::vector<Head> heads_;        ///< by bucket
        std::vector<Literal> literals_;  ///< in the order of heads_
    };

    Prefixes by_six_{6};
    Prefixes by_four_{4};   ///< of four or five bytes
    Prefixes by_three_{3};  ///< of just three bytes
};

}  // namespace bailiff::rules
