#include "src/api/retention_json.hpp"

#include <nlohmann/json.hpp>

#include "src/api/printable.hpp"

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;
constexpr int format_version = 1;

std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string_view standing_of(const RetentionLine& line, Instant now) {
    if (is_due(line, now)) return "due";
    return now >= line.due ? "held" : "next";
}

Json json_of(const RetentionLine& line) {
    return {{"case", line.case_id.text()},
            {"class", to_text(line.keeping)},
            {"part", line.part},
            {"begins", to_rfc3339(line.begins)},
            {"due", to_rfc3339(line.due)},
            {"rule", line.rule},
            {"held_by", to_text(line.held)},
            {"reason", line.why}};
}

/// Printable; empty: there is no such text or number.
std::string text(const Json& json, const char* name) {
    if (!json.is_object() || !json.contains(name)) return {};
    const auto& value = json[name];
    if (value.is_string()) return printable(value.get<std::string>());
    return value.is_number_integer() ? value.dump() : std::string();
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text;
}

std::string line_text(const Json& line) {
    return padded(text(line, "state"), 6) + padded(text(line, "case"), 19) +
           padded(text(line, "class"), 14) + padded(text(line, "part"), 9) + text(line, "due") +
           "  " + text(line, "reason") + "\n";
}

}  // namespace

std::string retention_json(const RetentionReport& report) {
    auto lines = Json::array();
    for (const auto& line : report.lines) {
        auto json = json_of(line);
        json["state"] = standing_of(line, report.at);
        lines.push_back(std::move(json));
    }
    return text_of({{"v", format_version},
                    {"at", to_rfc3339(report.at)},
                    {"job", report.job},
                    {"stopped", report.stopped},
                    {"cases", report.cases},
                    {"due", report.due},
                    {"due_by_job", report.due_by_job},
                    {"held", report.held},
                    {"next", report.next},
                    {"unreadable", report.unreadable},
                    {"erased_in_a_day", report.erased_in_a_day},
                    {"lines", std::move(lines)}});
}

std::string retention_run_json(const RetentionRun& run) {
    auto erased = Json::array();
    for (const auto& line : run.erased) erased.push_back(json_of(line));
    return text_of({{"v", format_version},
                    {"erased", std::move(erased)},
                    {"next", run.next},
                    {"end", run.end}});
}

std::string retention_text(std::string_view json) {
    const auto parsed = Json::parse(json, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("lines") || !parsed["lines"].is_array())
        return "this is not what the desk answers\n";
    std::string result;
    for (const auto& line : parsed["lines"]) result += line_text(line);
    result += text(parsed, "due") + " due, " + text(parsed, "held") + " held back, " +
              text(parsed, "next") + " more within 30 days, of " + text(parsed, "cases") + " cases";
    if (text(parsed, "unreadable") != "0")
        result += "; " + text(parsed, "unreadable") + " cannot be read";
    result += "\nretention.job = " + text(parsed, "job") + ": the enforcer erases " +
              text(parsed, "due_by_job") + " of them by itself; " +
              text(parsed, "erased_in_a_day") + " within the last day\n";
    const auto stopped = text(parsed, "stopped");
    if (!stopped.empty()) result += "It erases nothing now: " + stopped + "\n";
    return result;
}

Result<RetentionRunAnswer> retention_run_from_json(std::string_view json) {
    const auto parsed = Json::parse(json, nullptr, false);
    const bool whole = parsed.is_object() && parsed.contains("erased") &&
                       parsed["erased"].is_array() && parsed.contains("next") &&
                       parsed["next"].is_number_unsigned() && parsed.contains("end") &&
                       parsed["end"].is_boolean();
    if (!whole) return fail(Fault::invalid_input, "this is not what the desk answers");
    RetentionRunAnswer answer;
    answer.next = parsed["next"].get<std::uint64_t>();
    answer.end = parsed["end"].get<bool>();
    for (const auto& line : parsed["erased"])
        answer.erased.push_back(text(line, "case") + "  " + padded(text(line, "part"), 8) + " " +
                                text(line, "reason"));
    return answer;
}

}  // namespace bailiff
