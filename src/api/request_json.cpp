#include "src/api/request_json.hpp"

#include <algorithm>
#include <bailiff/limits.hpp>
#include <nlohmann/json.hpp>

#include "src/api/printable.hpp"

namespace bailiff {
namespace {

using Json = nlohmann::json;

Result<std::string> field(const Json& object, const char* name, std::size_t bytes_max) {
    const auto expected = [&] {
        return fail(Fault::invalid_input, std::string(name) + ": expected one line of 1 to " +
                                              std::to_string(bytes_max) + " printable bytes");
    };
    const auto at = object.find(name);
    if (at == object.end() || !at->is_string()) return expected();
    const auto& text = at->get_ref<const std::string&>();
    const bool blank = text.find_first_not_of(' ') == std::string::npos;
    if (blank || text.size() > bytes_max || printable(text) != text) return expected();
    return text;
}

}  // namespace

Result<DecidedBy> decided_by_from_json(std::string_view body, bool with_what) {
    const std::string expected = with_what ? "by, reason and what" : "by and reason";
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object())
        return fail(Fault::invalid_input, "expected a JSON object with " + expected);
    for (const auto& [name, value] : json.items())
        if (name != "by" && name != "reason" && (name != "what" || !with_what))
            return fail(Fault::invalid_input, printable(std::string_view(name).substr(0, 80)) +
                                                  ": unknown field; expected " + expected);
    BAILIFF_TRY(auto by, field(json, "by", person_bytes_max));
    BAILIFF_TRY(auto reason, field(json, "reason", limits::reason_bytes_max));
    std::string what;
    if (with_what) {
        BAILIFF_TRY(what, field(json, "what", person_bytes_max));
    }
    return DecidedBy{std::move(by), std::move(reason), std::move(what)};
}

Result<Disclosure> disclosure_from_json(std::string_view body) {
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object())
        return fail(Fault::invalid_input, "expected a JSON object with by, reason and profile");
    Disclosure disclosure;
    BAILIFF_TRY(disclosure.by, field(json, "by", person_bytes_max));
    BAILIFF_TRY(disclosure.reason, field(json, "reason", limits::reason_bytes_max));
    BAILIFF_TRY(disclosure.profile, field(json, "profile", person_bytes_max));
    if (json.contains("reference")) {
        BAILIFF_TRY(disclosure.reference, field(json, "reference", person_bytes_max));
    }
    if (json.contains("recipient")) {
        BAILIFF_TRY(disclosure.recipient, field(json, "recipient", person_bytes_max));
    }
    return disclosure;
}

std::string to_json(const Disclosure& disclosure) {
    Json json{
        {"by", disclosure.by}, {"reason", disclosure.reason}, {"profile", disclosure.profile}};
    if (!disclosure.reference.empty()) json["reference"] = disclosure.reference;
    if (!disclosure.recipient.empty()) json["recipient"] = disclosure.recipient;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_json(const DecidedBy& by) {
    Json json{{"by", by.name}, {"reason", by.reason}};
    if (!by.what.empty()) json["what"] = by.what;
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bailiff
