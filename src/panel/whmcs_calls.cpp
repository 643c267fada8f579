#include "src/panel/whmcs_calls.hpp"

#include "src/panel/whmcs_reply.hpp"

#include <algorithm>

namespace bailiff::panel {
namespace {

/// Credentials travel in the body: never in the URL, which servers write down.
CallEnd send(const WhmcsAccess& access, const Calls& calls, const WhmcsRequest& request) {
    const auto& settings = access.settings;
    const auto& secrets = access.secrets;
    Form form{{"identifier", request.purges ? settings.purge_user : settings.user},
              {"secret", request.purges ? secrets.purge->reveal() : secrets.common.reveal()},
              {"action", std::string(request.action)},
              {"responsetype", "json"}};
    form.insert(form.end(), request.form.begin(), request.form.end());
    return calls.post(settings.url, {{"Content-Type", "application/x-www-form-urlencoded"}},
                      encoded(form));
}

std::string unreadable(std::string_view action) {
    return std::string(action) + ": the answer is none of the WHMCS API (a login page?)";
}

}  // namespace

Result<std::string> read_whmcs(const WhmcsAccess& access, const Calls& calls,
                               const WhmcsRequest& request) {
    auto end = send(access, calls, request);
    const auto action = std::string(request.action) + ": ";
    if (end.kind != CallEnd::Kind::answered) return fail(Fault::unavailable, action + end.why);
    const auto verdict = read_whmcs_verdict(end.body);
    if (!verdict) return fail(Fault::unavailable, unreadable(request.action));
    if (!verdict->done) return fail(Fault::unavailable, action + verdict->message);
    return std::move(end.body);
}

Done change_whmcs(const WhmcsAccess& access, const Calls& calls, const WhmcsRequest& request) {
    const auto end = send(access, calls, request);
    const auto action = std::string(request.action) + ": ";
    if (end.kind == CallEnd::Kind::not_done) return {Done::Kind::not_done, action + end.why};
    if (end.kind == CallEnd::Kind::unknown) return {Done::Kind::unknown, action + end.why};
    const auto verdict = read_whmcs_verdict(end.body);
    if (!verdict) return {Done::Kind::unknown, unreadable(request.action)};
    return {verdict->done ? Done::Kind::done : Done::Kind::refused, action + verdict->message};
}

bool is_whmcs_id(std::string_view text) {
    return !text.empty() && text.size() <= 10 && text.front() != '0' &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace bailiff::panel
