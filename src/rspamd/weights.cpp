#include "src/rspamd/weights.hpp"

#include "src/rspamd/printable.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace bailiff {
namespace {

constexpr double points_max = 1'000;
constexpr std::size_t symbol_bytes_max = 200;

/// The next run of what is no blank; empty at the end.
[[nodiscard]] std::string_view next_word(std::string_view& line) {
    constexpr std::string_view blanks = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const auto word = line.substr(0, line.find_first_of(blanks));
    line.remove_prefix(word.size());
    return word;
}

[[nodiscard]] std::optional<MilliPoints> to_points(std::string_view text) {
    double points = 0;
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), points, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(points) || std::fabs(points) > points_max) return std::nullopt;
    return static_cast<MilliPoints>(std::lround(points * 1'000));
}

struct Row {
    std::string_view symbol;
    MilliPoints points = 0;
};

/// Empty symbol: nothing on this line.
[[nodiscard]] Result<Row> read_row(std::string_view line) {
    auto rest = line.substr(0, line.find('#'));
    Row row{next_word(rest), 0};
    if (row.symbol.empty()) return row;
    if (row.symbol.size() > symbol_bytes_max || printable(row.symbol) != row.symbol)
        return fail(Fault::invalid_input,
                    "'" + printable(row.symbol, 80) + "' is no name of a symbol");
    const auto word = next_word(rest);
    const auto points = to_points(word);
    if (!points)
        return fail(
            Fault::invalid_input,
            "'" + printable(word, 80) + "' is no weight: expected points within -1000 to 1000");
    if (const auto more = next_word(rest); !more.empty())
        return fail(Fault::invalid_input, "'" + printable(more, 80) + "' after the weight");
    row.points = *points;
    return row;
}

}  // namespace

Weights::Weights() = default;
Weights::Weights(const Weights& other) = default;
Weights::Weights(Weights&& other) noexcept = default;
Weights& Weights::operator=(const Weights& other) = default;
Weights& Weights::operator=(Weights&& other) noexcept = default;
Weights::~Weights() = default;

Result<Weights> Weights::parse(std::string_view text, std::string_view file_name) {
    Weights weights;
    bool has_others = false;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto where = std::string(file_name) + ":" + std::to_string(number);
        BAILIFF_TRY(const auto row, read_row(line).within(where));
        if (row.symbol.empty()) continue;
        const bool is_new = row.symbol == "*"
                                ? !std::exchange(has_others, true)
                                : weights.points_.emplace(row.symbol, row.points).second;
        if (!is_new)
            return fail(Fault::invalid_input,
                        where + ": " + std::string(row.symbol) + " has a weight already");
        if (row.symbol == "*") weights.others_ = row.points;
    }
    return weights;
}

}  // namespace bailiff
