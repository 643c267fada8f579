#include "src/app/canary_json.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array all_levels{Level::pass, Level::suspect, Level::spam, Level::confirmed};
constexpr std::size_t services_shown = 100;

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json json_of(const CanaryOrder& order) {
    Json json{{"v", 1},
              {"rules", order.rules},
              {"digest", order.digest},
              {"by", order.by},
              {"begun", to_rfc3339(order.begun)},
              {"until", to_rfc3339(order.until)}};
    if (!order.stopped_by.empty()) json["stopped_by"] = order.stopped_by;
    return json;
}

Json json_of(const ServiceRef& ref, const CanaryService& row) {
    return {{"service", ref.id.text()},
            {"created", to_rfc3339(ref.created)},
            {"account", row.account.text()},
            {"changed", row.changed},
            {"holds_gained", row.holds_gained},
            {"holds_lost", row.holds_lost},
            {"last", to_rfc3339(row.last)},
            {"door", to_text(row.door)},
            {"before", to_text(row.before)},
            {"after", to_text(row.after)},
            {"symbols", row.symbols}};
}

/// The numbers by their names, one list for writing and reading.
template <class Report, class Visit>
void each_count(Report& report, Visit visit) {
    visit("messages", report.messages);
    visit("changed", report.changed);
    visit("skipped", report.skipped);
    visit("errors", report.errors);
    visit("stops_gained", report.stops_gained);
    visit("stops_lost", report.stops_lost);
    visit("holds_gained", report.holds_gained);
    visit("holds_lost", report.holds_lost);
    visit("us_total", report.us_total);
    visit("us_max", report.us_max);
    visit("unlisted", report.unlisted);
}

// What at() and get() throw is caught by guarded().
template <class Value, class Read>
Result<Value> guarded(const std::string& text, Read read) {
    try {
        return read(Json::parse(text));
    } catch (const std::exception& error) {
        return fail(Fault::invalid_input, std::string("no canary: ") + error.what());
    }
}

Instant time_in(const Json& json, const char* key) {
    const auto time = parse_rfc3339(json.at(key).get<std::string>());
    if (!time) throw std::invalid_argument(time.error().what);
    return *time;
}

CanaryOrder order_in(const Json& json) {
    return {.begun = time_in(json, "begun"),
            .until = time_in(json, "until"),
            .rules = json.at("rules").get<std::string>(),
            .digest = json.at("digest").get<std::string>(),
            .by = json.at("by").get<std::string>(),
            .stopped_by = json.value("stopped_by", "")};
}

Level level_in(const Json& json) {
    for (const auto level : all_levels)
        if (json == to_text(level)) return level;
    throw std::invalid_argument("no level");
}

Door door_in(const Json& json) {
    for (const auto door : {Door::submission, Door::local})
        if (json == to_text(door)) return door;
    return Door::unknown;
}

void read_service(const Json& json, CanaryReport& report) {
    ServiceRef ref;
    CanaryService row;
    if (const auto id = ServiceId::parse(json.at("service").get<std::string>())) ref.id = *id;
    if (const auto id = AccountId::parse(json.at("account").get<std::string>())) row.account = *id;
    ref.created = time_in(json, "created");
    row.changed = json.at("changed").get<std::uint64_t>();
    row.holds_gained = json.at("holds_gained").get<std::uint64_t>();
    row.holds_lost = json.at("holds_lost").get<std::uint64_t>();
    row.last = time_in(json, "last");
    row.door = door_in(json.at("door"));
    row.before = level_in(json.at("before"));
    row.after = level_in(json.at("after"));
    row.symbols = json.at("symbols").get<std::vector<std::string>>();
    if (report.services.size() < CanaryReport::services_max) report.services[ref] = row;
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

std::string row_text(const ServiceRef& ref, const CanaryService& row) {
    std::string text = "  " + (ref.id.empty() ? "nobody" : ref.id.text());
    if (!row.account.empty()) text += " (account " + row.account.text() + ")";
    text += ": " + number(row.changed) + " messages changed; the newest at " +
            to_rfc3339(row.last) + ", " + std::string(to_text(row.before)) + " -> " +
            std::string(to_text(row.after));
    for (const auto& symbol : row.symbols) text += " " + symbol;
    return text + "\n";
}

template <class Chosen>
std::string listed(const CanaryReport& report, const char* heading, Chosen chosen) {
    std::string lines;
    std::size_t count = 0;
    for (const auto& [ref, row] : report.services)
        if (chosen(row) && ++count <= services_shown) lines += row_text(ref, row);
    if (count > services_shown) lines += "  and " + number(count - services_shown) + " more\n";
    return std::string(heading) + ": " + number(count) + "\n" + lines;
}

std::string levels_text(const CanaryReport& report) {
    std::string text = "                    in force       shadow\n";
    for (const auto level : all_levels) {
        const auto i = static_cast<std::size_t>(level);
        std::uint64_t before = 0, after = 0;
        for (std::size_t other = 0; other < all_levels.size(); ++other) {
            before += report.levels[i][other];
            after += report.levels[other][i];
        }
        char line[80];
        std::snprintf(line, sizeof line, "%-15s %12llu %12llu\n",
                      std::string(to_text(level)).c_str(), static_cast<unsigned long long>(before),
                      static_cast<unsigned long long>(after));
        text += line;
    }
    return text;
}

}  // namespace

std::string to_json(const CanaryOrder& order) {
    return dumped(json_of(order));
}

std::string to_json(const CanaryStory& story) {
    auto json = json_of(story.order);
    json["state"] = story.state;
    json["why"] = story.why;
    json["at"] = to_rfc3339(story.at);
    const auto& report = story.report;
    each_count(report, [&](const char* key, std::uint64_t value) { json[key] = value; });
    json["levels"] = report.levels;
    json["hits"] = report.hits;
    json["services"] = Json::array();
    for (const auto& [ref, row] : report.services) json["services"].push_back(json_of(ref, row));
    return dumped(json);
}

Result<CanaryOrder> read_canary_order(const std::string& text) {
    return guarded<CanaryOrder>(text, order_in);
}

Result<CanaryStory> read_canary_story(const std::string& text) {
    return guarded<CanaryStory>(text, [](const Json& json) {
        CanaryStory story;
        story.order = order_in(json);
        story.state = json.at("state").get<std::string>();
        story.why = json.at("why").get<std::string>();
        story.at = time_in(json, "at");
        auto& report = story.report;
        each_count(report, [&](const char* key, std::uint64_t& value) {
            value = json.at(key).get<std::uint64_t>();
        });
        report.levels = json.at("levels").get<decltype(report.levels)>();
        report.hits = json.at("hits").get<decltype(report.hits)>();
        for (const auto& row : json.at("services")) read_service(row, report);
        return story;
    });
}

std::string canary_text(const CanaryStory& story) {
    const auto& report = story.report;
    std::string text = "canary of " + story.order.rules + " by " + story.order.by + ": " +
                       story.state + ", from " + to_rfc3339(story.order.begun) + " until " +
                       to_rfc3339(story.order.until) + "\n";
    if (!story.why.empty()) text += "  " + story.why + "\n";
    if (!story.order.stopped_by.empty()) text += "  stopped by " + story.order.stopped_by + "\n";
    text += number(report.messages) + " messages judged by both, " + number(report.changed) +
            " changed\n" + levels_text(report);
    text += "messages stopped: " + number(report.stops_gained) + " more, " +
            number(report.stops_lost) + " less\n";
    text += listed(report, "services that would have been stopped, and were not",
                   [](const CanaryService& row) { return row.holds_gained > 0; });
    text += listed(
        report, "services that would not have been stopped, and were",
        [](const CanaryService& row) { return row.holds_lost > 0 && row.holds_gained == 0; });
    text += listed(report, "other services with changed messages", [](const CanaryService& row) {
        return row.holds_lost == 0 && row.holds_gained == 0;
    });
    if (report.unlisted > 0) text += "services left out: " + number(report.unlisted) + "\n";
    text += "hits:";
    for (const auto& [symbol, count] : report.hits) text += " " + symbol + " " + number(count);
    if (report.messages > 0)
        text += "\ntime: " + number(report.us_total / report.messages) + " us a message, " +
                number(report.us_max) + " us at most";
    text += "\nfailed: " + number(report.errors) +
            ", left out because late: " + number(report.skipped) + "\n";
    return text + "Judged message by message, as in mode enforce: nothing of it took effect.\n";
}

}  // namespace bailiff
