#pragma once
// Finds many literal strings in one pass (Aho and Corasick, CACM 18/6, 1975).

#include <bailiff/result.hpp>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::rules {

inline constexpr std::size_t literal_table_bytes_max = 256U << 20;

/// Immutable after build().  Threads  any.
class LiteralScan {
public:
    struct Literal {
        std::string text;     ///< not empty; ASCII letters in lower case
        std::uint32_t owner;  ///< told when it is found; several literals may have one owner
    };
    /// Errors   exhausted: the table would pass literal_table_bytes_max.
    [[nodiscard]] static Result<LiteralScan> build(const std::vector<Literal>& literals);

    /// Calls found(owner) for each literal in `text`, in whatever case; some owners repeatedly.
    template <class Found>
    void scan(std::string_view text, Found&& found) const {
        if (owners_.empty()) return;
        std::uint32_t state = 0;
        for (const char c : text) {
            const auto entry = next_[state + class_of_[static_cast<unsigned char>(c)]];
            state = entry & ~ends_here;
            if ((entry & ends_here) != 0) report(state, found);
        }
    }

    [[nodiscard]] std::size_t memory() const { return next_.size() * sizeof(std::uint32_t); }

private:
    static constexpr std::uint32_t ends_here = 1U << 31;
    static constexpr std::uint32_t none = 0xFFFF'FFFF;

    /// What ends in a state: owners_[first..last), and the next shorter state in which one ends.
    struct End {
        std::uint32_t first = 0;
        std::uint32_t last = 0;
        std::uint32_t shorter = none;
    };

    void choose_classes(const std::vector<Literal>& literals);
    std::vector<std::vector<std::uint32_t>> grow(const std::vector<Literal>& literals);
    void link(std::vector<std::vector<std::uint32_t>> owners);

    template <class Found>
    void report(std::uint32_t state, Found&& found) const {
        for (auto at = state / classes_; at != none; at = ends_[at].shorter) {
            for (auto owner = ends_[at].first; owner < ends_[at].last; ++owner) {
                found(owners_[owner]);
            }
        }
    }

    std::array<std::uint8_t, 256> class_of_{};  ///< 0: a byte that is in no literal
    std::uint32_t classes_ = 1;
    std::vector<std::uint32_t> next_;  ///< state + class → state, a state being its row's offset
    std::vector<End> ends_;            ///< by number of the row
    std::vector<std::uint32_t> owners_;
};

}  // namespace bailiff::rules
