#include "src/panel/whm.hpp"

#include "src/panel/form.hpp"
#include "src/panel/whm_reply.hpp"

#include <algorithm>
#include <array>

namespace bailiff::panel {

struct Whm::Request {
    std::string_view function;
    Form form{};
    bool purges = false;
};

namespace {

/// Neither a wildcard nor a name that means the server itself.
bool is_user(std::string_view name) {
    constexpr std::array reserved{std::string_view("root"), std::string_view("nobody"),
                                  std::string_view("cpanel"), std::string_view("system"),
                                  std::string_view("all")};
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= 32 && name.front() >= 'a' && name.front() <= 'z' &&
           std::ranges::all_of(name, fits) && std::ranges::count(reserved, name) == 0;
}

Failure unreadable(std::string_view function) {
    return fail(Fault::unavailable,
                std::string(function) + ": the answer is none of WHM API 1 (a login page?)");
}

}  // namespace

CallEnd Whm::send(const Calls& calls, const Request& request) const {
    Form form{{"api.version", "1"}};
    form.insert(form.end(), request.form.begin(), request.form.end());
    const auto& user = request.purges ? settings_.purge_user : settings_.user;
    const auto& token = request.purges ? secrets_.purge->reveal() : secrets_.common.reveal();
    return calls.post(settings_.url + "/json-api/" + std::string(request.function),
                      {{"Authorization", "whm " + user + ":" + token},
                       {"Content-Type", "application/x-www-form-urlencoded"}},
                      encoded(form));
}

/// The body of an answer in WHM's form, be it a yes or a no.
Result<std::string> Whm::read(const Calls& calls, const Request& request) const {
    auto end = send(calls, request);
    const std::string function(request.function);
    if (end.kind != CallEnd::Kind::answered)
        return fail(Fault::unavailable, function + ": " + end.why);
    if (!read_whm_verdict(end.body, request.function)) return unreadable(function);
    return std::move(end.body);
}

Done Whm::change(const Calls& calls, const Request& request) const {
    const auto end = send(calls, request);
    const auto function = std::string(request.function) + ": ";
    if (end.kind == CallEnd::Kind::not_done) return {Done::Kind::not_done, function + end.why};
    if (end.kind == CallEnd::Kind::unknown) return {Done::Kind::unknown, function + end.why};
    const auto verdict = read_whm_verdict(end.body, request.function);
    if (!verdict) return {Done::Kind::unknown, unreadable(request.function).value().what};
    return {verdict->done ? Done::Kind::done : Done::Kind::refused, function + verdict->reason};
}

Result<std::vector<Thing>> Whm::find(const Calls& calls, const Order& order) {
    BAILIFF_TRY(const auto names, map_.find(row_of(order.kind).target, order.target));
    const auto wrong = std::ranges::find_if_not(names, is_user);
    if (wrong != names.end())
        return fail(Fault::invalid_input, "'" + *wrong + "' is no cPanel user");
    std::vector<Thing> things;
    for (const auto& name : names) {
        BAILIFF_TRY(auto seen, look(calls, name));
        things.push_back({name, std::move(seen)});
    }
    return things;
}

Result<Look> Whm::look(const Calls& calls, const std::string& name) {
    BAILIFF_TRY(const auto summary, read(calls, {"accountsummary", {{"user", name}}}));
    auto account = read_whm_account(summary, name);
    if (!account) return fail(Fault::unavailable, "accountsummary: " + account.error().what);
    if (!account->present) return Look{Look::Stand::absent, {}, {}, {}};
    BAILIFF_TRY(const auto list, read(calls, {"listsuspended"}));
    auto suspension = read_whm_suspension(list, name);
    if (!suspension) return fail(Fault::unavailable, "listsuspended: " + suspension.error().what);
    if (!*suspension) return Look{Look::Stand::active, {}, {}, account->mail_stopped};
    return Look{Look::Stand::suspended, {}, **suspension, account->mail_stopped};
}

// suspendacct would refuse, or stop, or with removeacct destroy, more than the one account.
Result<std::string> Whm::objection(const Calls& calls, const std::string& name) {
    BAILIFF_TRY(const auto list, read(calls, {"listresellers"}));
    const auto resellers = read_whm_resellers(list);
    if (!resellers)
        return fail(Fault::unavailable, "cannot tell whether it is a reseller: listresellers: " +
                                            resellers.error().what);
    if (std::ranges::count(*resellers, name) == 0) return std::string();
    return "is a reseller: this would stop all that it owns, and needs a person and "
           "suspendreseller";
}

Done Whm::suspend(const Calls& calls, const std::string& name, const std::string& reason) {
    return change(calls,
                  {"suspendacct", {{"user", name}, {"reason", reason}, {"disallowun", "1"}}});
}

Done Whm::lift(const Calls& calls, const std::string& name) {
    return change(calls, {"unsuspendacct", {{"user", name}}});
}

Done Whm::stop_mail(const Calls& calls, const std::string& name) {
    return change(calls, {"suspend_outgoing_email", {{"user", name}}});
}

Done Whm::let_mail_go(const Calls& calls, const std::string& name) {
    return change(calls, {"unsuspend_outgoing_email", {{"user", name}}});
}

Done Whm::destroy(const Calls& calls, const std::string& name) {
    return change(calls, {"removeacct", {{"username", name}, {"keepdns", "0"}}, true});
}

}  // namespace bailiff::panel
