#include "src/panel/form.hpp"
#include "src/panel/whmcs_reply.hpp"

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

/// A number, which some versions write as text.
std::string number_of(const Json& value) {
    if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
    const auto text = text_of(value);
    const bool digits = !text.empty() && text.size() <= 10 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    return digits ? text : std::string();
}

Look look_of(const Json& product) {
    const auto status = text_of(at(product, "status"));
    using Stand = Look::Stand;
    if (status == "Active") return {Stand::active, {}, {}, {}};
    if (status == "Suspended")
        return {Stand::suspended, {}, text_of(at(product, "suspensionreason")), {}};
    // Its module has been told to terminate: usually that has destroyed the account.
    if (status == "Terminated") return {Stand::purged, {}, {}, {}};
    return {Stand::other, status, {}, {}};
}

/// `totalresults`, and the rows of `outer.inner`; an empty list is written in several ways.
struct Rows {
    std::size_t total = 0;
    Json rows = Json::array();
};

Result<Rows> rows_of(std::string_view body, const char* outer, const char* inner) {
    const auto json = Json::parse(body, nullptr, false);
    const auto total = number_of(at(json, "totalresults"));
    if (total.empty())
        return fail(Fault::unavailable, "the answer does not say how many there are");
    Rows result{std::stoull(total)};
    if (result.total == 0) return result;
    const auto& rows = at(at(json, outer), inner);
    if (!rows.is_array())
        return fail(Fault::unavailable,
                    std::string("the answer has no list ") + outer + "." + inner);
    result.rows = rows;
    return result;
}

}  // namespace

std::optional<WhmcsVerdict> read_whmcs_verdict(std::string_view body) {
    const auto json = Json::parse(body, nullptr, false);
    const auto result = text_of(at(json, "result"));
    if (result != "success" && result != "error") return std::nullopt;
    return WhmcsVerdict{result == "success", as_said(text_of(at(json, "message")))};
}

Result<WhmcsPage<WhmcsProduct>> read_whmcs_products(std::string_view body) {
    BAILIFF_TRY(const auto found, rows_of(body, "products", "product"));
    WhmcsPage<WhmcsProduct> page{{}, found.total};
    for (const auto& row : found.rows) {
        WhmcsProduct product{number_of(at(row, "id")), number_of(at(row, "clientid")),
                             look_of(row)};
        if (product.service.empty() || product.client.empty() || text_of(at(row, "status")).empty())
            return fail(Fault::unavailable, "a product without id, clientid or status");
        page.rows.push_back(std::move(product));
    }
    return page;
}

Result<WhmcsPage<std::string>> read_whmcs_tickets(std::string_view body) {
    BAILIFF_TRY(const auto found, rows_of(body, "tickets", "ticket"));
    WhmcsPage<std::string> page{{}, found.total};
    for (const auto& row : found.rows) {
        if (!at(row, "subject").is_string())
            return fail(Fault::unavailable, "a ticket without subject");
        page.rows.push_back(text_of(at(row, "subject")));
    }
    return page;
}

}  // namespace bailiff::panel
