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

Result<DecidedBy> decided_by_from_json(std::string_view body) {
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object())
        return fail(Fault::invalid_input, "expected a JSON object with by and reason");
    for (const auto& [name, value] : json.items())
        if (name != "by" && name != "reason")
            return fail(Fault::invalid_input, printable(std::string_view(name).substr(0, 80)) +
                                                  ": unknown field; expected by and reason");
    BAILIFF_TRY(auto by, field(json, "by", person_bytes_max));
    BAILIFF_TRY(auto reason, field(json, "reason", limits::reason_bytes_max));
    return DecidedBy{std::move(by), std::move(reason)};
}

std::string to_json(const DecidedBy& by) {
    return Json{{"by", by.name}, {"reason", by.reason}}.dump(-1, ' ', false,
                                                             Json::error_handler_t::replace);
}

}  // namespace bailiff
