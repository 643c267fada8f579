// DeskClient: requests over the Http port; errors back from their JSON.

#include <array>
#include <bailiff/limits.hpp>
#include <nlohmann/json.hpp>

#include "src/api/client.hpp"
#include "src/api/printable.hpp"
#include "src/api/request_json.hpp"
#include "src/api/seals_json.hpp"

namespace bailiff {
namespace {

constexpr std::size_t answer_bytes_max = limits::message_bytes_max + (1U << 20);
constexpr std::array faults{Fault::invalid_input, Fault::not_found, Fault::unavailable,
                            Fault::corrupt,       Fault::exhausted, Fault::internal};

/// RFC 3986: everything but unreserved characters.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string result;
    for (const auto c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos)
            result += c;
        else
            result.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return result;
}

Error error_of(const HttpReply& reply) {
    const auto status = "the desk answers " + std::to_string(reply.status);
    const auto json = nlohmann::json::parse(reply.body, nullptr, false);
    if (!json.is_object() || !json.contains("error") || !json["error"].is_object())
        return {Fault::internal, status + " without saying why"};
    const auto text = [&error = json["error"]](const char* name) {
        const auto at = error.find(name);
        return at != error.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    for (const auto fault : faults)
        if (to_text(fault) == text("fault")) return {fault, printable(text("what"))};
    return {Fault::internal, status + ": " + printable(text("what"))};
}

}  // namespace

DeskClient::DeskClient(Http& http, const Clock& clock, std::string unix_socket,
                       std::chrono::milliseconds patience)
    : http_(http), clock_(clock), unix_socket_(std::move(unix_socket)), patience_(patience) {}

Result<std::string> DeskClient::list_json(const CaseQuery& query) const {
    auto path = "/v1/cases?count=" + std::to_string(query.count);
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) path.append("&").append(name) += "=" + percent_encoded(value);
    };
    add("state", query.state);
    add("service", query.service);
    add("since", query.since);
    add("rule", query.rule);
    add("path", query.path);
    add("mode", query.mode);
    return ask(path, "");
}

Result<std::string> DeskClient::show_json(const CaseId& id) const {
    return ask("/v1/cases/" + id.text(), "");
}

Result<Disclosed> DeskClient::disclose(const CaseId& id, const Disclosure& disclosure) const {
    BAILIFF_TRY(const auto text,
                ask("/v1/cases/" + id.text() + "/disclosure", to_json(disclosure)));
    return disclosed_from_json(text);
}

Result<std::string> DeskClient::exhibit(const CaseId& id, std::uint32_t bag,
                                        const std::string& path, std::uint64_t leaf) const {
    return ask("/v1/cases/" + id.text() + "/exhibit/" + std::to_string(leaf) + "/" +
                   std::to_string(bag) + "/" + path,
               "");
}

Result<std::string> DeskClient::cover(const CaseId& id, const std::string& tiers,
                                      Language language, std::uint64_t leaf) const {
    return ask("/v1/cases/" + id.text() + "/cover/" + std::to_string(leaf) +
                   (language == Language::fr ? "/fr/" : "/en/") + (tiers.empty() ? "0" : tiers),
               "");
}

Result<std::string> DeskClient::decide(const CaseId& id, Decision decision,
                                       const DecidedBy& by) const {
    return ask("/v1/cases/" + id.text() + "/" + std::string(to_text(decision)), to_json(by));
}

Result<std::string> DeskClient::report_json(const std::string& since) const {
    return ask("/v1/report?since=" + percent_encoded(since), "");
}

Result<std::string> DeskClient::breaker_json() const {
    return ask("/v1/breaker", "");
}

Result<std::string> DeskClient::reset_breaker(const DecidedBy& by) const {
    return ask("/v1/breaker/reset", to_json(by));
}

Result<std::string> DeskClient::retention_json() const {
    return ask("/v1/retention", "");
}

Result<std::string> DeskClient::run_retention(const DecidedBy& by,
                                              const RetentionStep& step) const {
    return ask("/v1/retention/run/" + std::to_string(step.from) + "/" +
                   std::to_string(step.count) + "/",
               to_json(by));
}

Result<std::string> DeskClient::status_json() const {
    return ask("/v1/status", "");
}

Result<std::string> DeskClient::ask(const std::string& path, std::string_view body) const {
    HttpRequest request;
    request.url = "http://desk" + path;
    request.unix_socket = unix_socket_;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body;
    request.deadline = clock_.steady() + patience_;
    request.reply_bytes_max = answer_bytes_max;
    auto reply = http_.begin(request)->finish();
    if (!reply)
        return Failure(std::move(reply).error().within("asking the desk at " + unix_socket_));
    if (reply->status != 200) return Failure(error_of(*reply));
    return std::move(reply->body);
}

}  // namespace bailiff
