#pragma once
// The arithmetic of `meta` rules.

#include <bailiff/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::rules {

inline constexpr std::size_t expression_bytes_max = 64U << 10;
inline constexpr std::size_t expression_depth_max = 50;    ///< parentheses and signs in one another
inline constexpr std::size_t expression_values_max = 512;  ///< waiting at once while it is computed

/// An expression over rule values, with Perl's precedence and results: a && b is b unless a is 0,
/// a || b is a unless a is 0, comparisons and ! give 1 or 0.
class Expression {
public:
    /// Errors   invalid_input, with what was expected and at which byte.
    [[nodiscard]] static Result<Expression> parse(std::string_view text);

    /// As its author wrote it.
    [[nodiscard]] const std::string& text() const { return text_; }

    /// The rules it reads, each once, in order of appearance.
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

    /// Its value; `values` has one for each of names(). 0 where the result is no finite number,
    /// after a division by zero too.
    [[nodiscard]] double value(const std::vector<double>& values) const;

private:
    friend class ExpressionReader;
    enum class Op : std::uint8_t {
        number,
        name,
        negate,
        invert,
        add,
        subtract,
        multiply,
        divide,
        less,
        less_equal,
        greater,
        greater_equal,
        equal,
        not_equal,
        both,
        either,
    };
    struct Step {  ///< in postfix order
        Op op = Op::number;
        double number = 0;
        std::uint32_t name = 0;
    };
    [[nodiscard]] static double apply(Op op, double left, double right);

    std::vector<Step> steps_;
    std::vector<std::string> names_;
    std::string text_;
};

}  // namespace bailiff::rules
