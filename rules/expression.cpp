#include <rules/expression.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace bailiff::rules {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

/// Reads by climbing the levels of precedence; writes postfix.
class ExpressionReader {
public:
    explicit ExpressionReader(std::string_view text) : text_(text) {}

    Result<Expression> read() {
        BAILIFF_CHECK(read_level(0));
        if (skip_blanks(); at_ < text_.size()) return wrong("an operator");
        std::size_t waiting = 0;
        for (const auto& step : out_.steps_) {
            const bool leaf = step.op == Op::number || step.op == Op::name;
            const bool sign = step.op == Op::negate || step.op == Op::invert;
            waiting = leaf ? waiting + 1 : sign ? waiting : waiting - 1;
            if (waiting > expression_values_max) return wrong("fewer nested operators");
        }
        return std::move(out_);
    }

private:
    using Op = Expression::Op;
    struct Operator {
        std::string_view text;
        Op op;
        std::size_t level;
    };
    static constexpr std::size_t levels = 6;
    /// Longer texts first where one begins another.
    static constexpr std::array operators{
        Operator{"||", Op::either, 0},     Operator{"&&", Op::both, 1},
        Operator{"==", Op::equal, 2},      Operator{"!=", Op::not_equal, 2},
        Operator{"<=", Op::less_equal, 3}, Operator{">=", Op::greater_equal, 3},
        Operator{"<", Op::less, 3},        Operator{">", Op::greater, 3},
        Operator{"+", Op::add, 4},         Operator{"-", Op::subtract, 4},
        Operator{"*", Op::multiply, 5},    Operator{"/", Op::divide, 5},
    };

    Result<void> read_level(std::size_t level) {
        if (level == levels) return read_operand();
        BAILIFF_CHECK(read_level(level + 1));
        for (bool chained = false;; chained = true) {
            const auto* found = operator_here(level);
            if (found == nullptr) return {};
            const bool compares = level == 2 || level == 3;
            if (compares && chained) return wrong("parentheses: comparisons do not chain");
            at_ += found->text.size();
            BAILIFF_CHECK(read_level(level + 1));
            out_.steps_.push_back({found->op, 0, 0});
        }
    }

    const Operator* operator_here(std::size_t level) {
        skip_blanks();
        const auto here = text_.substr(at_);
        const auto* found = std::find_if(operators.begin(), operators.end(), [&](const auto& row) {
            return here.starts_with(row.text);
        });
        return found != operators.end() && found->level == level ? found : nullptr;
    }

    Result<void> read_operand() {
        skip_blanks();
        const char c = at_ < text_.size() ? text_[at_] : '\0';
        if (c == '!' || c == '-') {
            ++at_;
            if (++depth_ > expression_depth_max) return wrong("fewer nested signs");
            BAILIFF_CHECK(read_operand());
            --depth_;
            out_.steps_.push_back({c == '!' ? Op::invert : Op::negate, 0, 0});
            return {};
        }
        if (c == '(') return read_group();
        if (is_digit(c) || c == '.') return read_number();
        if (is_name(c)) return read_name();
        return wrong("a rule name, a number, ! or (");
    }

    Result<void> read_group() {
        ++at_;
        if (++depth_ > expression_depth_max) return wrong("fewer nested parentheses");
        BAILIFF_CHECK(read_level(0));
        --depth_;
        if (skip_blanks(); at_ >= text_.size() || text_[at_] != ')') return wrong(")");
        ++at_;
        return {};
    }

    Result<void> read_number() {
        double number = 0;
        const auto* first = text_.data() + at_;
        const auto [end, error] =
            std::from_chars(first, text_.data() + text_.size(), number, std::chars_format::fixed);
        if (error != std::errc() || !std::isfinite(number)) return wrong("a number");
        at_ += static_cast<std::size_t>(end - first);
        if (at_ < text_.size() && is_name(text_[at_])) return wrong("an operator");
        out_.steps_.push_back({Op::number, number, 0});
        return {};
    }

    Result<void> read_name() {
        const auto from = at_;
        while (at_ < text_.size() && is_name(text_[at_])) ++at_;
        std::string name(text_.substr(from, at_ - from));
        auto& names = out_.names_;
        auto known = std::find(names.begin(), names.end(), name);
        const auto index = static_cast<std::uint32_t>(known - names.begin());
        if (known == names.end()) names.push_back(std::move(name));
        out_.steps_.push_back({Op::name, 0, index});
        return {};
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    }

    [[nodiscard]] Failure wrong(std::string_view expected) const {
        return fail(Fault::invalid_input,
                    "expected " + std::string(expected) + " at byte " + std::to_string(at_));
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    Expression out_;
};

Result<Expression> Expression::parse(std::string_view text) {
    if (text.size() > expression_bytes_max) {
        return fail(Fault::invalid_input,
                    "expected at most " + std::to_string(expression_bytes_max) + " bytes");
    }
    BAILIFF_TRY(auto expression, ExpressionReader(text).read());
    expression.text_ = text;
    return expression;
}

double Expression::value(const std::vector<double>& values) const {
    std::array<double, expression_values_max> stack;
    std::size_t top = 0;
    for (const auto& step : steps_) {
        switch (step.op) {
            case Op::number:
                stack[top++] = step.number;
                break;
            case Op::name:
                stack[top++] = values[step.name];
                break;
            case Op::negate:
                stack[top - 1] = -stack[top - 1];
                break;
            case Op::invert:
                stack[top - 1] = stack[top - 1] == 0 ? 1 : 0;
                break;
            default:
                if (step.op == Op::divide && stack[top - 1] == 0) return 0;
                stack[top - 2] = apply(step.op, stack[top - 2], stack[top - 1]);
                --top;
        }
    }
    return std::isfinite(stack[0]) ? stack[0] : 0;
}

double Expression::apply(Op op, double left, double right) {
    switch (op) {
        case Op::add:
            return left + right;
        case Op::subtract:
            return left - right;
        case Op::multiply:
            return left * right;
        case Op::divide:
            return left / right;
        case Op::less:
            return left < right ? 1 : 0;
        case Op::less_equal:
            return left <= right ? 1 : 0;
        case Op::greater:
            return left > right ? 1 : 0;
        case Op::greater_equal:
            return left >= right ? 1 : 0;
        case Op::equal:
            return left == right ? 1 : 0;
        case Op::not_equal:
            return left != right ? 1 : 0;
        case Op::both:
            return left == 0 ? left : right;
        case Op::either:
            return left == 0 ? right : left;
        default:
            return std::numeric_limits<double>::quiet_NaN();
    }
}

}  // namespace bailiff::rules
