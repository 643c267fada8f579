#include "src/config/value.hpp"

#include <algorithm>
#include <bailiff/ensure.hpp>
#include <bailiff/panel_settings.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "src/config/text_rules.hpp"

namespace bailiff {
namespace {

using Expected = std::optional<std::string>;

/// 3500 as "3.5"; at least one decimal, so that it reads as points.
std::string points_text(std::int64_t milli) {
    char text[32];
    const auto whole = milli < 0 ? -milli : milli;
    const auto length =
        std::snprintf(text, sizeof text, "%s%lld.%03lld", milli < 0 ? "-" : "",
                      static_cast<long long>(whole / 1000), static_cast<long long>(whole % 1000));
    std::string result(text, static_cast<std::size_t>(length));
    while (result.ends_with('0') && !result.ends_with(".0")) result.pop_back();
    return result;
}

std::string expected_number(const Range& range, std::string_view unit) {
    return "a whole number from " + std::to_string(range.least) + " to " +
           std::to_string(range.most) + (unit.empty() ? "" : " (" + std::string(unit) + ")");
}

bool within(const Range& range, std::int64_t number) {
    return range.least <= number && number <= range.most;
}

/// Points as whole milli-points; none if there is a fourth decimal or no such number.
std::optional<std::int64_t> milli_points(const FileValue& value) {
    double points = 0;
    if (const auto* whole = std::get_if<std::int64_t>(&value))
        points = static_cast<double>(*whole);
    else if (const auto* decimal = std::get_if<double>(&value))
        points = *decimal;
    else
        return std::nullopt;
    if (!std::isfinite(points) || std::abs(points) > 1e6) return std::nullopt;
    const auto milli = std::round(points * 1000);
    if (std::abs(milli - points * 1000) > 1e-6) return std::nullopt;
    return static_cast<std::int64_t>(milli);
}

std::optional<ActionKind> action_kind(std::string_view text) {
    const auto at = std::ranges::find(action_kind_table, text, &ActionKindRow::name);
    if (at == action_kind_table.end()) return std::nullopt;
    return at->kind;
}

std::string expected_kinds() {
    std::string text = "a list, each once, of";
    for (const auto kind : action_kinds) text.append(" ").append(to_text(kind));
    return text;
}

std::string expected_steps() {
    return expected_kinds() + "; each may end in ' if login', ' if script' or ' if again'";
}

/// "service.suspend", "account.suspend if again".
std::optional<PathStep> path_step(std::string_view text) {
    constexpr std::string_view word = " if ";
    const auto at = text.find(word);
    const auto kind = action_kind(text.substr(0, at));
    if (!kind) return std::nullopt;
    if (at == std::string_view::npos) return PathStep(*kind);
    for (const auto when : whens)
        if (when != When::always && text.substr(at + word.size()) == to_text(when))
            return PathStep(*kind, when);
    return std::nullopt;
}

/// One overload a type of field: what a file may say for it.
struct Take {
    const Range& range;
    std::string_view unit;
    TextRule rule;
    const FileValue& value;

    Expected operator()(std::string& field) const {
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr) return "text in quotes";
        const auto expected = (rule == nullptr ? text_rules::any : rule)(*text);
        if (!expected.empty()) return std::string(expected);
        field = *text;
        return {};
    }
    Expected operator()(std::int64_t& field) const {
        const auto* number = std::get_if<std::int64_t>(&value);
        if (number == nullptr || !within(range, *number)) return expected_number(range, unit);
        field = *number;
        return {};
    }
    Expected operator()(Milliseconds& field) const {
        std::int64_t number = 0;
        auto expected = (*this)(number);
        if (!expected) field = Milliseconds(number);
        return expected;
    }
    Expected operator()(MilliPoints& field) const {
        const auto milli = milli_points(value);
        if (!milli || !within(range, *milli))
            return "points from " + points_text(range.least) + " to " + points_text(range.most) +
                   " with at most three decimals";
        field = static_cast<MilliPoints>(*milli);
        return {};
    }
    Expected operator()(bool& field) const {
        const auto* truth = std::get_if<bool>(&value);
        if (truth == nullptr) return "true or false";
        field = *truth;
        return {};
    }
    Expected operator()(Mode& field) const {
        const auto* text = std::get_if<std::string>(&value);
        for (const auto mode : {Mode::observe, Mode::enforce}) {
            if (text == nullptr || *text != to_text(mode)) continue;
            field = mode;
            return {};
        }
        return "\"observe\" or \"enforce\"";
    }
    Expected operator()(std::vector<ActionKind>& field) const {
        const auto* texts = std::get_if<std::vector<std::string>>(&value);
        if (texts == nullptr) return expected_kinds();
        std::vector<ActionKind> kinds;
        for (const auto& text : *texts) {
            const auto kind = action_kind(text);
            if (!kind || std::ranges::find(kinds, *kind) != kinds.end()) return expected_kinds();
            kinds.push_back(*kind);
        }
        field = std::move(kinds);
        return {};
    }
    Expected operator()(std::vector<PathStep>& field) const {
        const auto* texts = std::get_if<std::vector<std::string>>(&value);
        if (texts == nullptr) return expected_steps();
        std::vector<PathStep> steps;
        for (const auto& text : *texts) {
            const auto step = path_step(text);
            if (!step || std::ranges::find(steps, step->kind, &PathStep::kind) != steps.end())
                return expected_steps();
            steps.push_back(*step);
        }
        field = std::move(steps);
        return {};
    }
    /// A day, and what is in force on it still is.
    Expected operator()(Instant& field) const {
        const auto* text = std::get_if<std::string>(&value);
        const auto begin = text != nullptr && text->size() == 10
                               ? parse_rfc3339(*text + "T00:00:00Z")
                               : Result<Instant>(Failure(Error{Fault::invalid_input, ""}));
        if (!begin) return "a day in quotes, \"2027-01-31\"";
        field = *begin + std::chrono::days(1);
        return {};
    }
    Expected operator()(std::vector<std::string>& field) const {
        const auto* texts = std::get_if<std::vector<std::string>>(&value);
        if (texts == nullptr) return "a list of texts in quotes";
        for (auto at = texts->begin(); at != texts->end(); ++at) {
            const auto expected = (rule == nullptr ? text_rules::any : rule)(*at);
            if (!expected.empty()) return "a list; of '" + *at + "': " + std::string(expected);
            if (std::find(texts->begin(), at, *at) != at)
                return "each once; '" + *at + "' is twice";
        }
        field = *texts;
        return {};
    }
};

/// A default as the file would have it: the row's text, read by the type of its field.
struct Read {
    std::string_view text;

    FileValue operator()(const std::string*) const { return std::string(text); }
    FileValue operator()(const Mode*) const { return std::string(text); }
    FileValue operator()(const bool*) const { return text == "true"; }
    FileValue operator()(const std::int64_t*) const { return whole(); }
    FileValue operator()(const Milliseconds*) const { return whole(); }
    FileValue operator()(const MilliPoints*) const {
        double points = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), points);
        BAILIFF_ENSURE(error == std::errc{} && end == text.data() + text.size());
        return points;
    }
    FileValue operator()(const std::vector<ActionKind>*) const {
        return std::vector<std::string>{};
    }
    FileValue operator()(const std::vector<PathStep>*) const { return std::vector<std::string>{}; }
    FileValue operator()(const Instant*) const { return std::string(text); }
    /// Words, with spaces between.
    FileValue operator()(const std::vector<std::string>*) const {
        std::vector<std::string> words;
        for (auto rest = text; !rest.empty();) {
            const auto end = std::min(rest.find(' '), rest.size());
            words.emplace_back(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return words;
    }

private:
    [[nodiscard]] std::int64_t whole() const {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        BAILIFF_ENSURE(error == std::errc{} && end == text.data() + text.size());
        return number;
    }
};

struct Show {
    std::string operator()(const std::string* field) const { return toml_quoted(*field); }
    std::string operator()(const std::int64_t* field) const { return std::to_string(*field); }
    std::string operator()(const Milliseconds* field) const {
        return std::to_string(field->count());
    }
    std::string operator()(const MilliPoints* field) const { return points_text(*field); }
    std::string operator()(const bool* field) const { return *field ? "true" : "false"; }
    std::string operator()(const Mode* field) const { return toml_quoted(to_text(*field)); }
    std::string operator()(const std::vector<ActionKind>* field) const {
        return list(*field, [](ActionKind kind) { return to_text(kind); });
    }
    std::string operator()(const std::vector<PathStep>* field) const {
        return list(*field, [](const PathStep& step) {
            auto text = std::string(to_text(step.kind));
            if (step.when != When::always) text.append(" if ").append(to_text(step.when));
            return text;
        });
    }
    std::string operator()(const Instant* field) const {
        return toml_quoted(to_rfc3339(*field - std::chrono::days(1)).substr(0, 10));
    }
    std::string operator()(const std::vector<std::string>* field) const {
        return list(*field, [](const std::string& text) { return std::string_view(text); });
    }

private:
    template <class Items, class Text>
    static std::string list(const Items& items, Text text_of) {
        std::string text = "[";
        for (const auto& item : items) {
            if (text.size() > 1) text += ", ";
            text += toml_quoted(text_of(item));
        }
        return text + "]";
    }
};

}  // namespace

template <class Owner>
Expected assign(const SettingRow<Owner>& row, Owner& owner, const FileValue& value) {
    const Take take{row.range, row.unit, row.text, value};
    return std::visit([&](auto at) { return take(*at(owner)); }, row.field);
}

template <class Owner>
void assign_fallback(const SettingRow<Owner>& row, Owner& owner) {
    if (!row.fallback) return;
    const auto value =
        std::visit([&](auto at) { return Read{*row.fallback}(at(owner)); }, row.field);
    BAILIFF_ENSURE(!assign(row, owner, value));
}

template <class Owner>
std::string toml_of(const SettingRow<Owner>& row, const Owner& owner) {
    auto copy = owner;  // a row's accessor hands out a place to write
    return std::visit([&](auto at) { return Show{}(at(copy)); }, row.field);
}

std::string toml_quoted(std::string_view text) {
    std::string result = "\"";
    for (const auto c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result.append(1, '\\').append(1, c);
        } else if (byte < 0x20 || byte == 0x7f) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04X", static_cast<unsigned>(byte));
            result += escaped;
        } else {
            result += c;
        }
    }
    return result + "\"";
}

template Expected assign(const Setting&, Settings&, const FileValue&);
template Expected assign(const PathRow&, PathSettings&, const FileValue&);
template Expected assign(const HookRow&, HookSettings&, const FileValue&);
template Expected assign(const LinesRow&, LineRow&, const FileValue&);
template Expected assign(const AllowanceRow&, AllowRow&, const FileValue&);
template Expected assign(const SettingRow<PanelSettings>&, PanelSettings&, const FileValue&);
template void assign_fallback(const Setting&, Settings&);
template void assign_fallback(const PathRow&, PathSettings&);
template void assign_fallback(const HookRow&, HookSettings&);
template void assign_fallback(const LinesRow&, LineRow&);
template void assign_fallback(const AllowanceRow&, AllowRow&);
template void assign_fallback(const SettingRow<PanelSettings>&, PanelSettings&);
template std::string toml_of(const Setting&, const Settings&);
template std::string toml_of(const PathRow&, const PathSettings&);
template std::string toml_of(const HookRow&, const HookSettings&);
template std::string toml_of(const LinesRow&, const LineRow&);
template std::string toml_of(const AllowanceRow&, const AllowRow&);

}  // namespace bailiff
