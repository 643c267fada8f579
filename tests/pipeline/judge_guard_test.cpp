// Guards of the stations, each taken away once: the wrong thing happens then, and only then.
#include <bailiff/limits.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "tests/pipeline/judge_world.hpp"

#ifdef BAILIFF_REMOVABLE_GUARDS

namespace bailiff::judging {
namespace {

class Without {
public:
    explicit Without(Guard guard) {
        setenv("BAILIFF_REMOVE_GUARD", std::string(to_text(guard)).c_str(), 1);
    }
    ~Without() { unsetenv("BAILIFF_REMOVE_GUARD"); }
    Without(const Without&) = delete;
    Without& operator=(const Without&) = delete;
};

/// True when a service was touched that should not have been.
struct Row {
    Guard guard;
    std::function<bool()> harms;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << to_text(row.guard);
}

const Findings mixed{{FamilySet(Family::rules) | Family::rspamd, "META", 9000, ""},
                     {Family::behaviour, "RATE", 3500, ""}};
const Findings trap{{Family::reputation, "TRAP_RECIPIENT", 9000, ""},
                    {Family::behaviour, "RATE", 3500, ""}};

bool punishes(World& world, const Submission& submission) {
    (void)world.judge.judge(submission);
    return !world.actions().empty();
}

bool mixed_meta() {
    World world(settings(Mode::enforce), mixed, {});
    return punishes(world, by_login("shop@shop.example"));
}
bool one_witness() {
    World world(settings(Mode::enforce), spam, {});
    return punishes(world, by_login("shop@shop.example"));
}
bool trap_and_rate() {
    World world(settings(Mode::enforce), trap, {});
    return punishes(world, by_login("shop@shop.example"));
}
bool late() {
    World world(settings(Mode::enforce), spam, more_spam);
    world.rspamd.delay = limits::judge_wait_max + std::chrono::seconds(1);
    return punishes(world, by_login("shop@shop.example"));
}
bool stale_directory() {
    World world(settings(Mode::enforce), spam, more_spam);
    world.clock.pass(limits::directory_age_max + std::chrono::hours(1));
    return punishes(world, by_login("shop@shop.example"));
}
bool asserted() {
    World world(settings(Mode::enforce), spam, more_spam);
    auto submission = mail(Door::local, "", {});
    submission.raw = "X-PHP-Originating-Script: 33002:form.php\r\n" + submission.raw;
    return punishes(world, submission);
}
/// The panel gives the id of a former spammer to a new customer (fault G17).
bool new_customer_inherits() {
    World world(settings(Mode::enforce), {}, {},
                {service("s1", "new@shop.example", "33001", "2026-05-01")});
    const auto former = service("s1", "", "", "2020-01-01");
    (void)world.ledger.update([&](LedgerTxn& txn) -> Result<void> {
        return txn.put_standing(former.ref(), {Standing::terminated, {}, {}});
    });
    return world.judge.admit(by_login("new@shop.example").envelope).kind == Reply::Kind::reject;
}

class GuardsOfTheStations : public testing::TestWithParam<Row> {};
INSTANTIATE_TEST_SUITE_P(Judge, GuardsOfTheStations,
                         testing::Values(Row{Guard::mixed_meta_lifts_nobody, mixed_meta},
                                         Row{Guard::two_witnesses, one_witness},
                                         Row{Guard::trap_is_never_enough, trap_and_rate},
                                         Row{Guard::late_is_review_only, late},
                                         Row{Guard::directory_must_be_fresh, stale_directory},
                                         Row{Guard::only_proven_is_punished, asserted},
                                         Row{Guard::creation_time_counts, new_customer_inherits}),
                         [](const auto& row) { return std::string(to_text(row.param.guard)); });

TEST_P(GuardsOfTheStations, keep_a_wrong_service_from_harm) {
    {
        const Without guard(GetParam().guard);
        EXPECT_TRUE(GetParam().harms()) << "without the guard nothing wrong happens: no test";
    }
    EXPECT_FALSE(GetParam().harms());
}

}  // namespace
}  // namespace bailiff::judging

#endif
