#include "src/panel/ticket_effect.hpp"

#include "src/panel/whmcs.hpp"

#include <algorithm>

namespace bailiff::panel {
namespace {

constexpr std::string_view rows_max = "100";

std::string subject_of(const Order& order, const PanelSettings& settings) {
    return "[" + order.case_id.text() + "] " + settings.ticket_subject;
}

}  // namespace

// `subject` matches loosely, so each is looked at; and a ticket in a department that our
// credential is not a member of is a ticket all the same.
Result<bool> TicketEffect::is_open(const Calls& calls, const Order& order,
                                   const std::string& client) const {
    BAILIFF_TRY(const auto body, read_whmcs(access_, calls,
                                            {"GetTickets",
                                             {{"clientid", client},
                                              {"subject", order.case_id.text()},
                                              {"ignore_dept_assignments", "true"},
                                              {"limitnum", std::string(rows_max)}}}));
    auto page = read_whmcs_tickets(body);
    if (!page) return fail(Fault::unavailable, "GetTickets: " + page.error().what);
    const bool open = std::ranges::any_of(page->rows, [&](const std::string& subject) {
        return subject.find(order.case_id.text()) != std::string::npos;
    });
    if (!open && page->rows.size() < page->total)
        return fail(Fault::unavailable, "GetTickets: more tickets than we look through");
    return open;
}

Done TicketEffect::open(const Calls& calls, const Order& order, const std::string& client) const {
    const auto& settings = access_.settings;
    Form form{{"deptid", std::to_string(settings.ticket_department)},
              {"clientid", client},
              {"subject", subject_of(order, settings)},
              {"message", settings.ticket_message + "\n\nCase " + order.case_id.text() + "\n"},
              {"priority", "High"}};
    const auto services = map_.find(ActionTarget::service, order.service.text());
    if (services && services->size() == 1 && is_whmcs_id(services->front()))
        form.emplace_back("serviceid", services->front());
    return change_whmcs(access_, calls, {"OpenTicket", std::move(form)});
}

Outcome TicketEffect::act(const Order& order) {
    using Kind = Outcome::Kind;
    if (!knows(order.kind)) return {Kind::never, "not an action for tickets", {}};
    if (access_.settings.ticket_department == 0)
        return {Kind::never, "no ticket_department is configured: this hook opens no tickets", {}};
    const auto client = whmcs_client(map_, order.account);
    if (!client) return {Kind::never, client.error().what, {}};
    const auto calls = calls_();
    const auto before = is_open(calls, order, *client);
    if (!before) return {Kind::retry, before.error().what, {}};
    if (*before) return {Kind::done, "the ticket is open already", {}};
    const auto done = open(calls, order, *client);
    switch (done.kind) {
        case Done::Kind::done:
            return {Kind::done, "a ticket has been opened", {}};
        case Done::Kind::not_done:
            return {Kind::retry, done.why, {}};
        case Done::Kind::unknown:
            return {Kind::unknown, done.why, {}};
        case Done::Kind::refused:
            break;
    }
    const auto after = is_open(calls, order, *client);
    if (!after) return {Kind::unknown, done.why + "; " + after.error().what, {}};
    return {*after ? Kind::done : Kind::retry, done.why, {}};
}

Outcome TicketEffect::undo(const Order&) {
    return {Outcome::Kind::never, "a ticket stays", {}};
}

Result<std::optional<std::string>> TicketEffect::state(const Order& order) {
    if (!knows(order.kind)) return std::optional<std::string>();
    BAILIFF_TRY(const auto client, whmcs_client(map_, order.account));
    BAILIFF_TRY(const auto open, is_open(calls_(), order, client));
    return std::optional<std::string>(open ? "opened" : "none");
}

}  // namespace bailiff::panel
