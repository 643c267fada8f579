#include "src/panel/whm_reply.hpp"

#include "src/panel/form.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace bailiff::panel {
namespace {

using Json = nlohmann::json;

const Json& at(const Json& object, const char* key) {
    static const Json none;
    if (!object.is_object()) return none;
    const auto found = object.find(key);
    return found == object.end() ? none : *found;
}

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

/// 0, 1, "0", "1", true or false: WHM's functions do not agree.
std::optional<bool> truth_of(const Json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_number_integer()) {
        const auto number = value.get<std::int64_t>();
        return number == 0 || number == 1 ? std::optional(number == 1) : std::nullopt;
    }
    const auto text = text_of(value);
    if (text == "0" || text == "1") return text == "1";
    return std::nullopt;
}

Json parsed(std::string_view body) {
    return Json::parse(body, nullptr, false);
}

/// The list of a reply that says yes.
Result<Json> list_of(std::string_view body, const char* name) {
    const auto json = parsed(body);
    const auto& metadata = at(json, "metadata");
    if (truth_of(at(metadata, "result")) != true)
        return fail(Fault::unavailable, as_said(text_of(at(metadata, "reason"))));
    const auto& list = at(at(json, "data"), name);
    if (!list.is_array())
        return fail(Fault::unavailable, std::string("the answer has no list data.") + name);
    return list;
}

bool says_absent(std::string reason) {
    std::ranges::transform(reason, reason.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    return reason.find("does not exist") != std::string::npos;
}

}  // namespace

std::optional<WhmVerdict> read_whm_verdict(std::string_view body, std::string_view function) {
    const auto json = parsed(body);
    const auto& metadata = at(json, "metadata");
    const auto& result = at(metadata, "result");
    if (!result.is_number_integer()) return std::nullopt;
    const auto done = truth_of(result);
    const auto& command = at(metadata, "command");
    if (!done || (!command.is_null() && text_of(command) != function)) return std::nullopt;
    return WhmVerdict{*done, as_said(text_of(at(metadata, "reason")))};
}

Result<WhmAccount> read_whm_account(std::string_view body, std::string_view user) {
    const auto json = parsed(body);
    const auto& metadata = at(json, "metadata");
    const auto reason = text_of(at(metadata, "reason"));
    if (truth_of(at(metadata, "result")) == false && says_absent(reason)) return WhmAccount{};
    BAILIFF_TRY(const auto accounts, list_of(body, "acct"));
    if (accounts.size() != 1 || text_of(at(accounts.front(), "user")) != user)
        return fail(Fault::unavailable, "the answer is about somebody else");
    return WhmAccount{true, truth_of(at(accounts.front(), "outgoing_mail_suspended"))};
}

Result<std::optional<std::string>> read_whm_suspension(std::string_view body,
                                                       std::string_view user) {
    BAILIFF_TRY(const auto accounts, list_of(body, "account"));
    std::optional<std::string> reason;
    for (const auto& account : accounts) {
        if (!at(account, "user").is_string())
            return fail(Fault::unavailable, "an entry of data.account has no user");
        if (text_of(at(account, "user")) == user) reason = text_of(at(account, "reason"));
    }
    return reason;
}

Result<std::vector<std::string>> read_whm_resellers(std::string_view body) {
    BAILIFF_TRY(const auto names, list_of(body, "reseller"));
    std::vector<std::string> resellers;
    for (const auto& name : names) {
        if (!name.is_string())
            return fail(Fault::unavailable, "an entry of data.reseller is no name");
        resellers.push_back(name.get<std::string>());
    }
    return resellers;
}

}  // namespace bailiff::panel
