#include "src/api/list_json.hpp"

#include <nlohmann/json.hpp>

#include "src/api/printable.hpp"

namespace bailiff {

Result<std::vector<ListedCase>> cases_from_json(std::string_view json) {
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    const auto wrong = [] { return fail(Fault::invalid_input, "this is no list of cases"); };
    if (!parsed.is_object() || !parsed.contains("cases") || !parsed["cases"].is_array())
        return wrong();
    std::vector<ListedCase> cases;
    for (const auto& one : parsed["cases"]) {
        const auto text = [&](const char* name) {
            const bool is_text = one.is_object() && one.contains(name) && one[name].is_string();
            return is_text ? one[name].get<std::string>() : std::string();
        };
        auto id = CaseId::parse(text("id"));
        if (!id) return wrong();
        cases.push_back({*std::move(id), printable(text("service")), printable(text("path"))});
    }
    return cases;
}

std::string service_from_json(std::string_view json) {
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    const auto none = nlohmann::json::object();
    const auto& record = parsed.is_object() && parsed.contains("case") ? parsed["case"] : none;
    if (!record.is_object() || !record.contains("service") || !record["service"].is_string())
        return {};
    return record["service"].get<std::string>();
}

}  // namespace bailiff
