#pragma once
// Instants, and the only door through which anybody asks what time it is.

#include <bailiff/result.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

namespace bailiff {

/// UTC, milliseconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
/// For deadlines and measured times; unmoved by changes of the wall clock.
using SteadyInstant = std::chrono::steady_clock::time_point;

class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
    [[nodiscard]] virtual SteadyInstant steady() const = 0;
    /// What the machine's clock says; another time than now() while a jump of it is not followed.
    [[nodiscard]] virtual Instant told() const { return now(); }
};

/// RFC 3339 with milliseconds: 2026-11-23T01:26:55.123Z
[[nodiscard]] inline std::string to_rfc3339(Instant instant) {
    using namespace std::chrono;
    const auto day = floor<days>(instant);
    const year_month_day date{day};
    const hh_mm_ss time{instant - day};
    char text[40];
    const auto length = std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return {text, static_cast<std::size_t>(length)};
}

namespace detail {
[[nodiscard]] inline bool digits(std::string_view text, std::size_t at, std::size_t n, int& out) {
    if (at + n > text.size()) return false;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + n, out);
    return error == std::errc{} && end == text.data() + at + n && out >= 0;
}
}  // namespace detail

/// Reads "2026-11-23T01:26:55Z", with or without a fraction, or a bare date (midnight UTC).
/// Errors   invalid_input: anything else, offsets other than Z included.
[[nodiscard]] inline Result<Instant> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    const auto wrong = [&] {
        return fail(Fault::invalid_input,
                    "'" + std::string(text.substr(0, 40)) +
                        "' is no time: expected 2026-11-23T01:26:55Z or 2026-11-23");
    };
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0;
    if (text.size() < 10 || text[4] != '-' || text[7] != '-') return wrong();
    if (!detail::digits(text, 0, 4, y) || !detail::digits(text, 5, 2, mo) ||
        !detail::digits(text, 8, 2, d))
        return wrong();
    const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                              day{static_cast<unsigned>(d)}};
    if (!date.ok()) return wrong();
    if (text.size() > 10) {
        if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
            text.back() != 'Z')
            return wrong();
        if (!detail::digits(text, 11, 2, h) || !detail::digits(text, 14, 2, mi) ||
            !detail::digits(text, 17, 2, s) || h > 23 || mi > 59 || s > 59)
            return wrong();
        if (text.size() > 20) {
            const auto fraction = text.size() - 21;
            if (text[19] != '.' || fraction < 1 || fraction > 9) return wrong();
            int value = 0;
            if (!detail::digits(text, 20, fraction, value)) return wrong();
            std::size_t place = fraction;
            for (; place > 3; --place) value /= 10;
            for (; place < 3; ++place) value *= 10;
            ms = value;
        }
    }
    return Instant{sys_days{date} + hours{h} + minutes{mi} + seconds{s} + milliseconds{ms}};
}

}  // namespace bailiff
