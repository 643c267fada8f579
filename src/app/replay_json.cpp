#include "src/app/replay_json.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array all_levels{Level::pass, Level::suspect, Level::spam, Level::confirmed};
constexpr std::array<const char*, untold_kinds> untold_names{"unknown_rules", "rules_cut",
                                                             "rspamd_not_asked", "late"};
constexpr std::size_t services_shown = 100;
constexpr const char* scope =
    "Judged message by message, as in mode enforce: not what a standing would have stopped next, "
    "which case a message joins, or what budgets allow.";

Json json_of(const Side& side) {
    Json json;
    for (const auto level : all_levels)
        json[to_text(level)] = side.levels[static_cast<std::size_t>(level)];
    json["stopped"] = side.stopped;
    json["holds"] = side.holds;
    json["first_hold"] = side.first_hold ? Json(to_rfc3339(*side.first_hold)) : Json();
    return json;
}

const char* change_of(const ServiceAnswer& service) {
    if (service.newly_stopped()) return "newly_stopped";
    if (service.freed()) return "no_longer_stopped";
    return service.after.holds > 0 ? "stopped_as_before" : "levels_only";
}

Json json_of(const ServiceRef& ref, const ServiceAnswer& service) {
    return {{"service", ref.id.empty() ? Json() : Json(ref.id.text())},
            {"created", ref.id.empty() ? Json() : Json(to_rfc3339(ref.created))},
            {"account", service.account.empty() ? Json() : Json(service.account.text())},
            {"change", change_of(service)},
            {"messages", service.messages},
            {"changed", service.changed},
            {"before", json_of(service.before)},
            {"after", json_of(service.after)}};
}

Json untold_of(const Answer& answer) {
    Json json;
    for (std::size_t i = 0; i < untold_kinds; ++i) json[untold_names[i]] = answer.untold[i];
    json["corrupt"] = answer.corrupt;
    return json;
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

std::string row(std::string_view name, std::uint64_t before, std::uint64_t after) {
    char text[120];
    std::snprintf(text, sizeof text, "%-24s %12llu %12llu\n", std::string(name).c_str(),
                  static_cast<unsigned long long>(before), static_cast<unsigned long long>(after));
    return text;
}

std::string sides(const Side& before, const Side& after) {
    std::string text;
    for (const auto level : all_levels) {
        const auto index = static_cast<std::size_t>(level);
        text += row(to_text(level), before.levels[index], after.levels[index]);
    }
    return text + row("messages stopped", before.stopped, after.stopped) +
           row("of them: service held", before.holds, after.holds);
}

std::string line_of(const ServiceRef& ref, const ServiceAnswer& service) {
    const auto& first =
        service.after.holds > 0 ? service.after.first_hold : service.before.first_hold;
    std::string text = "  " + (ref.id.empty() ? "nobody" : ref.id.text());
    if (!service.account.empty()) text += " (account " + service.account.text() + ")";
    text += ": " + number(service.messages) + " messages, " + number(service.changed) +
            " changed; holds " + number(service.before.holds) + " -> " +
            number(service.after.holds) + ", stopped " + number(service.before.stopped) + " -> " +
            number(service.after.stopped);
    if (first) text += ", first at " + to_rfc3339(*first);
    return text + "\n";
}

std::string listed(const Answer& answer, const char* change, const char* heading) {
    std::string lines;
    std::size_t count = 0;
    for (const auto& [ref, service] : answer.services) {
        if (change_of(service) != std::string_view(change) ||
            (service.changed == 0 && std::string_view(change) == "levels_only"))
            continue;
        if (++count <= services_shown) lines += line_of(ref, service);
    }
    if (count > services_shown) lines += "  and " + number(count - services_shown) + " more\n";
    return std::string(heading) + ": " + number(count) + "\n" + lines;
}

}  // namespace

std::string replayed_json(const Answer& answer, const std::vector<std::string>& differences) {
    Json json{{"v", 1},
              {"scope", scope},
              {"asked", differences},
              {"first", answer.first ? Json(to_rfc3339(*answer.first)) : Json()},
              {"last", answer.last ? Json(to_rfc3339(*answer.last)) : Json()},
              {"messages", answer.messages},
              {"changed", answer.changed},
              {"before", json_of(answer.before)},
              {"after", json_of(answer.after)},
              {"untold", untold_of(answer)},
              {"unlisted", answer.unlisted}};
    json["services"] = Json::array();
    for (const auto& [ref, service] : answer.services)
        if (service.changed > 0 || service.before.holds > 0 || service.after.holds > 0)
            json["services"].push_back(json_of(ref, service));
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string replayed_text(const Answer& answer, const std::vector<std::string>& differences) {
    std::string text = number(answer.messages) + " messages replayed";
    if (answer.first)
        text += ", from " + to_rfc3339(*answer.first) + " to " + to_rfc3339(*answer.last);
    text += "\n";
    for (const auto& difference : differences) text += "  asked: " + difference + "\n";
    text += "                               before        after\n" +
            sides(answer.before, answer.after) + "changed messages: " + number(answer.changed) +
            "\n";
    text += listed(answer, "newly_stopped", "services that would be stopped, and were not");
    text += listed(answer, "no_longer_stopped", "services that were stopped, and would not be");
    text += listed(answer, "stopped_as_before", "services stopped before and after");
    text += listed(answer, "levels_only", "other services with changed messages");
    for (std::size_t i = 0; i < untold_kinds; ++i)
        if (answer.untold[i] > 0)
            text += "not told, " + std::string(untold_names[i]) + ": " + number(answer.untold[i]) +
                    "\n";
    if (answer.corrupt > 0) text += "not told, corrupt rows: " + number(answer.corrupt) + "\n";
    if (answer.unlisted > 0)
        text += "counted, but of services beyond the list: " + number(answer.unlisted) + "\n";
    return text + scope + "\n";
}

}  // namespace bailiff
