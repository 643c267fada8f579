// Whose queued mail is held: fault of the wrong customer, once more at the second door.
#include "src/pipeline/queue_effect.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>

#include "src/memory/directory.hpp"
#include "tests/queue/fake_queue.hpp"

namespace bailiff {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr Instant today{std::chrono::seconds(1'795'000'100)};

class FixedClock final : public Clock {
public:
    Instant at = today;
    Instant now() const override { return at; }
    SteadyInstant steady() const override { return {}; }
};

class Notes final : public SentMail {
public:
    std::map<std::string, SentRow, std::less<>> rows;
    void note(std::string_view, const SentRow&) noexcept override {}
    Result<std::optional<SentRow>> find(std::string_view id) const override {
        const auto at = rows.find(id);
        return at == rows.end() ? std::optional<SentRow>{} : std::optional(at->second);
    }
};

Service service(const std::string& id, std::vector<Identity> identities) {
    Service made;
    made.id = ServiceId::parse(id).value();
    made.account = AccountId::parse("acct-" + id).value();
    made.created = Instant{std::chrono::seconds(1'700'000'000)};
    made.identities = std::move(identities);
    return made;
}

Identity login(const std::string& value) {
    return {IdentityKind::login, value, std::nullopt, std::nullopt};
}

struct World {
    Service shop = service("shop", {login("a@shop"),
                                    {IdentityKind::uid, "1000", std::nullopt, std::nullopt},
                                    {IdentityKind::client_ip, "192.0.2.50", std::nullopt, {}},
                                    {IdentityKind::domain, "shop.example", std::nullopt, {}}});
    Service blog = service(
        "blog", {login("b@blog"), {IdentityKind::client_ip, "192.0.2.50", std::nullopt, {}}});
    MemoryDirectory directory{{shop, blog}, today};
    test::FakeQueue queue;
    Notes notes;
    FixedClock clock;
    QueueEffect effect{queue, directory, &notes, clock};

    Order hold_shop() {
        Order order;
        order.kind = ActionKind::queue_hold;
        order.service = shop.id;
        order.target = "shop";
        order.decided = today - std::chrono::minutes(1);
        return order;
    }
    /// As carry_out does it: what is concerned is named, then acted upon.
    Outcome carry_out(Order order) {
        auto ids = effect.concerns(order);
        EXPECT_TRUE(ids) << ids.error().what;
        order.queue_ids = *ids;
        return effect.act(order);
    }
    std::vector<std::string> held() const {
        std::vector<std::string> ids;
        for (const auto& mail : queue.mails)
            if (!mail.deliverable()) ids.push_back(mail.queue_id);
        return ids;
    }
};

QueuedMail of_uid(const std::string& id, std::uint32_t uid) {
    auto mail = test::mail(id, "", "active");
    mail.client_address.clear();
    mail.uid = uid;
    return mail;
}

TEST(QueueEffect, asks_for_what_is_vouched_and_for_no_claim) {
    World world;
    (void)world.effect.concerns(world.hold_shop());
    EXPECT_THAT(world.queue.asked,
                UnorderedElementsAre(MailProof{IdentityKind::login, "a@shop"},
                                     MailProof{IdentityKind::uid, "1000"},
                                     MailProof{IdentityKind::client_ip, "192.0.2.50"}));
}

TEST(QueueEffect, holds_all_of_the_service_and_nothing_else) {
    World world;
    world.queue.mails = {test::mail("4A1", "a@shop"), test::mail("4A2", "a@shop", "active"),
                         of_uid("4A3", 1000),         test::mail("4B1", "b@blog"),
                         of_uid("4B2", 1001),         test::mail("4B3", "A@SHOP")};
    const auto outcome = world.carry_out(world.hold_shop());
    EXPECT_EQ(outcome.kind, Outcome::Kind::done);
    EXPECT_THAT(outcome.detail, HasSubstr("3 messages held"));
    EXPECT_THAT(outcome.detail, HasSubstr("2 may have been under way"));
    EXPECT_THAT(world.held(), ElementsAre("4A1", "4A2", "4A3"));
    EXPECT_EQ(world.effect.state(world.hold_shop()).value(), "held");
}

TEST(QueueGuard, queued_mail_is_attributed) {
    auto shared = test::mail("4C1", "");
    shared.client_address = "192.0.2.50";
    {
        World world;
        world.queue.mails = {shared};
        (void)world.carry_out(world.hold_shop());
        EXPECT_THAT(world.held(), ElementsAre());
    }
    setenv("BAILIFF_REMOVE_GUARD", "queued_mail_is_attributed", 1);
    {
        World world;
        world.queue.mails = {shared};
        (void)world.carry_out(world.hold_shop());
        EXPECT_THAT(world.held(), ElementsAre("4C1"));
    }
    unsetenv("BAILIFF_REMOVE_GUARD");
}

TEST(QueueEffect, leaves_alone_what_another_service_sent) {
    World world;
    world.queue.mails = {test::mail("4A1", "a@shop"), test::mail("4A2", "a@shop"),
                         test::mail("4A3", "a@shop")};
    const auto arrived = world.queue.mails[0].arrived;
    world.notes.rows["4A1"] = {world.shop.ref(), arrived};
    world.notes.rows["4A2"] = {world.blog.ref(), arrived + std::chrono::seconds(1)};
    // An older message that had the same id says nothing about this one.
    world.notes.rows["4A3"] = {world.blog.ref(), arrived - std::chrono::hours(30)};
    const auto outcome = world.carry_out(world.hold_shop());
    EXPECT_THAT(world.held(), ElementsAre("4A1", "4A3"));
    EXPECT_THAT(outcome.detail, HasSubstr("1 left alone"));
    EXPECT_EQ(world.effect.state(world.hold_shop()).value(), "held");
}

TEST(QueueEffect, looks_again_for_what_was_on_its_way_when_the_case_was_opened) {
    World world;
    auto order = world.hold_shop();
    order.decided = today - std::chrono::milliseconds(100);
    EXPECT_EQ(world.effect.state(order).value(), "settling");
    EXPECT_TRUE(world.carry_out(order).look_again);
    world.queue.mails = {test::mail("4A1", "a@shop", "incoming")};
    EXPECT_EQ(world.effect.state(order).value(), "deliverable");
    world.clock.at = today + std::chrono::seconds(3);
    EXPECT_EQ(world.effect.state(order).value(), "deliverable");
    EXPECT_FALSE(world.carry_out(order).look_again);
    EXPECT_EQ(world.effect.state(order).value(), "held");
}

TEST(QueueEffect, acts_on_what_the_case_names_only) {
    World world;
    world.queue.mails = {test::mail("4A1", "a@shop"), test::mail("4A2", "a@shop")};
    auto order = world.hold_shop();
    order.queue_ids = {"4A1"};
    (void)world.effect.act(order);
    EXPECT_THAT(world.held(), ElementsAre("4A1"));
    EXPECT_EQ(world.effect.state(order).value(), "deliverable");
}

TEST(QueueEffect, frees_or_deletes_one_held_message) {
    World world;
    world.queue.mails = {test::mail("4A1", "a@shop", "hold"), test::mail("4A2", "a@shop", "hold")};
    auto order = world.hold_shop();
    order.kind = ActionKind::queue_release;
    order.target = "4A1";
    EXPECT_EQ(world.effect.state(order).value(), "held");
    EXPECT_EQ(world.effect.act(order).kind, Outcome::Kind::done);
    EXPECT_EQ(world.effect.state(order).value(), "released");
    order.kind = ActionKind::queue_delete;
    order.target = "4A2";
    EXPECT_EQ(world.effect.state(order).value(), "held");
    EXPECT_EQ(world.effect.act(order).kind, Outcome::Kind::done);
    EXPECT_EQ(world.effect.state(order).value(), "deleted");
    EXPECT_EQ(world.queue.mails.size(), 1U);
}

TEST(QueueEffect, tries_again_while_the_role_or_the_directory_is_silent) {
    World world;
    world.queue.says = fail(Fault::unavailable, "the queue role is away");
    EXPECT_FALSE(world.effect.concerns(world.hold_shop()));
    auto order = world.hold_shop();
    order.queue_ids = {"4A1"};
    EXPECT_EQ(world.effect.act(order).kind, Outcome::Kind::retry);
    world.queue.says = fail(Fault::invalid_input, "expected enable_long_queue_ids = yes");
    EXPECT_EQ(world.effect.act(order).kind, Outcome::Kind::never);
    world.queue.says = {};
    order.service = ServiceId::parse("gone").value();
    EXPECT_FALSE(world.effect.concerns(order));
}

}  // namespace
}  // namespace bailiff
