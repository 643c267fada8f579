#pragma once
// What rspamd's symbols weigh in outbound mail.

#include <bailiff/finding.hpp>
#include <bailiff/result.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bailiff {

/// Points a symbol, ours and not rspamd's: those are made for inbound mail. Immutable.
class Weights {
public:
    // Out of line: g++ 12 warns of a wrong delete (-Wfree-nonheap-object) where it inlines these.
    Weights(const Weights& other);
    Weights(Weights&& other) noexcept;
    Weights& operator=(const Weights& other);
    Weights& operator=(Weights&& other) noexcept;
    ~Weights();

    /// Reads lines of `SYMBOL points`; `* points` is for symbols that no line names (otherwise they
    /// weigh nothing); `#` begins a comment.
    /// Shape    points: a decimal number within ±1000, rounded to thousandths.
    /// Errors   invalid_input: "file:line: what is wrong"; a symbol twice is wrong.
    [[nodiscard]] static Result<Weights> parse(std::string_view text, std::string_view file_name);

    [[nodiscard]] MilliPoints of(std::string_view symbol) const {
        const auto found = points_.find(symbol);
        return found == points_.end() ? others_ : found->second;
    }
    [[nodiscard]] std::size_t size() const { return points_.size(); }

private:
    Weights();

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, MilliPoints, Hash, std::equal_to<>> points_;
    MilliPoints others_ = 0;
};

}  // namespace bailiff
