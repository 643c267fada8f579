// What every Ledger does, on LMDB and in memory alike.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bailiff/limits.hpp>
#include <functional>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "lmdb/ledger.hpp"
#include "src/memory/ledger.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;

struct Kind {
    std::string name;
    std::function<std::unique_ptr<Ledger>(const std::string& path)> make;
};
std::ostream& operator<<(std::ostream& out, const Kind& kind) {
    return out << kind.name;
}

const Kind kinds[] = {
    {"lmdb",
     [](const std::string& path) -> std::unique_ptr<Ledger> {
         return LmdbLedger::open({.path = path, .role = "milter", .map_bytes = 64U << 20}).value();
     }},
    {"memory",
     [](const std::string&) -> std::unique_ptr<Ledger> {
         return std::make_unique<MemoryLedger>();
     }},
};

class LedgerContract : public testing::TestWithParam<Kind> {
protected:
    using Put = std::function<Result<void>(LedgerTxn&)>;
    void write(const Put& put) {
        const auto done = ledger->update(put);
        ASSERT_TRUE(done) << done.error().what;
    }
    /// What `ask` finds in one read transaction.
    template <class Ask>
    auto seen(const Ask& ask) {
        using Answer = std::decay_t<decltype(*ask(std::declval<const LedgerView&>()))>;
        Result<Answer> answer = fail(Fault::internal, "never asked");
        EXPECT_TRUE(ledger->read([&](const LedgerView& view) -> Result<void> {
            answer = ask(view);
            return {};
        }));
        return answer;
    }
    std::vector<std::string> listed(const CaseFilter& filter) {
        std::vector<std::string> ids;
        const auto found = seen([&](const LedgerView& view) { return view.cases(filter); });
        for (const auto& record : *found) ids.push_back(record.id.text());
        return ids;
    }
    std::vector<std::string> outbox(std::size_t count = 100) {
        std::vector<std::string> ids;
        const auto found = seen([&](const LedgerView& view) { return view.outbox(count); });
        for (const auto& action : *found) ids.push_back(action.id.text());
        return ids;
    }
    LedgerStats stats() {
        return seen([](const LedgerView& view) { return view.stats(); }).value();
    }

    TempDir dir;
    std::unique_ptr<Ledger> ledger = GetParam().make(dir / "ledger");
};

INSTANTIATE_TEST_SUITE_P(Each, LedgerContract, testing::ValuesIn(kinds),
                         [](const auto& row) { return row.param.name; });

TEST_P(LedgerContract, knows_nothing_at_first) {
    EXPECT_EQ(seen([](auto& v) { return v.find_case(case_id(1)); })->has_value(), false);
    EXPECT_EQ(seen([](auto& v) { return v.find_action(action_id(1)); })->has_value(), false);
    EXPECT_EQ(seen([](auto& v) { return v.message(case_id(1)); }).error().fault, Fault::not_found);
    EXPECT_EQ(seen([](auto& v) { return v.standing(service_ref("web-1")); })->standing,
              Standing::active);
    EXPECT_EQ(seen([](auto& v) { return v.leaves(0, 9); })->size(), 0U);
    EXPECT_EQ(seen([](auto& v) { return v.find_case({}); })->has_value(), false);
    EXPECT_EQ(stats().cases, 0U);
}

TEST_P(LedgerContract, gives_back_a_case_with_all_its_parts) {
    write([](LedgerTxn& txn) { return write_incident(txn, 1); });
    const auto found = seen([](auto& v) { return v.find_case(case_id(1)); }).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->proofs, full_case(1).proofs);
    EXPECT_EQ(found->verdict.findings, full_case(1).verdict.findings);
    EXPECT_EQ(found->held, full_case(1).held);
    EXPECT_EQ(seen([](auto& v) { return v.message(case_id(1)); }).value(), "message 1");
    EXPECT_EQ(seen([](auto& v) { return v.find_action(action_id(1)); }).value(), full_action(1, 1));
    EXPECT_EQ(inconsistencies(*ledger), "");
}

TEST_P(LedgerContract, lists_cases_newest_first) {
    for (const auto number : {2U, 1U, 3U})
        write([&](LedgerTxn& txn) { return txn.put_case(full_case(number)); });
    EXPECT_EQ(listed({}), (std::vector{case_id(3).text(), case_id(2).text(), case_id(1).text()}));
    EXPECT_EQ(listed({.state = {}, .service = {}, .count = 1}), std::vector{case_id(3).text()});
    EXPECT_EQ(listed({.state = {}, .service = {}, .count = 0}), std::vector<std::string>{});
}

TEST_P(LedgerContract, lists_cases_by_state_and_service) {
    for (unsigned number = 0; number < 9; ++number)
        write([&](LedgerTxn& txn) {
            auto record = full_case(number);
            if (number >= 6) record.state = CaseState::released;
            return txn.put_case(record);
        });
    const auto one = id<ServiceId>("web-1");
    EXPECT_EQ(listed({.state = CaseState::released, .service = {}, .count = 100}).size(), 3U);
    EXPECT_EQ(listed({.state = {}, .service = one, .count = 100}),
              (std::vector{case_id(7).text(), case_id(4).text(), case_id(1).text()}));
    EXPECT_EQ(listed({.state = CaseState::open, .service = one, .count = 1}),
              std::vector{case_id(4).text()});
    EXPECT_EQ(listed({.state = {}, .service = id<ServiceId>("web-"), .count = 9}).size(), 0U);
}

TEST_P(LedgerContract, moves_a_case_in_its_listings_when_it_changes) {
    write([](LedgerTxn& txn) { return txn.put_case(full_case(1)); });
    auto changed = full_case(1);
    changed.opened = at_ms(5);
    changed.service = service_ref("web-9");
    changed.path = "review";
    changed.fingerprint = digest(9);
    write([&](LedgerTxn& txn) { return txn.put_case(changed); });
    EXPECT_EQ(listed({}).size(), 1U);
    EXPECT_EQ(listed({.state = {}, .service = id<ServiceId>("web-1"), .count = 9}).size(), 0U);
    const auto before = full_case(1);
    const auto by_print = [](const Digest& digest) {
        return [&digest](const LedgerView& v) { return v.case_by_fingerprint(digest); };
    };
    EXPECT_EQ(seen(by_print(before.fingerprint)).value(), std::nullopt);
    EXPECT_EQ(seen(by_print(changed.fingerprint)).value(), changed.id);
    EXPECT_EQ(seen([&](auto& v) { return v.open_case(before.service, before.path); }).value(),
              std::nullopt);
    EXPECT_EQ(seen([&](auto& v) { return v.open_case(changed.service, "review"); }).value(),
              changed.id);
}

TEST_P(LedgerContract, names_the_newest_case_of_a_fingerprint) {
    for (const auto number : {1U, 3U, 2U})
        write([&](LedgerTxn& txn) {
            auto record = full_case(number);
            record.fingerprint = digest(4);
            return txn.put_case(record);
        });
    EXPECT_EQ(seen([](auto& v) { return v.case_by_fingerprint(digest(4)); }).value(), case_id(3));
    EXPECT_EQ(seen([](auto& v) { return v.case_by_fingerprint(digest(5)); }).value(), std::nullopt);
}

TEST_P(LedgerContract, joins_nothing_without_a_fingerprint) {
    auto record = full_case(1);
    record.fingerprint = {};
    write([&](LedgerTxn& txn) { return txn.put_case(record); });
    EXPECT_EQ(seen([](auto& v) { return v.case_by_fingerprint({}); }).value(), std::nullopt);
}

TEST_P(LedgerContract, names_the_open_case_of_service_and_path) {
    const auto open_of = [this](const ServiceRef& service, std::string_view path) {
        return seen([&](auto& v) { return v.open_case(service, path); }).value();
    };
    auto first = full_case(3), second = full_case(6);  // both of web-0
    write([&](LedgerTxn& txn) { return txn.put_case(first); });
    write([&](LedgerTxn& txn) { return txn.put_case(second); });
    EXPECT_EQ(open_of(first.service, "zero_tolerance"), second.id);
    EXPECT_EQ(open_of(first.service, "zero_toleranc"), std::nullopt);
    EXPECT_EQ(open_of(service_ref("web-0", 2'000), "zero_tolerance"), std::nullopt);  // fault G17
    second.state = CaseState::rejected;
    write([&](LedgerTxn& txn) { return txn.put_case(second); });
    EXPECT_EQ(open_of(first.service, "zero_tolerance"), first.id);
    first.state = CaseState::reinstated;
    write([&](LedgerTxn& txn) { return txn.put_case(first); });
    EXPECT_EQ(open_of(first.service, "zero_tolerance"), std::nullopt);
}

TEST_P(LedgerContract, keeps_open_cases_of_nobody_and_of_long_paths) {
    auto nobody = full_case(1);
    nobody.service = {};
    nobody.path = std::string(2'000, 'p');  // fault E14
    write([&](LedgerTxn& txn) { return txn.put_case(nobody); });
    EXPECT_EQ(seen([&](auto& v) { return v.open_case({}, nobody.path); }).value(), nobody.id);
    EXPECT_EQ(seen([&](auto& v) { return v.open_case({}, nobody.path + "p"); }).value(),
              std::nullopt);
}

TEST_P(LedgerContract, replaces_a_message_and_bounds_it) {
    const std::string binary("\0\xff\r\n", 4);
    write([&](LedgerTxn& txn) { return txn.put_message(case_id(1), "first"); });
    write([&](LedgerTxn& txn) { return txn.put_message(case_id(1), binary); });
    EXPECT_EQ(seen([](auto& v) { return v.message(case_id(1)); }).value(), binary);
    write([](LedgerTxn& txn) { return txn.put_message(case_id(2), ""); });
    EXPECT_EQ(seen([](auto& v) { return v.message(case_id(2)); }).value(), "");
    const std::string huge(limits::message_bytes_max + 1, 'x');
    const auto done = ledger->update([&](LedgerTxn& t) { return t.put_message(case_id(3), huge); });
    EXPECT_EQ(done.error().fault, Fault::exhausted);
}

TEST_P(LedgerContract, tells_standings_of_services_and_accounts_apart) {
    const StandingRow held{Standing::held, case_id(1), at_ms(5)};
    const StandingRow ended{Standing::terminated, case_id(2), at_ms(6)};
    write([&](LedgerTxn& txn) { return txn.put_standing(service_ref("x", 1), held); });
    write([&](LedgerTxn& txn) { return txn.put_standing(id<AccountId>("x"), ended); });
    EXPECT_EQ(seen([](auto& v) { return v.standing(service_ref("x", 1)); }).value(), held);
    EXPECT_EQ(seen([](auto& v) { return v.standing(id<AccountId>("x")); }).value(), ended);
    EXPECT_EQ(seen([](auto& v) { return v.standing(service_ref("x", 2)); }).value(), StandingRow{});
    write([&](LedgerTxn& txn) { return txn.put_standing(service_ref("x", 1), ended); });
    EXPECT_EQ(seen([](auto& v) { return v.standing(service_ref("x", 1)); }).value(), ended);
}

TEST_P(LedgerContract, lists_actions_of_a_case_by_sequence) {
    for (const auto number : {30U, 10U, 20U})
        write([&](LedgerTxn& txn) { return txn.put_action(full_action(number, 1)); });
    write([&](LedgerTxn& txn) { return txn.put_action(full_action(5, 2)); });
    const auto found = seen([](auto& v) { return v.actions_of(case_id(1)); }).value();
    EXPECT_EQ(found, (std::vector{full_action(10, 1), full_action(20, 1), full_action(30, 1)}));
}

TEST_P(LedgerContract, keeps_due_and_running_actions_in_the_outbox) {
    std::vector<Action> actions;
    for (unsigned state = 0; state < 9; ++state) {
        actions.push_back(full_action(state, 1));
        actions.back().state = static_cast<ActionState>(state);
        actions.back().due = at_ms(-static_cast<std::int64_t>(state));
        write([&](LedgerTxn& txn) { return txn.put_action(actions.back()); });
    }
    EXPECT_EQ(outbox(), (std::vector{action_id(1).text(), action_id(0).text()}));
    EXPECT_EQ(outbox(1), std::vector{action_id(1).text()});
    EXPECT_EQ(stats().outbox, 2U);
    EXPECT_EQ(stats().waiting, 3U);
}

TEST_P(LedgerContract, moves_an_action_in_the_outbox_when_it_changes) {
    auto action = full_action(1, 1);
    write([&](LedgerTxn& txn) { return txn.put_action(action); });
    write([&](LedgerTxn& txn) { return txn.put_action(full_action(2, 1)); });
    action.due = full_action(3, 1).due;
    action.state = ActionState::running;
    write([&](LedgerTxn& txn) { return txn.put_action(action); });
    EXPECT_EQ(outbox(), (std::vector{action_id(2).text(), action_id(1).text()}));
    action.state = ActionState::dead;
    write([&](LedgerTxn& txn) { return txn.put_action(action); });
    EXPECT_EQ(outbox(), std::vector{action_id(2).text()});
    EXPECT_EQ(stats().waiting, 1U);
    action.state = ActionState::verified;
    write([&](LedgerTxn& txn) { return txn.put_action(action); });
    EXPECT_EQ(stats().waiting, 0U);
}

TEST_P(LedgerContract, keeps_what_an_effect_was) {
    const EffectRow row{at_ms(5),
                        action_id(1),
                        ActionKind::service_terminate,
                        AccountId::parse("acct-1").value(),
                        {"RULE_A", "RULE_B"}};
    write([&](LedgerTxn& txn) { return txn.count_effect(row); });
    EXPECT_EQ(seen([](auto& v) { return v.effects(at_ms(5), at_ms(5)); }).value(),
              std::vector{row});
    EXPECT_TRUE(seen([](auto& v) { return v.effects(at_ms(6)); }).value().empty());
    EXPECT_TRUE(seen([](auto& v) { return v.effects(at_ms(0), at_ms(4)); }).value().empty());
}

TEST_P(LedgerContract, has_one_breaker_which_begins_closed) {
    EXPECT_EQ(seen([](auto& v) { return v.breaker(); }).value(), ActionBreaker{});
    const ActionBreaker open{true, at_ms(7), "enforcer.actions_per_hour", "20 of 20", "", ""};
    write([&](LedgerTxn& txn) { return txn.put_breaker(open); });
    EXPECT_EQ(seen([](auto& v) { return v.breaker(); }).value(), open);
}

TEST_P(LedgerContract, knows_the_age_of_a_rule) {
    EXPECT_EQ(seen([](auto& v) { return v.rule_age("A"); }).value(), std::nullopt);
    const RuleAge age{digest(3), at_ms(9)};
    write([&](LedgerTxn& txn) { return txn.put_rule_age("A", age); });
    EXPECT_EQ(seen([](auto& v) { return v.rule_age("A"); }).value(), age);
    EXPECT_EQ(seen([](auto& v) { return v.rule_age("AB"); }).value(), std::nullopt);
}

TEST_P(LedgerContract, lists_cases_by_age_rule_and_path) {
    auto old = full_case(1), young = full_case(2);
    old.opened = at_ms(10);
    young.opened = at_ms(20);
    old.verdict.findings = {{Family::rules, "OLD_RULE", 5000, ""}};
    young.verdict.findings = {{Family::rules, "RULE", 5000, ""}, {FamilySet{}, "STATE", 0, ""}};
    young.path = "compromised";
    write([&](LedgerTxn& txn) -> Result<void> {
        BAILIFF_CHECK(txn.put_case(old));
        return txn.put_case(young);
    });
    const auto ids = [&](const CaseFilter& filter) {
        std::string text;
        const auto listed = seen([&](auto& v) { return v.cases(filter); });
        for (const auto& record : *listed) text += record.id == young.id ? "young " : "old ";
        return text;
    };
    EXPECT_EQ(ids({}), "young old ");
    EXPECT_EQ(ids({.since = at_ms(10)}), "young old ");
    EXPECT_EQ(ids({.since = at_ms(11)}), "young ");
    EXPECT_EQ(ids({.since = at_ms(21)}), "");
    EXPECT_EQ(ids({.rule = "OLD_RULE"}), "old ");
    EXPECT_EQ(ids({.rule = "STATE"}), "");
    EXPECT_EQ(ids({.path = "compromised"}), "young ");
}

TEST_P(LedgerContract, counts_effects_and_holds_from_an_instant_on) {
    for (const auto at : {10, 20, 30})
        write([&](LedgerTxn& txn) -> Result<void> {
            BAILIFF_CHECK(txn.count_effect({at_ms(at), action_id(1), {}, {}, {}}));
            BAILIFF_CHECK(txn.count_effect({at_ms(at), action_id(2), {}, {}, {}}));
            return txn.count_hold(case_id(1), at_ms(at));
        });
    EXPECT_EQ(seen([](auto& v) { return v.effects_since(at_ms(20)); }).value(), 4U);
    EXPECT_EQ(seen([](auto& v) { return v.effects_since(at_ms(-5)); }).value(), 6U);
    EXPECT_EQ(seen([](auto& v) { return v.effects_since(at_ms(-5), at_ms(20)); }).value(),
              6U - seen([](auto& v) { return v.effects_since(at_ms(21)); }).value());
    EXPECT_EQ(seen([](auto& v) { return v.effects_since(at_ms(20), at_ms(19)); }).value(), 0U);
    EXPECT_EQ(seen([](auto& v) { return v.holds_since(at_ms(21)); }).value(), 1U);
    EXPECT_EQ(seen([](auto& v) { return v.holds_since(at_ms(31)); }).value(), 0U);
}

TEST_P(LedgerContract, numbers_leaves_in_order) {
    std::vector<Leaf> want;
    for (std::uint8_t number = 0; number < 5; ++number) {
        want.push_back({"case", case_id(number).text(), digest(number), at_ms(100 - number)});
        write([&](LedgerTxn& txn) -> Result<void> {
            EXPECT_EQ(txn.append_leaf(want.back()), number);
            return {};
        });
    }
    EXPECT_EQ(seen([](auto& v) { return v.leaves(0, 100); }).value(), want);
    EXPECT_EQ(seen([](auto& v) { return v.leaves(3, 1); }).value(), std::vector{want[3]});
    EXPECT_EQ(seen([](auto& v) { return v.leaves(5, 1); })->size(), 0U);
    EXPECT_EQ(seen([](auto& v) { return v.leaves(UINT64_MAX, 1); })->size(), 0U);
    EXPECT_EQ(stats().leaves, 5U);
}

TEST_P(LedgerContract, keeps_exhibits_by_case_and_bag) {
    const Exhibit holder{std::string(holder_path), digest(1), 7};
    const Exhibit verdict{"5-analysis/verdict.json", digest(2), 9};
    write([&](LedgerTxn& txn) -> Result<void> {
        BAILIFF_CHECK(txn.put_exhibit(case_id(1), 0, verdict, "verdict"));
        BAILIFF_CHECK(txn.put_exhibit(case_id(1), 0, holder, "sealed holder"));
        BAILIFF_CHECK(txn.put_exhibit(case_id(1), 1, verdict, "later"));
        BAILIFF_CHECK(txn.put_exhibit(case_id(2), 0, verdict, "another's"));
        return txn.put_exhibit(case_id(1), 0, holder, "erased");
    });
    EXPECT_EQ(seen([](auto& v) { return v.exhibits(case_id(1), 0); }).value(),
              (std::vector{holder, verdict}));
    EXPECT_EQ(seen([](auto& v) { return v.exhibits(case_id(3), 0); })->size(), 0U);
    EXPECT_EQ(seen([](auto& v) { return v.exhibit(case_id(1), 0, holder_path); }).value(),
              "erased");
    EXPECT_EQ(seen([&](auto& v) { return v.exhibit(case_id(1), 1, verdict.path); }).value(),
              "later");
    EXPECT_EQ(seen([](auto& v) { return v.exhibit(case_id(1), 2, holder_path); }).error().fault,
              Fault::not_found);
}

TEST_P(LedgerContract, knows_which_seals_have_no_stamp) {
    auto pending = full_seal(1);
    pending.stamp.clear();
    write([&](LedgerTxn& txn) -> Result<void> {
        BAILIFF_CHECK(txn.put_seal(case_id(1), full_seal(0)));
        return txn.put_seal(case_id(1), pending);
    });
    EXPECT_EQ(seen([](auto& v) { return v.seals(case_id(1)); }).value(),
              (std::vector{full_seal(0), pending}));
    EXPECT_EQ(seen([](auto& v) { return v.seals(case_id(2)); })->size(), 0U);
    EXPECT_EQ(seen([](auto& v) { return v.unstamped(9); }).value(),
              (std::vector{Unstamped{case_id(1), 1}}));
    write([&](LedgerTxn& txn) { return txn.put_seal(case_id(1), full_seal(1)); });
    EXPECT_EQ(stats().unstamped, 0U);
}

TEST_P(LedgerContract, knows_which_cases_have_changed_since_their_seal) {
    write([](LedgerTxn& txn) { return txn.put_case(full_case(1)); });
    write([](LedgerTxn& txn) { return txn.put_action(full_action(2, 1)); });
    const auto unsealed = [&] { return seen([](auto& v) { return v.unsealed({}, 9); }).value(); };
    const auto of_action = full_action(2, 1).case_id;
    ASSERT_EQ(unsealed().size(), of_action == case_id(1) ? 1U : 2U);
    write([](LedgerTxn& txn) { return txn.put_case(full_case(1)); });
    const auto seen_first = unsealed().front();
    write([](LedgerTxn& txn) { return txn.put_case(full_case(1)); });
    write([&](LedgerTxn& txn) { return txn.set_sealed(case_id(1), seen_first.changes); });
    EXPECT_EQ(unsealed().front().changes, seen_first.changes + 1) << "one change was not covered";
    EXPECT_EQ(seen([](auto& v) { return v.changes_since_seal(case_id(1)); }).value(),
              seen_first.changes + 1);
    write([&](LedgerTxn& txn) { return txn.set_sealed(case_id(1), seen_first.changes + 1); });
    EXPECT_EQ(stats().unsealed, of_action == case_id(1) ? 0U : 1U);
    write([](LedgerTxn& txn) { return txn.put_case(full_case(1)); });
    write([](LedgerTxn& txn) { return txn.put_case(full_case(3)); });
    const auto behind = seen([](auto& v) { return v.unsealed(case_id(1), 9); }).value();
    for (const auto& one : behind) EXPECT_NE(one.case_id, case_id(1));
    EXPECT_FALSE(behind.empty());
}

TEST_P(LedgerContract, shows_a_transaction_its_own_writes) {
    write([](LedgerTxn& txn) -> Result<void> {
        BAILIFF_CHECK(write_incident(txn, 1));
        EXPECT_TRUE(txn.find_case(case_id(1))->has_value());
        EXPECT_EQ(txn.outbox(9)->size(), 1U);
        EXPECT_EQ(txn.leaves(0, 9)->size(), 1U);
        EXPECT_EQ(txn.holds_since(at_ms(0)).value(), 1U);
        EXPECT_EQ(txn.stats()->cases, 1U);
        EXPECT_EQ(txn.append_leaf({"case", "x", digest(1), at_ms(1)}), 1U);
        return {};
    });
    EXPECT_EQ(stats().leaves, 2U);
}

TEST_P(LedgerContract, leaves_no_trace_of_a_change_that_fails) {
    write([](LedgerTxn& txn) { return write_incident(txn, 1); });
    const auto before = dump(*ledger);
    const auto meddle = [](LedgerTxn& txn) -> Result<void> {
        auto changed = full_case(1);
        changed.state = CaseState::released;
        changed.fingerprint = digest(8);
        BAILIFF_CHECK(txn.put_case(changed));
        auto action = full_action(1, 1);
        action.state = ActionState::dead;
        BAILIFF_CHECK(txn.put_action(action));
        BAILIFF_CHECK(txn.put_message(case_id(1), "other"));
        BAILIFF_CHECK(txn.put_standing(changed.account, {Standing::purged, {}, {}}));
        BAILIFF_CHECK(txn.count_effect({at_ms(1), action_id(1), {}, {}, {}}));
        BAILIFF_CHECK(write_incident(txn, 4));  // of the same service
        return fail(Fault::unavailable, "on second thoughts");
    };
    const auto done = ledger->update(meddle);
    EXPECT_EQ(done.error().what, "on second thoughts");
    EXPECT_EQ(dump(*ledger), before);
}

TEST_P(LedgerContract, turns_an_exception_into_an_error_and_leaves_no_trace) {
    const auto before = dump(*ledger);
    const auto done = ledger->update([](LedgerTxn& txn) -> Result<void> {
        BAILIFF_CHECK(write_incident(txn, 1));
        throw std::runtime_error("no room");
    });
    EXPECT_EQ(done.error().fault, Fault::internal);
    EXPECT_EQ(dump(*ledger), before);
}

TEST_P(LedgerContract, refuses_records_without_an_id) {  // fault E14
    const Put puts[] = {
        [](LedgerTxn& txn) { return txn.put_case(Case{}); },
        [](LedgerTxn& txn) { return txn.put_action(Action{}); },
        [](LedgerTxn& txn) { return txn.put_message({}, "x"); },
        [](LedgerTxn& txn) { return txn.put_standing(ServiceRef{}, {}); },
        [](LedgerTxn& txn) { return txn.put_standing(AccountId{}, {}); },
        [](LedgerTxn& txn) {
            return txn.count_effect({at_ms(1), {}, {}, {}, {}});
        },
        [](LedgerTxn& txn) { return txn.count_hold({}, at_ms(1)); },
    };
    for (const auto& put : puts) EXPECT_EQ(ledger->update(put).error().fault, Fault::invalid_input);
}

TEST_P(LedgerContract, hands_on_the_error_of_a_look) {
    const auto done = ledger->read(
        [](const LedgerView&) -> Result<void> { return fail(Fault::not_found, "no"); });
    EXPECT_EQ(done.error().fault, Fault::not_found);
}

/// Writes 30 incidents, and fails after every third.
void write_some(Ledger& ledger, unsigned first, std::atomic<int>& refused) {
    for (unsigned number = first; number < first + 30; ++number) {
        const auto done = ledger.update([number](LedgerTxn& txn) -> Result<void> {
            BAILIFF_CHECK(write_incident(txn, number));
            if (number % 3 == 0) return fail(Fault::invalid_input, "every third");
            return {};
        });
        if (!done) ++refused;
    }
}

TEST_P(LedgerContract, takes_changes_of_many_threads_each_for_itself) {
    std::atomic<int> refused = 0;
    std::vector<std::thread> threads;
    for (unsigned thread = 0; thread < 8; ++thread)
        threads.emplace_back([&, thread] { write_some(*ledger, thread * 30, refused); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(refused, 80);
    EXPECT_EQ(stats().cases, 160U);
    EXPECT_EQ(inconsistencies(*ledger), "");
}

}  // namespace
}  // namespace bailiff
