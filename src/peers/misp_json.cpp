#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/peers/abuse_report.hpp"
#include <bailiff/ascii.hpp>
#include "src/peers/redact.hpp"
#include "src/peers/report_values.hpp"

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t value_characters_max = 1'000;

// MISP/misp-objects, objects/email/definition.json
constexpr std::string_view email_template = "a0c666e0-fc65-4be8-b48f-3423d788b552";

struct Kind {
    std::string_view type, category;
};

bool is_sha256(std::string_view text) {
    return text.size() == 64 &&
           std::ranges::all_of(text, [](char c) { return ascii::hex_value(c) >= 0; });
}

/// Collects attributes; empty values make none.
class Attributes {
public:
    explicit Attributes(Entropy& entropy) : entropy_(entropy) {}
    void add(Kind kind, std::string_view relation, const std::string& value) {
        if (value.empty()) return;
        Json attribute{{"uuid", random_uuid(entropy_)},
                       {"type", kind.type},
                       {"category", kind.category},
                       {"to_ids", false},
                       {"value", text_line(value, value_characters_max)}};
        if (!relation.empty()) attribute["object_relation"] = relation;
        all.push_back(std::move(attribute));
    }
    Json all = Json::array();

private:
    Entropy& entropy_;
};

}  // namespace

std::string misp_event_json(const MispFacts& facts, Entropy& entropy) {
    const auto clean = [&](const std::string& value) {
        return redacted_value(value, facts.recipients);
    };
    PeerReport links;
    links.uris = facts.uris;
    links.recipients = facts.recipients;
    Attributes email(entropy), event(entropy);
    email.add({"email-src", "Payload delivery"}, "from", clean(facts.from));
    email.add({"email-subject", "Payload delivery"}, "subject", clean(facts.subject));
    email.add({"email-message-id", "Payload delivery"}, "message-id", clean(facts.message_id));
    if (is_ip_address(facts.source_ip))
        event.add({"ip-src", "Network activity"}, "", facts.source_ip);
    for (const auto& uri : presentable(links).uris) event.add({"url", "Network activity"}, "", uri);
    for (const auto& digest : facts.sha256)
        if (is_sha256(digest)) event.add({"sha256", "Payload delivery"}, "", digest);
    Json json{{"uuid", random_uuid(entropy)},
              {"info", text_line(clean(facts.info), value_characters_max)},
              {"date", to_rfc3339(facts.at).substr(0, 10)},
              {"threat_level_id", "4"},  // undefined: theirs to say
              {"analysis", "0"},
              {"distribution", "0"},  // their organisation only; wider is a person's decision
              {"Attribute", event.all},
              {"Object", Json::array()}};
    if (!email.all.empty())
        json["Object"].push_back({{"uuid", random_uuid(entropy)},
                                  {"name", "email"},
                                  {"meta-category", "network"},
                                  {"template_uuid", email_template},
                                  {"template_version", "3"},
                                  {"Attribute", email.all}});
    return Json{{"Event", json}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bailiff
