// Time stamps of a real authority: what is good is read, and each other reply says why it is not.
#include "src/seal/timestamp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "src/seal/entropy.hpp"
#include "tests/seal/authority.hpp"

namespace bailiff {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string data = "b1946ac92492d2347c6235b4d2611184  data/record.json\n";

Instant now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class Timestamp : public testing::Test {
protected:
    void SetUp() override {
        question_ = ask("");
        reply_ = authority_.reply(question_.request);
        trust_.roots_pem = authority_.read("root.pem");
    }
    StampQuestion ask(const std::string& policy) {
        auto question = ask_stamp(data, entropy_, policy);
        EXPECT_TRUE(question);
        return question ? *question : StampQuestion{};
    }
    [[nodiscard]] Result<Stamp> read(const std::string& reply) const {
        return read_stamp(reply, data, question_, trust_, now());
    }
    /// Why this reply is refused.
    [[nodiscard]] std::string why(const std::string& reply) const {
        const auto stamp = read(reply);
        return stamp ? "accepted" : stamp.error().what;
    }

    test::Authority authority_;
    SystemEntropy entropy_;
    StampQuestion question_;
    std::string reply_;
    StampTrust trust_;
};

TEST_F(Timestamp, of_the_authority_is_read) {
    const auto stamp = read(reply_);
    ASSERT_TRUE(stamp) << stamp.error().what;
    EXPECT_LT(std::chrono::abs(stamp->at - now()), std::chrono::seconds(60));
    EXPECT_EQ(stamp->serial, "02");
    EXPECT_EQ(stamp->policy, "1.2.3.4.1");
    EXPECT_EQ(stamp->authority, "O = Example, CN = tsa");
    EXPECT_THAT(stamp->chain_pem, Not(HasSubstr(authority_.read("root.pem"))));
    EXPECT_EQ(stamp->chain_pem, authority_.read("tsa.pem") + authority_.read("between.pem"));
}

}  // namespace
}  // namespace bailiff
