#pragma once
// A panel in memory which keeps one reason a thing, as panels do: the things of one account.

#include "src/panel/panel_api.hpp"
#include "src/panel/standing.hpp"
#include "src/panel/stop_effect.hpp"
#include "tests/panel/scripted_http.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace bailiff::panel {

struct ShelfPanel {
    std::map<std::string, Look> things;
    std::map<std::string, std::vector<std::string>> services;  ///< id → names of things
    std::vector<std::string> of_account;                       ///< names of the account's

    void add(const std::string& name, Look look = {Look::Stand::active, {}, {}, false}) {
        things[name] = std::move(look);
    }
};

class ShelfPanelApi final : public PanelApi {
public:
    explicit ShelfPanelApi(ShelfPanel& shelf) : shelf_(shelf) {}

    Result<std::vector<Thing>> find(const Calls&, const Order& order) override {
        std::vector<Thing> found;
        if (row_of(order.kind).target == ActionTarget::account) {
            for (const auto& name : shelf_.of_account) found.push_back({name, shelf_.things[name]});
            return found;
        }
        BAILIFF_TRY(const auto names, names_of_service(order.target));
        for (const auto& name : names) found.push_back({name, shelf_.things[name]});
        return found;
    }
    Result<std::vector<std::string>> names_of_service(const std::string& service) const override {
        const auto found = shelf_.services.find(service);
        if (found == shelf_.services.end()) return fail(Fault::invalid_input, "not in the map");
        return found->second;
    }
    bool is_of_account(const std::string&, const std::string& name) const override {
        return std::ranges::count(shelf_.of_account, name) > 0;
    }
    Result<Look> look(const Calls&, const std::string& name) override {
        return shelf_.things[name];
    }
    Result<std::string> objection(const Calls&, const std::string&) override {
        return std::string();
    }
    Done suspend(const Calls&, const std::string& name, const std::string& reason) override {
        auto& look = shelf_.things[name];
        look.stand = Look::Stand::suspended;
        look.reason = reason;
        return {Done::Kind::done, "ok"};
    }
    Done lift(const Calls&, const std::string& name) override {
        auto& look = shelf_.things[name];
        look.stand = Look::Stand::active;
        look.reason.clear();
        return {Done::Kind::done, "ok"};
    }
    Done stop_mail(const Calls&, const std::string& name) override { return mail(name, true); }
    Done let_mail_go(const Calls&, const std::string& name) override { return mail(name, false); }
    Done destroy(const Calls&, const std::string& name) override {
        shelf_.things[name].stand = Look::Stand::purged;
        return {Done::Kind::done, "ok"};
    }

private:
    Done mail(const std::string& name, bool stopped) {
        shelf_.things[name].mail_stopped = stopped;
        return {Done::Kind::done, "ok"};
    }
    ShelfPanel& shelf_;
};

/// What really carries out, on such a panel.
class ShelfPanelEffect final : public Effect {
public:
    explicit ShelfPanelEffect(ShelfPanel& shelf)
        : stops_(std::make_unique<ShelfPanelApi>(shelf),
                 {[this] { return Calls(bench_.http, bench_.clock, bench_.settings); }, true}) {}

    [[nodiscard]] bool knows(ActionKind kind) const override { return stops_.knows(kind); }
    Outcome act(const Order& order) override { return stops_.act(order); }
    Outcome undo(const Order& order) override { return stops_.undo(order); }
    Result<std::optional<std::string>> state(const Order& order) override {
        return stops_.state(order);
    }

private:
    Bench bench_{"whm"};
    StopEffect stops_;
};

}  // namespace bailiff::panel
