#include "src/api/text.hpp"

#include <bailiff/finding.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "src/api/printable.hpp"

namespace bailiff {
namespace {

// Not ordered_json: growing one copies what it holds, as deep as that goes.
using Json = nlohmann::json;

const Json nothing;

const Json& at(const Json& object, const char* name) {
    if (!object.is_object()) return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

/// The value as text that a terminal may print.
std::string text(const Json& value) {
    if (value.is_string()) return printable(value.get_ref<const std::string&>());
    if (value.is_null()) return "";
    if (value.is_structured()) return "?";  // nothing here is; printing one could run deep
    return value.dump();
}

std::string text(const Json& object, const char* name) {
    return text(at(object, name));
}

std::string or_dash(std::string value) {
    return value.empty() ? "-" : value;
}

/// Milli-points as points.
std::string points(const Json& value) {
    char out[32];
    const auto milli = value.is_number_integer() ? value.get<std::int64_t>() : 0;
    std::snprintf(out, sizeof out, "%.1f", static_cast<double>(milli) / 1000);
    return out;
}

std::string padded(std::string value, std::size_t width) {
    if (value.size() < width) value.append(width - value.size(), ' ');
    return value;
}

std::string right(std::string value, std::size_t width) {
    if (value.size() < width) value.insert(0, width - value.size(), ' ');
    return value;
}

std::string in_quotes(const std::string& value) {
    return "'" + value + "'";
}

std::string line(const char* label, const std::string& value) {
    return "  " + padded(label, 13) + value + "\n";
}

std::string joined(const Json& list, const char* between) {
    std::string result;
    for (const auto& element : list) {
        if (!result.empty()) result += between;
        result += text(element);
    }
    return result;
}

std::string standing_text(const Json& row) {
    auto result = "now " + or_dash(text(row, "standing"));
    const auto by = text(row, "case");
    if (!by.empty()) result += " since " + text(row, "since") + " by case " + by;
    const auto probation = text(row, "probation_until");
    return probation.empty() ? result : result + ", on probation until " + probation;
}

std::string attribution_text(const Json& attribution) {
    auto result =
        line("attribution", text(attribution, "strength") + ": " + text(attribution, "reason"));
    for (const auto& proof : at(attribution, "proofs"))
        result += line("", padded(text(proof, "strength"), 9) + text(proof, "kind") + " " +
                               in_quotes(text(proof, "value")) + " from " + text(proof, "source") +
                               " -> " + or_dash(joined(at(proof, "services"), ", ")));
    return result;
}

std::string families_text(const Json& scores) {
    std::string result;
    for (const auto family : families) {
        if (!result.empty()) result += "  ";
        const std::string name(to_text(family));
        result += name + " " + points(at(scores, name.c_str()));
    }
    return result;
}

std::string verdict_text(const Json& verdict, Language language) {
    auto result =
        line("verdict", text(verdict, "level") + ", " + points(at(verdict, "score")) + " points" +
                            (at(verdict, "late") == Json(true) ? " (late)" : "")) +
        line("", families_text(at(verdict, "families")));
    const auto* const reasons = language == Language::fr ? "reasons_fr" : "reasons";
    for (const auto& reason : at(verdict, reasons)) result += line("why", text(reason));
    result += "\nFindings\n";
    for (const auto& finding : at(verdict, "findings"))
        result += "  " + right(points(at(finding, "score")), 6) + "  " +
                  padded(text(finding, "family"), 12) + padded(text(finding, "symbol"), 28) + " " +
                  text(finding, "reason") + "\n";
    return result;
}

std::string message_text(const Json& record) {
    const auto& envelope = at(record, "envelope");
    return "\nMessage\n" +
           line("door", text(envelope, "door") + ", " + text(envelope, "received")) +
           line("login", or_dash(text(envelope, "login"))) +
           line("uid", or_dash(text(envelope, "uid"))) +
           line("client", text(envelope, "client_name") + " [" + text(envelope, "client_address") +
                              "] helo " + or_dash(text(envelope, "helo"))) +
           line("from", "<" + text(envelope, "mail_from") + ">") +
           line("to", text(envelope, "rcpt_count") + ": " +
                          or_dash(joined(at(envelope, "rcpt_to"), ", "))) +
           line("queue id", or_dash(text(envelope, "queue_id"))) +
           line("size",
                text(record, "message_size") + " bytes, SHA-256 " + text(record, "message_sha256"));
}

std::string actions_text(const Json& actions) {
    if (actions.empty()) return "\nActions\n  none\n";
    std::string result = "\nActions\n";
    for (const auto& action : actions) {
        result += "  " + padded(text(action, "direction"), 5) + padded(text(action, "kind"), 18) +
                  padded(text(action, "target"), 20) + " " + padded(text(action, "state"), 10) +
                  "attempts " + text(action, "attempts");
        const auto detail = text(action, "detail");
        result += (detail.empty() ? "" : "  " + detail) + "\n";
    }
    return result;
}

std::string held_text(const Json& record) {
    const auto& held = at(record, "held");
    if (held.empty()) return "";
    std::string result = "\nHeld mail\n";
    for (const auto& mail : held)
        result += "  " + padded(text(mail, "queue_id"), 20) + " " + text(mail, "at") + "\n";
    const auto more = text(record, "held_uncounted");
    return result + (more.empty() || more == "0" ? "" : "  and " + more + " more\n");
}

std::string history_text(const Json& events) {
    std::string result = "\nHistory\n";
    for (const auto& event : events) {
        const auto reason = text(event, "reason");
        result += "  " + text(event, "at") + "  " + padded(text(event, "by"), 12) + " " +
                  text(event, "what") + (reason.empty() ? "" : " (" + reason + ")") + "\n";
    }
    return result;
}

std::string no_json(const char* expected) {
    return std::string("The desk's answer is not ") + expected + ".\n";
}

}  // namespace

std::string report_text(std::string_view json) {
    const auto parsed = Json::parse(json, nullptr, false);
    if (!at(parsed, "cases").is_number()) return "this is not what the desk answers\n";
    auto lines = text(parsed, "cases") + " cases, " + text(parsed, "messages") + " messages, " +
                 text(parsed, "services") + " services, " + text(parsed, "accounts") +
                 " accounts\n";
    const auto part = [&](const char* name, auto say) {
        for (const auto& row : at(parsed, name))
            lines += right(text(row, "count"), 8) + "  " + say(row) + "\n";
    };
    part("paths", [](const Json& row) {
        return "path " + text(row, "path") + ", mode " + text(row, "mode");
    });
    part("actions", [](const Json& row) {
        return text(row, "direction") + " " + text(row, "kind") + ": " + text(row, "state");
    });
    part("rules", [](const Json& row) { return "rule " + text(row, "rule"); });
    if (at(parsed, "cut") == Json(true)) lines += "the newest cases only: there are too many\n";
    return lines;
}

std::string breaker_text(std::string_view json) {
    const auto parsed = Json::parse(json, nullptr, false);
    if (!at(parsed, "open").is_boolean()) return "this is not what the desk answers\n";
    const bool open = at(parsed, "open").get<bool>();
    if (!open && text(parsed, "cause").empty()) return "closed; it has never been open\n";
    auto lines = (open ? "OPEN since " : "closed since ") + text(parsed, "since") + "\n  " +
                 text(parsed, "detail") + "\n";
    if (!open) lines += "  by " + text(parsed, "by") + ": " + text(parsed, "reason") + "\n";
    return lines;
}

std::string case_list_text(std::string_view json) {
    const auto answer = Json::parse(json, nullptr, false);
    const auto& cases = at(answer, "cases");
    if (!cases.is_array()) return no_json("a list of cases");
    if (cases.empty()) return "No cases.\n";
    std::string result = padded("CASE", 18) + padded("OPENED", 26) + padded("STATE", 11) +
                         padded("PATH", 15) + padded("MODE", 8) + padded("VERDICT", 10) +
                         right("POINTS", 6) + "  " + padded("SENDER", 9) +
                         "SERVICE  ACCOUNT  MESSAGES  STILL HELD\n";
    for (const auto& record : cases)
        result += padded(text(record, "id"), 18) + text(record, "opened") + "  " +
                  padded(text(record, "state"), 11) + padded(text(record, "path"), 15) +
                  padded(text(record, "mode"), 8) + padded(text(record, "level"), 10) +
                  right(points(at(record, "score")), 6) + "  " +
                  padded(text(record, "strength"), 9) + or_dash(text(record, "service")) + "  " +
                  or_dash(text(record, "account")) + "  messages " + text(record, "messages") +
                  " held " + text(record, "held") + "\n";
    return result;
}

std::string case_show_text(std::string_view json, Language language) {
    const auto answer = Json::parse(json, nullptr, false);
    const auto& record = at(answer, "case");
    if (!record.is_object()) return no_json("a case");
    return "Case " + text(record, "id") + "  " + text(record, "state") + "\n" +
           line("opened", text(record, "opened") + ", messages " + text(record, "messages")) +
           line("path", text(record, "path") + ", mode " + text(record, "mode")) +
           (at(record, "reply_unknown") == Json(true)
                ? line("reply", "reply_unknown: Postfix never heard it; actions wait for a person")
                : "") +
           line("service",
                or_dash(text(record, "service")) + " of " + text(record, "service_created")) +
           line("", standing_text(at(answer, "service_standing"))) +
           line("account", or_dash(text(record, "account"))) +
           line("", standing_text(at(answer, "account_standing"))) +
           attribution_text(at(record, "attribution")) +
           verdict_text(at(record, "verdict"), language) + message_text(record) +
           actions_text(at(answer, "actions")) + held_text(record) +
           history_text(at(record, "events"));
}

}  // namespace bailiff
