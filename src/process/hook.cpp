#include "src/process/hook.hpp"

#include "src/process/hook_file.hpp"
#include "src/process/hook_json.hpp"
#include "src/process/one_line.hpp"
#include "src/process/run.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace bailiff {

namespace {

using namespace process;

// Of <sysexits.h>: the hook contract names them by number.
constexpr int exit_done = 0;
constexpr int exit_never = 65;  // EX_DATAERR
constexpr int exit_retry = 75;  // EX_TEMPFAIL

const HookSettings* hook_for(const std::vector<HookSettings>& hooks, ActionKind kind) {
    const auto found = std::ranges::find_if(
        hooks, [&](const HookSettings& hook) { return std::ranges::count(hook.kinds, kind) > 0; });
    return found == hooks.end() ? nullptr : &*found;
}

struct Call {
    const std::vector<HookSettings>& hooks;
    std::chrono::milliseconds term_grace;
    const std::string& turn_file;
    const char* verb;
};

/// Any hook may be the one that a killed enforcer has left: none outlasts the longest deadline.
std::optional<Turn> turn_of(const Call& how) {
    if (how.turn_file.empty()) return std::nullopt;
    std::chrono::milliseconds longest{};
    for (const auto& hook : how.hooks) longest = std::max(longest, hook.deadline);
    return Turn{.path = how.turn_file, .overdue = longest + 2 * how.term_grace};
}

Ran call(const Call& how, const Order& order) {
    Ran ran;
    const auto* hook = hook_for(how.hooks, order.kind);
    if (hook == nullptr) {
        ran.why = "no hook is configured for " + std::string(to_text(order.kind));
        return ran;
    }
    if (auto checked = check_hook_file(hook->command); !checked) {
        ran.why = std::move(checked).error().what;
        return ran;
    }
    return run({.path = hook->command,
                .arguments = {how.verb},
                .environment = {"BAILIFF_HOOK_VERSION=1"},
                .input = to_hook_json(order),
                .turn = turn_of(how),
                .deadline = hook->deadline,
                .term_grace = how.term_grace});
}

std::string ending(const Ran& ran) {
    switch (ran.end) {
        case Ran::End::not_started:
            return "not started: " + ran.why;
        case Ran::End::exited:
            return "exit " + std::to_string(ran.code);
        case Ran::End::killed:
            return "killed by signal " + std::to_string(ran.code);
        case Ran::End::late:
            return "deadline passed, process group ended";
    }
    return "";
}

// How it ended, and what it said about it: standard error first, that is where reasons go.
std::string describe(const Ran& ran) {
    const auto said = one_line(ran.errors.empty() ? ran.output : ran.errors);
    std::string text = ending(ran);
    if (ran.cut) text += " (output cut)";
    if (!said.empty()) text += ": " + said;
    return one_line(text);
}

Outcome::Kind kind_of(const Ran& ran) {
    if (ran.end == Ran::End::not_started) return Outcome::Kind::retry;
    if (ran.end != Ran::End::exited) return Outcome::Kind::unknown;
    if (ran.code == exit_done) return Outcome::Kind::done;
    if (ran.code == exit_retry) return Outcome::Kind::retry;
    if (ran.code == exit_never) return Outcome::Kind::never;
    return Outcome::Kind::unknown;
}

Outcome outcome_of(const Ran& ran) {
    return {kind_of(ran), describe(ran)};
}

}  // namespace

HookEffect::HookEffect(std::vector<HookSettings> hooks, std::chrono::milliseconds term_grace,
                       std::string turn_file)
    : hooks_(std::move(hooks)), term_grace_(term_grace), turn_file_(std::move(turn_file)) {}

bool HookEffect::knows(ActionKind kind) const {
    return hook_for(hooks_, kind) != nullptr;
}

Outcome HookEffect::act(const Order& order) {
    return outcome_of(call({hooks_, term_grace_, turn_file_, "act"}, order));
}

Outcome HookEffect::undo(const Order& order) {
    return outcome_of(call({hooks_, term_grace_, turn_file_, "undo"}, order));
}

Result<std::optional<std::string>> HookEffect::state(const Order& order) {
    if (!knows(order.kind)) return std::optional<std::string>();
    const auto ran = call({hooks_, term_grace_, turn_file_, "state"}, order);
    if (ran.end != Ran::End::exited || ran.code == exit_retry)
        return fail(Fault::unavailable, "asking for the state: " + describe(ran));
    if (ran.code != exit_done) return std::optional<std::string>();
    return state_from_hook_json(ran.output);
}

}  // namespace bailiff
