// Several cases of one account on a panel that keeps one reason a thing: whatever the order in which
// they are ended, each thing stands as the cases that are left want it, and at last as before.
#include "tests/panel/shelf_panel.hpp"
#include "tests/pipeline/carry_out_world.hpp"

#include <gmock/gmock.h>

#include <random>

namespace bailiff {
namespace {

using namespace test;
using panel::Look;
using testing::HasSubstr;
using testing::Not;
using K = ActionKind;
using Kinds = std::vector<ActionKind>;

const std::vector<Kinds> paths{{K::service_suspend},
                               {K::service_terminate},
                               {K::account_suspend},
                               {K::service_suspend, K::account_suspend},
                               {K::service_terminate, K::account_suspend},
                               {K::service_suspend, K::service_terminate}};
/// What the services svc-a and svc-b and their account stand for.
const std::vector<std::map<std::string, std::vector<std::string>>> maps{
    {{"svc-a", {"a"}}, {"svc-b", {"b"}}, {"acc-1", {"a", "b"}}},
    {{"svc-a", {"a"}}, {"svc-b", {"b"}}, {"acc-1", {"b"}}},
    {{"svc-a", {"a"}}, {"svc-b", {"a"}}, {"acc-1", {"a", "b"}}},
    {{"svc-a", {"a", "b"}}, {"svc-b", {"b"}}, {"acc-1", {"a", "b"}}}};
const std::vector<Look> befores{{Look::Stand::active, {}, {}, false},
                                {Look::Stand::active, {}, {}, true},
                                {Look::Stand::suspended, {}, "unpaid", false}};

struct Incident {
    int number = 0;
    std::string service;
    Kinds kinds;
    bool stands = true;
};

class Reasons {
public:
    Reasons(std::size_t map, const Look& before) : before_(before) {
        shelf_.add("a", before);
        shelf_.add("b");
        shelf_.services = maps[map];
        shelf_.of_account = maps[map].at("acc-1");
        world.effect = &effect_;
    }
    void open(const std::string& service, const Kinds& kinds) {
        const auto number = static_cast<int>(incidents_.size()) + 1;
        incidents_.push_back({number, service, kinds});
        std::string path = "path of " + std::to_string(number);
        world.open_case(number, service, kinds, std::move(path));
        world.run_to_the_end();
    }
    void reinstate(int number) {
        incidents_[static_cast<std::size_t>(number) - 1].stands = false;
        ASSERT_TRUE(world.decide(number, Decision::reinstate));
        world.run_to_the_end();
        for (const auto& action : world.actions(World::case_id(number)))
            EXPECT_NE(action.state, ActionState::dead)
                << to_text(action.kind) << ": " << action.detail << "\n"
                << seen();
    }
    /// How the things stand, and how they should.
    [[nodiscard]] std::string seen() const { return text_of("a") + " " + text_of("b"); }
    [[nodiscard]] std::string wanted() const { return want_of("a") + " " + want_of("b"); }

    World world;

private:
    // Whose a suspension is counts only when no case wants it.
    [[nodiscard]] std::string text_of(const std::string& name) const {
        const auto& look = shelf_.things.at(name);
        auto text = panel::state_of(look, K::service_terminate);
        const bool stands = look.stand == Look::Stand::suspended;
        return stands && claim_on(name) == Standing::active ? text + " for " + look.reason : text;
    }
    [[nodiscard]] std::string want_of(const std::string& name) const {
        const auto want = claim_on(name);
        if (want != Standing::active) return std::string(to_text(want));
        if (name != "a") return "active";
        if (before_.stand == Look::Stand::suspended) return "suspended for " + before_.reason;
        return before_.mail_stopped.value_or(false) ? "mail_suspended" : "active";
    }
    [[nodiscard]] Standing claim_on(const std::string& name) const {
        auto want = Standing::active;
        for (const auto& incident : incidents_) {
            for (const auto kind : incident.stands ? incident.kinds : Kinds{}) {
                const auto& names = kind == K::account_suspend
                                        ? shelf_.of_account
                                        : shelf_.services.at(incident.service);
                if (std::ranges::count(names, name) > 0) want = std::max(want, standing_by(kind));
            }
        }
        return want;
    }

    Look before_;
    panel::ShelfPanel shelf_;
    panel::ShelfPanelEffect effect_{shelf_};
    std::vector<Incident> incidents_;
};

TEST(PanelReasons, of_two_cases_lead_back_whichever_ends_first) {
    int told = 0;
    for (std::size_t map = 0; map < maps.size(); ++map)
        for (const auto& before : befores)
            for (const auto& first : paths)
                for (const auto& second : paths)
                    for (const auto* const service : {"svc-a", "svc-b"})
                        for (const int goes : {1, 2}) {
                            Reasons reasons(map, before);
                            reasons.open("svc-a", first);
                            reasons.open(service, second);
                            EXPECT_EQ(reasons.seen(), reasons.wanted());
                            reasons.reinstate(goes);
                            EXPECT_EQ(reasons.seen(), reasons.wanted());
                            reasons.reinstate(3 - goes);
                            EXPECT_EQ(reasons.seen(), reasons.wanted());
                            if (!HasFailure()) continue;
                            ADD_FAILURE()
                                << "map " << map << ", before "
                                << panel::state_of(before, K::service_terminate) << ", paths "
                                << &first - paths.data() << " and " << &second - paths.data()
                                << ", " << service << ", first back " << goes
                                << "\n1: " << reasons.world.states(1)
                                << "\n2: " << reasons.world.states(2);
                            if (++told == 1) return;
                        }
}

TEST(PanelReasons, do_not_keep_what_a_case_wants_without_the_guard) {
    Reasons reasons(0, befores[0]);
    setenv("BAILIFF_REMOVE_GUARD", "other_cases_keep_theirs", 1);
    reasons.open("svc-a", {K::service_terminate});
    reasons.open("svc-b", {K::account_suspend});
    reasons.reinstate(1);
    EXPECT_NE(reasons.seen(), reasons.wanted());
}

TEST(PanelReasons, of_four_cases_lead_back_in_any_order) {
    for (unsigned seed = 0; seed < 500; ++seed) {
        std::minstd_rand chance(seed + 1);
        const auto below = [&](std::size_t end) { return chance() / 7 % end; };
        Reasons reasons(below(maps.size()), befores[below(befores.size())]);
        std::vector<int> open;
        std::string story;
        for (int opened = 0; opened < 4 || !open.empty();) {
            if (opened < 4 && (open.empty() || below(2) == 0)) {
                const auto path = below(paths.size());
                const std::string service = below(2) == 0 ? "svc-a" : "svc-b";
                story += " open " + service + " path " + std::to_string(path);
                reasons.open(service, paths[path]);
                open.push_back(++opened);
            } else {
                const auto which = static_cast<std::ptrdiff_t>(below(open.size()));
                story += " back " + std::to_string(open[static_cast<std::size_t>(which)]);
                reasons.reinstate(open[static_cast<std::size_t>(which)]);
                open.erase(open.begin() + which);
            }
            ASSERT_EQ(reasons.seen(), reasons.wanted()) << "seed " << seed << ":" << story;
            ASSERT_FALSE(HasFailure()) << "seed " << seed << ":" << story;
        }
    }
}

}  // namespace
}  // namespace bailiff
