#include "src/panel/whmcs.hpp"

#include <algorithm>

namespace bailiff::panel {
namespace {

constexpr std::size_t page_rows = 100;
constexpr std::size_t services_of_client_max = 1'000;

Failure no_number(const std::string& name) {
    return fail(Fault::invalid_input, "'" + name + "' is no number of WHMCS");
}

}  // namespace

/// The key has changed its name between versions.
Form Whmcs::service(const std::string& number) const {
    return {{access_.settings.service_key, number}};
}

Result<std::vector<WhmcsProduct>> Whmcs::product(const Calls& calls,
                                                 const std::string& service) const {
    BAILIFF_TRY(const auto body,
                read_whmcs(access_, calls, {"GetClientsProducts", {{"serviceid", service}}}));
    auto page = read_whmcs_products(body);
    if (!page) return fail(Fault::unavailable, "GetClientsProducts: " + page.error().what);
    // A filter that was not understood gives the services of everybody.
    const bool others = std::ranges::any_of(
        page->rows, [&](const WhmcsProduct& row) { return row.service != service; });
    if (others || page->rows.size() > 1 || page->rows.size() != page->total)
        return fail(Fault::unavailable, "GetClientsProducts: the answer is about other services");
    return std::move(page->rows);
}

Result<std::vector<WhmcsProduct>> Whmcs::products_of_client(const Calls& calls,
                                                            const std::string& client) const {
    Products all;
    for (std::size_t total = 1; all.size() < total;) {
        BAILIFF_TRY(const auto body, read_whmcs(access_, calls,
                                                {"GetClientsProducts",
                                                 {{"clientid", client},
                                                  {"limitstart", std::to_string(all.size())},
                                                  {"limitnum", std::to_string(page_rows)}}}));
        auto page = read_whmcs_products(body);
        if (!page) return fail(Fault::unavailable, "GetClientsProducts: " + page.error().what);
        const bool others = std::ranges::any_of(
            page->rows, [&](const WhmcsProduct& row) { return row.client != client; });
        if (others)
            return fail(Fault::unavailable,
                        "GetClientsProducts: the answer is about other clients");
        total = page->total;
        if (total > services_of_client_max)
            return fail(Fault::invalid_input, "client " + client + " has more than " +
                                                  std::to_string(services_of_client_max) +
                                                  " services: a person must look");
        if (page->rows.empty() && total > all.size())
            return fail(Fault::unavailable, "GetClientsProducts: fewer rows than it says");
        std::ranges::move(page->rows, std::back_inserter(all));
    }
    return all;
}

Result<Thing> Whmcs::find_service(const Calls& calls, const Order& order,
                                  const std::string& service) const {
    BAILIFF_TRY(const auto rows, product(calls, service));
    if (rows.empty()) return Thing{service, {Look::Stand::absent, {}, {}, {}}};
    // If we are told who the client is, a wrong row of the map cannot hit another's service.
    const auto client = whmcs_client(map_, order.account);
    if (client && rows.front().client != *client && !map_.empty())
        return fail(Fault::invalid_input, "service " + service + " belongs to client " +
                                              rows.front().client + ", not to " + *client);
    return Thing{service, rows.front().look};
}

Result<std::vector<Thing>> Whmcs::find(const Calls& calls, const Order& order) {
    std::vector<Thing> things;
    if (row_of(order.kind).target == ActionTarget::account) {
        BAILIFF_TRY(const auto client, whmcs_client(map_, order.account));
        BAILIFF_TRY(const auto rows, products_of_client(calls, client));
        if (rows.empty())
            return fail(Fault::invalid_input, "client " + client + " has no services");
        for (const auto& row : rows) things.push_back({row.service, row.look});
        return things;
    }
    BAILIFF_TRY(const auto names, map_.find(ActionTarget::service, order.target));
    for (const auto& name : names)
        if (!is_whmcs_id(name)) return no_number(name);
    for (const auto& name : names) {
        BAILIFF_TRY(auto thing, find_service(calls, order, name));
        things.push_back(std::move(thing));
    }
    return things;
}

Result<Look> Whmcs::look(const Calls& calls, const std::string& name) {
    BAILIFF_TRY(const auto rows, product(calls, name));
    return rows.empty() ? Look{Look::Stand::absent, {}, {}, {}} : rows.front().look;
}

// A suspension with a reason of its own is not lifted when the customer pays an invoice.
Done Whmcs::suspend(const Calls& calls, const std::string& name, const std::string& reason) {
    auto form = service(name);
    form.emplace_back("suspendreason", reason);
    return change_whmcs(access_, calls, {"ModuleSuspend", std::move(form)});
}

Done Whmcs::lift(const Calls& calls, const std::string& name) {
    return change_whmcs(access_, calls, {"ModuleUnsuspend", service(name)});
}

Done Whmcs::destroy(const Calls& calls, const std::string& name) {
    return change_whmcs(access_, calls, {"ModuleTerminate", service(name), true});
}

Result<std::string> whmcs_client(const TargetMap& map, const AccountId& account) {
    BAILIFF_TRY(const auto names, map.find(ActionTarget::account, account.text()));
    if (names.size() != 1)
        return fail(Fault::invalid_input,
                    "account " + account.text() + " stands for several clients");
    if (!is_whmcs_id(names.front())) return no_number(names.front());
    return names.front();
}

}  // namespace bailiff::panel
