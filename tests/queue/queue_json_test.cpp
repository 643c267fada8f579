#include "src/queue/queue_json.hpp"

#include <gmock/gmock.h>

#include "tests/queue/fake_queue.hpp"

namespace bailiff {
namespace {

TEST(QueueJson, carries_every_request) {
    for (const auto verb :
         {QueueVerb::list, QueueVerb::hold, QueueVerb::release, QueueVerb::remove}) {
        const QueueRequest asked{.verb = verb, .proofs = {}, .ids = {"4jXvm513T5z1dLjP"}};
        const auto heard = queue_request_from_json(to_json(asked));
        ASSERT_TRUE(heard) << heard.error().what;
        EXPECT_EQ(heard->verb, verb);
        EXPECT_EQ(heard->ids, asked.ids);
    }
    const QueueRequest list{.verb = QueueVerb::list,
                            .proofs = {{IdentityKind::login, "a \"b\"@c"},
                                       {IdentityKind::client_ip, "2001:db8::1"},
                                       {IdentityKind::uid, "1000"}},
                            .ids = {}};
    EXPECT_EQ(queue_request_from_json(to_json(list))->proofs, list.proofs);
}

class RefusedRequest : public testing::TestWithParam<std::string> {};

TEST_P(RefusedRequest, says_what_was_expected) {
    const auto heard = queue_request_from_json(GetParam());
    ASSERT_FALSE(heard);
    EXPECT_EQ(heard.error().fault, Fault::invalid_input);
    EXPECT_THAT(heard.error().what, testing::StartsWith("expected"));
}

INSTANTIATE_TEST_SUITE_P(
    Requests, RefusedRequest,
    testing::Values("", "[]", "{", "{}", R"({"v":2,"verb":"list"})", R"({"v":1})",
                    R"({"v":1,"verb":"purge"})", R"({"v":1,"verb":"hold","ids":["ALL"]})",
                    R"({"v":1,"verb":"hold","ids":["-r"]})",
                    R"({"v":1,"verb":"hold","ids":["a\nb"]})", R"({"v":1,"verb":"hold","ids":[1]})",
                    R"({"v":1,"verb":"hold","ids":"A1"})", R"({"v":1,"verb":"hold","ids":[""]})",
                    R"({"v":1,"verb":"delete","proofs":[{"kind":"uid","value":"1"}]})",
                    R"({"v":1,"verb":"list","proofs":[{"kind":"script","value":"/x"}]})",
                    R"({"v":1,"verb":"list","proofs":[{"kind":"uid"}]})",
                    R"({"v":1,"verb":"list","proofs":[1]})",
                    R"({"v":1,"verb":"list","queue":"x"})"));

TEST(QueueJson, carries_mail_and_errors) {
    auto local = test::mail("4BBBB", "");
    local.client_address.clear();
    local.uid = 4'294'967'295U;
    const std::vector<QueuedMail> mails{test::mail("4AAAA", "a@b", "hold"), local};
    EXPECT_EQ(queue_answer_from_json(to_json(Result<std::vector<QueuedMail>>(mails))).value(),
              mails);
    const auto error = queue_answer_from_json(
        to_json(Result<std::vector<QueuedMail>>(fail(Fault::exhausted, "too much"))));
    ASSERT_FALSE(error);
    EXPECT_EQ(error.error().fault, Fault::exhausted);
    EXPECT_EQ(error.error().what, "too much");
    for (const auto* text : {"", "{}", "[]", R"({"v":1,"mails":[1]})", R"({"v":1,"mails":[{}]})"})
        EXPECT_FALSE(queue_answer_from_json(text)) << text;
}

}  // namespace
}  // namespace bailiff
