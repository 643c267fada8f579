#include "src/api/routes.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "src/api/desk_json.hpp"
#include "src/api/printable.hpp"
#include "src/api/request_json.hpp"
#include "src/api/retention_json.hpp"
#include "src/api/seals_json.hpp"

namespace bailiff {
namespace {

constexpr std::size_t cases_listed_max = 1'000;
constexpr std::string_view bytes_type = "application/octet-stream";
constexpr std::string_view exhibit_word = "exhibit/";
constexpr std::string_view cover_word = "cover/";
constexpr std::string_view cases_path = "/v1/cases";
constexpr std::string_view report_path = "/v1/report";
constexpr std::string_view breaker_path = "/v1/breaker";
constexpr std::string_view retention_path = "/v1/retention";
constexpr std::string_view retention_run_path = "/v1/retention/run/";
constexpr std::array decisions{Decision::release,   Decision::reject, Decision::reinstate,
                               Decision::purge,     Decision::retry,  Decision::confirm,
                               Decision::drop,      Decision::edit,   Decision::erase,
                               Decision::legal_hold};
constexpr std::array modes{Mode::observe, Mode::enforce};
constexpr std::array case_states{CaseState::open, CaseState::released, CaseState::rejected,
                                 CaseState::reinstated};

int status_of(Fault fault) {
    switch (fault) {
        case Fault::invalid_input:
            return 400;
        case Fault::not_found:
            return 404;
        case Fault::unavailable:
            return 503;
        case Fault::exhausted:
            return 507;
        case Fault::corrupt:
        case Fault::internal:
            return 500;
    }
    return 500;
}

DeskReply refusal(int status, Fault fault, std::string what) {
    auto reply = bailiff::refusal(Error{fault, std::move(what)});
    reply.status = status;
    return reply;
}

DeskReply no_such_route(const DeskRequest& request) {
    return refusal(404, Fault::not_found,
                   "no such resource: " + printable(request.path.substr(0, 200)));
}

DeskReply no_such_method(std::string_view expected) {
    return refusal(405, Fault::invalid_input, "expected " + std::string(expected));
}

template <class Enum, std::size_t n>
std::optional<Enum> by_text(const std::array<Enum, n>& all, std::string_view text) {
    for (const auto value : all)
        if (to_text(value) == text) return value;
    return std::nullopt;
}

std::string_view shortened(std::string_view text) {
    return text.substr(0, 80);
}

/// GET; or POST without body, which is all that our own HTTP port sends.
bool reads(const DeskRequest& request) {
    return request.method == "GET" || (request.method == "POST" && request.body.empty());
}

Result<CaseFilter> filter_of(const DeskRequest& request) {
    CaseFilter filter;
    for (const auto& [name, value] : request.query) {
        if (std::ranges::count(request.query, name, &QueryField::first) > 1)
            return fail(Fault::invalid_input, printable(shortened(name)) + ": expected once");
        if (name == "state") {
            filter.state = by_text(case_states, value);
            if (!filter.state)
                return fail(Fault::invalid_input,
                            "state: expected open, released, rejected or reinstated");
        } else if (name == "service") {
            auto id = ServiceId::parse(value);
            if (!id) return fail(Fault::invalid_input, "service: " + printable(id.error().what));
            filter.service = *std::move(id);
        } else if (name == "mode") {
            filter.mode = by_text(modes, value);
            if (!filter.mode)
                return fail(Fault::invalid_input, "mode: expected observe or enforce");
        } else if (name == "since") {
            const auto since = parse_rfc3339(value);
            if (!since)
                return fail(Fault::invalid_input,
                            "since: expected RFC 3339, as 2026-11-23T14:00:00Z");
            filter.since = *since;
        } else if (name == "rule" || name == "path") {
            (name == "rule" ? filter.rule : filter.path) = value;
        } else if (name == "count") {
            const auto* end = value.data() + value.size();
            const auto read = std::from_chars(value.data(), end, filter.count);
            if (read.ec != std::errc{} || read.ptr != end || filter.count == 0 ||
                filter.count > cases_listed_max)
                return fail(Fault::invalid_input, "count: expected 1 to 1000");
        } else {
            return fail(Fault::invalid_input,
                        printable(shortened(name)) +
                            ": expected state, service, mode, since, rule, path or count");
        }
    }
    return filter;
}

DeskReply list(const DeskRequest& request, const Desk& desk) {
    if (!reads(request)) return no_such_method("GET");
    const auto filter = filter_of(request);
    if (!filter) return refusal(filter.error());
    const auto cases = desk.list(*filter);
    if (!cases) return refusal(cases.error());
    return {.body = case_list_json(*cases)};
}

DeskReply show(const DeskRequest& request, const Desk& desk, const CaseId& id) {
    if (!reads(request)) return no_such_method("GET");
    const auto file = desk.show(id);
    if (!file) return refusal(file.error());
    return {.body = case_json(*file)};
}

DeskReply disclose(const DeskRequest& request, Desk& desk, const CaseId& id) {
    if (request.method != "POST") return no_such_method("POST");
    auto why = disclosure_from_json(request.body);
    if (!why) return refusal(why.error());
    const auto disclosed = desk.disclose(id, *why);
    auto reply =
        disclosed ? DeskReply{.body = disclosed_json(*disclosed)} : refusal(disclosed.error());
    reply.by = std::move(why->by);
    return reply;
}

/// The number at the beginning of `rest`, which then begins behind its slash.
template <class Number>
bool take_number(std::string_view& rest, Number& number) {
    const auto* end = rest.data() + rest.size();
    const auto read = std::from_chars(rest.data(), end, number);
    if (read.ec != std::errc{} || read.ptr == end || *read.ptr != '/') return false;
    rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()) + 1);
    return true;
}

/// `rest` is LEAF/BAG/PATH.
DeskReply exhibit(const DeskRequest& request, const Desk& desk, const CaseId& id,
                  std::string_view rest) {
    if (!reads(request)) return no_such_method("GET");
    std::uint64_t leaf = 0;
    std::uint32_t bag = 0;
    if (!take_number(rest, leaf) || !take_number(rest, bag) || rest.empty())
        return refusal(400, Fault::invalid_input, "expected exhibit/LEAF/BAG/PATH");
    auto bytes = desk.exhibit(id, bag, std::string(rest), leaf);
    if (!bytes) return refusal(bytes.error());
    return {.body = *std::move(bytes), .type = bytes_type};
}

DeskReply decide(const DeskRequest& request, Desk& desk, const CaseId& id, Decision decision) {
    if (request.method != "POST") return no_such_method("POST");
    auto by = decided_by_from_json(request.body, needs_what(decision));
    if (!by) return refusal(by.error());
    const auto file = desk.decide(id, decision, *by);
    auto reply = file ? DeskReply{.body = case_json(*file)} : refusal(file.error());
    // The request was understood; what it wants does not fit the case.
    if (!file && file.error().fault == Fault::invalid_input) reply.status = 409;
    reply.by = std::move(by->name);
    return reply;
}

/// `rest` is LEAF/LANGUAGE/TIERS; "0" stands for no tier.
DeskReply cover(const DeskRequest& request, const Desk& desk, const CaseId& id,
                std::string_view rest) {
    if (!reads(request)) return no_such_method("GET");
    std::uint64_t leaf = 0;
    const bool whole = take_number(rest, leaf) && rest.size() >= 4 && rest.substr(2, 1) == "/" &&
                       (rest.starts_with("fr") || rest.starts_with("en"));
    if (!whole) return refusal(400, Fault::invalid_input, "expected cover/LEAF/fr/TIERS");
    const auto language = rest.starts_with("fr") ? Language::fr : Language::en;
    auto html = desk.cover(id, std::string(rest.substr(3)), language, leaf);
    if (!html) return refusal(html.error());
    return {.body = *std::move(html), .type = "text/html; charset=utf-8"};
}

/// `rest` is what follows "/v1/cases/".
DeskReply of_case(const DeskRequest& request, Desk& desk, std::string_view rest) {
    const auto slash = rest.find('/');
    const auto id = CaseId::parse(rest.substr(0, slash));
    if (!id) return refusal(Error{Fault::invalid_input, printable(id.error().what)});
    if (slash == std::string_view::npos) return show(request, desk, *id);
    const auto what = rest.substr(slash + 1);
    if (what == "disclosure") return disclose(request, desk, *id);
    if (what.starts_with(exhibit_word))
        return exhibit(request, desk, *id, what.substr(exhibit_word.size()));
    if (what.starts_with(cover_word))
        return cover(request, desk, *id, what.substr(cover_word.size()));
    const auto decision = by_text(decisions, what);
    return decision ? decide(request, desk, *id, *decision) : no_such_route(request);
}

DeskReply breaker(const DeskRequest& request, const Desk& desk) {
    if (!reads(request)) return no_such_method("GET");
    const auto found = desk.breaker();
    return found ? DeskReply{.body = breaker_json(*found)} : refusal(found.error());
}

DeskReply reset(const DeskRequest& request, Desk& desk) {
    if (request.method != "POST") return no_such_method("POST");
    auto by = decided_by_from_json(request.body);
    if (!by) return refusal(by.error());
    const auto closed = desk.reset_breaker(*by);
    auto reply = closed ? DeskReply{.body = breaker_json(*closed)} : refusal(closed.error());
    if (!closed && closed.error().fault == Fault::invalid_input) reply.status = 409;
    reply.by = std::move(by->name);
    return reply;
}

DeskReply retention(const DeskRequest& request, const Desk& desk) {
    if (!reads(request)) return no_such_method("GET");
    const auto found = desk.retention();
    return found ? DeskReply{.body = retention_json(*found)} : refusal(found.error());
}

/// `rest` is FROM/COUNT/
DeskReply run_retention(const DeskRequest& request, Desk& desk, std::string_view rest) {
    if (request.method != "POST") return no_such_method("POST");
    RetentionStep step;
    const bool whole = take_number(rest, step.from) && take_number(rest, step.count) &&
                       rest.empty() && step.count > 0 && step.count <= retention_step_max;
    if (!whole) return refusal(400, Fault::invalid_input, "expected run/FROM/COUNT/");
    auto by = decided_by_from_json(request.body);
    if (!by) return refusal(by.error());
    const auto run = desk.run_retention(*by, step);
    auto reply = run ? DeskReply{.body = retention_run_json(*run)} : refusal(run.error());
    if (!run && run.error().fault == Fault::invalid_input) reply.status = 409;
    reply.by = std::move(by->name);
    return reply;
}

DeskReply report(const DeskRequest& request, const Desk& desk) {
    if (!reads(request)) return no_such_method("GET");
    const auto filter = filter_of(request);
    if (!filter) return refusal(filter.error());
    if (request.query.size() != 1 || !filter->since)
        return refusal(400, Fault::invalid_input, "expected since, and nothing else");
    const auto found = desk.report(*filter->since);
    return found ? DeskReply{.body = report_json(*found)} : refusal(found.error());
}

}  // namespace

DeskReply answer(const DeskRequest& request, Desk& desk, const StatusJson& status) {
    const auto is_list = request.path == cases_path;
    if (request.path == report_path) return report(request, desk);
    if (!is_list && !request.query.empty())
        return refusal(400, Fault::invalid_input, "only /v1/cases and /v1/report take a query");
    if (is_list) return list(request, desk);
    if (request.path == "/v1/status")
        return reads(request) ? DeskReply{.body = status()} : no_such_method("GET");
    if (request.path == breaker_path) return breaker(request, desk);
    if (request.path == std::string(breaker_path) + "/reset") return reset(request, desk);
    if (request.path == retention_path) return retention(request, desk);
    if (request.path.starts_with(retention_run_path))
        return run_retention(request, desk, request.path.substr(retention_run_path.size()));
    if (request.path.starts_with(cases_path) && request.path.substr(cases_path.size(), 1) == "/")
        return of_case(request, desk, request.path.substr(cases_path.size() + 1));
    return no_such_route(request);
}

DeskReply refusal(const Error& error) {
    return {.status = status_of(error.fault), .body = error_json(error)};
}

}  // namespace bailiff
