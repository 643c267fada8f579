#include "src/decide/lines.hpp"

#include <algorithm>

namespace bailiff {
namespace {

bool is_proven(const Attribution& attribution) {
    return attribution.service && attribution.strength == Strength::proven;
}

void lay_over(MilliPoints& line, MilliPoints row) {
    if (row != 0) line = row;
}

MilliPoints lowered(MilliPoints line, std::int64_t percent) {
    return static_cast<MilliPoints>(std::max<std::int64_t>(1, line * percent / 100));
}

/// `change(line, of the row)` for each of the lines.
template <class Change>
void each(LineSet& lines, const LineSet& row, Change change) {
    change(lines.suspect, row.suspect);
    change(lines.spam, row.spam);
    for (const auto family : families) {
        change(lines.of(family).alone, row.of(family).alone);
        change(lines.of(family).corroborates, row.of(family).corroborates);
    }
}

}  // namespace

LineSet lines_for(const Policy& policy, const Attribution& attribution, const Footing& footing) {
    auto lines = policy.lines;
    for (const auto& row : policy.rows)
        if (applies(row, attribution, footing.door)) each(lines, row.lines, lay_over);
    if (footing.on_probation && is_proven(attribution))
        each(lines, lines, [&](MilliPoints& line, MilliPoints) {
            line = lowered(line, policy.probation_percent);
        });
    return lines;
}

}  // namespace bailiff
