#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/evidence/recorded_verdict.hpp"

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

/// The value whose text this is.
template <typename Value, std::size_t count>
Value value_of(const Json& text, const std::array<Value, count>& values) {
    const auto word = text.get<std::string>();
    const auto found = std::ranges::find(values, word, [](Value one) { return to_text(one); });
    if (found == values.end())
        throw Json::other_error::create(599, "no such word: " + word, nullptr);
    return *found;
}

template <typename Id>
Id id_of(const Json& text) {
    auto id = Id::parse(text.get<std::string>());
    if (!id) throw Json::other_error::create(599, id.error().what, nullptr);
    return *std::move(id);
}

constexpr std::array levels{Level::pass, Level::suspect, Level::spam, Level::confirmed};
constexpr std::array doors{Door::unknown, Door::submission, Door::local};
constexpr std::array strengths{Strength::unknown, Strength::asserted, Strength::proven};

Json first_line(std::string_view text) {
    return Json::parse(text.substr(0, text.find('\n')));
}

void read_verdict(std::string_view text, RecordedVerdict& recorded) {
    const auto json = Json::parse(text);
    auto& verdict = recorded.verdict;
    verdict.level = value_of(json.at("verdict"), levels);
    verdict.score = json.at("score_millipoints");
    verdict.late = json.at("late");
    for (const auto family : families)
        verdict.by_family[static_cast<std::size_t>(family)] =
            json.at("families").at(std::string(to_text(family)));
}

/// The first line, which is taken off.
Json next_line(std::string_view& text) {
    auto json = first_line(text);
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    return json;
}

void read_hits(std::string_view text, RecordedVerdict& recorded) {
    while (!text.empty()) {
        const auto json = next_line(text);
        recorded.verdict.findings.push_back({FamilySet::from_bits(json.at("family_bits")),
                                             json.at("rule_id"), json.at("weight_millipoints"),
                                             json.at("reason")});
    }
}

void read_access(std::string_view text, RecordedVerdict& recorded) {
    const auto json = first_line(text);
    recorded.envelope.door = value_of(json.at("door"), doors);
    recorded.envelope.client_address = json.at("client_ip").at("value");
    recorded.envelope.client_port = json.at("client_port").at("value");
    recorded.attribution.strength = value_of(json.at("strength"), strengths);
    if (recorded.attribution.strength == Strength::unknown) return;
    Service service;
    service.id = id_of<ServiceId>(json.at("service"));
    service.account = id_of<AccountId>(json.at("account"));
    recorded.attribution.service = std::move(service);
}

void read_transactions(std::string_view text, RecordedVerdict& recorded) {
    const auto json = first_line(text);
    recorded.envelope.mail_from = json.at("mail_from").at("value");
    recorded.envelope.rcpt_count = json.at("rcpt_count");
}

template <typename Read>
Result<void> in_file(std::string_view name, const Read& read) {
    try {
        read();
        return {};
    } catch (const Json::exception& wrong) {
        return fail(Fault::invalid_input, std::string(name) + ": " + wrong.what());
    }
}

}  // namespace

Result<RecordedVerdict> recorded_verdict(const VerdictTexts& texts) {
    RecordedVerdict recorded;
    BAILIFF_TRY(recorded.engine, engine_facts(texts.engine));
    recorded.envelope.received = recorded.engine.at;
    BAILIFF_CHECK(in_file(verdict_path, [&] { read_verdict(texts.verdict, recorded); }));
    BAILIFF_CHECK(in_file(hits_path, [&] { read_hits(texts.hits, recorded); }));
    BAILIFF_CHECK(in_file(access_path, [&] { read_access(texts.access, recorded); }));
    BAILIFF_CHECK(
        in_file(transactions_path, [&] { read_transactions(texts.transactions, recorded); }));
    // GTUBE weighs only what a test service sends: elsewhere it is recorded as a state.
    for (const auto& finding : recorded.verdict.findings)
        if (finding.symbol == "GTUBE" && !finding.families.empty() && recorded.attribution.service)
            recorded.attribution.service->test = true;
    return recorded;
}

Result<std::vector<std::string>> recorded_recipients(std::string_view text) {
    std::vector<std::string> recipients;
    BAILIFF_CHECK(in_file(recipients_path, [&] {
        for ((void)next_line(text); !text.empty();)  // the first has the salt
            recipients.push_back(next_line(text).at("rcpt_to"));
    }));
    return recipients;
}

}  // namespace bailiff
