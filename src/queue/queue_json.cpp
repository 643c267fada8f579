#include "src/queue/queue_json.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace bailiff {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t ids_max = 200'000;
constexpr std::size_t proofs_max = 10'000;
constexpr std::array verbs{QueueVerb::list, QueueVerb::hold, QueueVerb::release, QueueVerb::remove};
constexpr std::array kinds{IdentityKind::login, IdentityKind::client_ip, IdentityKind::uid};
constexpr std::array faults{Fault::invalid_input, Fault::not_found, Fault::unavailable,
                            Fault::corrupt,       Fault::exhausted, Fault::internal};

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The member of this name if it is text, else empty.
std::string text_at(const Json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// Its value in `named` by that text.
template <class Named>
auto named(const Named& all, std::string_view name) -> const typename Named::value_type* {
    for (const auto& one : all)
        if (to_text(one) == name) return &one;
    return nullptr;
}

Failure expected(std::string_view what) {
    return fail(Fault::invalid_input, "expected " + std::string(what));
}

Result<std::vector<MailProof>> proofs_of(const Json& json) {
    std::vector<MailProof> proofs;
    if (!json.is_array() || json.size() > proofs_max) return expected("a list of proofs");
    for (const auto& one : json) {
        if (!one.is_object()) return expected("an object for a proof");
        const auto* kind = named(kinds, text_at(one, "kind"));
        if (kind == nullptr) return expected("a proof of kind login, client_ip or uid");
        proofs.push_back({*kind, text_at(one, "value")});
        if (proofs.back().value.empty()) return expected("a value of a proof");
    }
    return proofs;
}

Result<QueueIds> ids_of(const Json& json) {
    QueueIds ids;
    if (!json.is_array() || json.size() > ids_max) return expected("a list of queue ids");
    for (const auto& one : json) {
        if (!one.is_string() || !is_queue_id(one.get_ref<const std::string&>()))
            return expected("queue ids of letters and digits");
        ids.push_back(one.get<std::string>());
    }
    return ids;
}

Json json_of(const QueuedMail& mail) {
    Json json{{"id", mail.queue_id},
              {"queue", mail.queue},
              {"arrived", mail.arrived.time_since_epoch().count()},
              {"mail_from", mail.mail_from},
              {"login", mail.login},
              {"client_address", mail.client_address}};
    if (mail.uid) json["uid"] = *mail.uid;
    return json;
}

Result<QueuedMail> mail_of(const Json& json) {
    if (!json.is_object()) return fail(Fault::internal, "the queue role lists no mail");
    QueuedMail mail;
    mail.queue_id = text_at(json, "id");
    mail.queue = text_at(json, "queue");
    mail.mail_from = text_at(json, "mail_from");
    mail.login = text_at(json, "login");
    mail.client_address = text_at(json, "client_address");
    const auto arrived = json.find("arrived");
    if (arrived != json.end() && arrived->is_number_integer())
        mail.arrived = Instant{std::chrono::milliseconds(arrived->get<std::int64_t>())};
    const auto uid = json.find("uid");
    if (uid != json.end() && uid->is_number_unsigned()) mail.uid = uid->get<std::uint32_t>();
    if (!is_queue_id(mail.queue_id)) return fail(Fault::internal, "the queue role names no id");
    return mail;
}

}  // namespace

std::string to_json(const QueueRequest& request) {
    Json json{{"v", 1}, {"verb", to_text(request.verb)}};
    if (!request.ids.empty() || request.verb != QueueVerb::list) json["ids"] = request.ids;
    for (const auto& proof : request.proofs)
        json["proofs"].push_back({{"kind", to_text(proof.kind)}, {"value", proof.value}});
    return text(json);
}

Result<QueueRequest> queue_request_from_json(std::string_view bytes) {
    const auto json = Json::parse(bytes, nullptr, false);
    if (!json.is_object() || json.value("v", Json()) != 1)
        return expected("an object of version 1");
    const auto* verb = named(verbs, text_at(json, "verb"));
    if (verb == nullptr) return expected("verb list, hold, release or delete");
    for (const auto& [name, value] : json.items())
        if (name != "v" && name != "verb" && name != "ids" && name != "proofs")
            return expected("only v, verb, ids and proofs");
    QueueRequest request{.verb = *verb, .proofs = {}, .ids = {}};
    if (const auto at = json.find("proofs"); at != json.end()) {
        BAILIFF_TRY(request.proofs, proofs_of(*at));
    }
    if (const auto at = json.find("ids"); at != json.end()) {
        BAILIFF_TRY(request.ids, ids_of(*at));
    }
    if (*verb != QueueVerb::list && !request.proofs.empty())
        return expected("proofs with list only: act by queue id");
    return request;
}

std::string to_json(const Result<std::vector<QueuedMail>>& answer) {
    if (!answer)
        return text(Json{
            {"v", 1},
            {"error", {{"fault", to_text(answer.error().fault)}, {"what", answer.error().what}}}});
    Json mails = Json::array();
    for (const auto& mail : *answer) mails.push_back(json_of(mail));
    return text(Json{{"v", 1}, {"mails", mails}});
}

Result<std::vector<QueuedMail>> queue_answer_from_json(std::string_view bytes) {
    const auto json = Json::parse(bytes, nullptr, false);
    if (!json.is_object()) return fail(Fault::internal, "the queue role gave no answer");
    if (const auto error = json.find("error"); error != json.end() && error->is_object()) {
        const auto* fault = named(faults, text_at(*error, "fault"));
        return fail(fault == nullptr ? Fault::internal : *fault, text_at(*error, "what"));
    }
    std::vector<QueuedMail> mails;
    const auto rows = json.find("mails");
    if (rows == json.end() || !rows->is_array())
        return fail(Fault::internal, "the queue role lists nothing");
    for (const auto& row : *rows) {
        BAILIFF_TRY(auto mail, mail_of(row));
        mails.push_back(std::move(mail));
    }
    return mails;
}

}  // namespace bailiff
