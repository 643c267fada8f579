// Time stamps of a real authority: what is good is read, and each other reply says why it is not.
#include "src/seal/timestamp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "src/seal/entropy.hpp"
#include "tests/seal/authority.hpp"

namespace bailiff {
namespace {

using std::string_literals::operator""s;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string data = "b1946ac92492d2347c6235b4d2611184  data/record.json\n";

/// Signed by the authority's right key.
const std::string tsa = "-cades -signer tsa.pem -inkey tsa.key";

Instant now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// `bytes` with the last `from` replaced.
std::string changed(std::string bytes, const std::string& from, const std::string& to) {
    const auto at = bytes.rfind(from);
    EXPECT_NE(at, std::string::npos);
    return at == std::string::npos ? bytes : bytes.replace(at, from.size(), to);
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

TEST_F(Timestamp, is_good_for_openssl_too_with_the_chain_that_we_keep) {
    const auto stamp = read(reply_);
    ASSERT_TRUE(stamp) << stamp.error().what;
    authority_.write("data", data);
    authority_.write("r.tsr", reply_);
    authority_.write("chain.pem", stamp->chain_pem);
    const std::string verify = "openssl ts -verify -in r.tsr -CAfile root.pem -untrusted chain.pem";
    EXPECT_TRUE(authority_.try_run(verify + " -data data")) << authority_.read("log");
    EXPECT_FALSE(authority_.try_run(verify + " -data conf"));
}

TEST_F(Timestamp, is_checked_later_without_the_question) {
    const auto stamp = check_stamp(reply_, data, trust_);
    ASSERT_TRUE(stamp) << stamp.error().what;
    EXPECT_EQ(stamp->at, read(reply_)->at);
    EXPECT_EQ(stamp->serial, "02");
    const auto other = check_stamp(reply_, data + " ", trust_);
    EXPECT_THAT(other.error().what, HasSubstr("over other data"));
    trust_.roots_pem = authority_.read("between.pem");
    EXPECT_THAT(check_stamp(reply_, data, trust_).error().what, HasSubstr("trusted"));
}

TEST_F(Timestamp, asks_for_a_policy_with_a_new_nonce_each_time) {
    const auto first = ask("1.2.3.4.2"), second = ask("1.2.3.4.2");
    EXPECT_NE(first.request, second.request);
    question_ = first;
    const auto stamp = read(authority_.reply(first.request));
    ASSERT_TRUE(stamp) << stamp.error().what;
    EXPECT_EQ(stamp->policy, "1.2.3.4.2");
    EXPECT_EQ(ask_stamp(data, entropy_, "none").error().fault, Fault::invalid_input);
}

TEST_F(Timestamp, over_something_else_is_refused) {
    EXPECT_THAT(read_stamp(reply_, "other", question_, trust_, now()).error().what,
                HasSubstr("over other data"));
    authority_.write("data", data);
    authority_.run("openssl ts -query -data data -sha256 -cert -out q256");
    const auto short_one = authority_.reply(authority_.read("q256"));
    EXPECT_THAT(why(short_one), HasSubstr("over a SHA-512, it is over 2.16.840.1.101.3.4.2.1"));
}

TEST_F(Timestamp, for_another_question_is_refused) {
    EXPECT_THAT(why(authority_.reply(ask("").request)), HasSubstr("for another question: nonce"));
    authority_.write("data", data);
    authority_.run("openssl ts -query -data data -sha512 -no_nonce -cert -out q0");
    const auto without = authority_.reply(authority_.read("q0"));
    EXPECT_EQ(why(without), "the stamp lacks our nonce");
    EXPECT_TRUE(check_stamp(without, data, trust_));
    EXPECT_THAT(read_stamp(reply_, data, {"?"}, trust_, now()).error().what,
                HasSubstr("the question is none of ours"));
}

TEST_F(Timestamp, of_another_root_is_refused) {
    authority_.root("stranger");
    trust_.roots_pem = authority_.read("stranger.pem");
    EXPECT_THAT(why(reply_), AllOf(HasSubstr("does not lead to a root that is trusted"),
                                   HasSubstr("issued by 'O = Example, CN = root'")));
    trust_.roots_pem = "";
    EXPECT_EQ(why(reply_), "the trusted roots hold no certificate");
    trust_.roots_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    EXPECT_THAT(why(reply_), HasSubstr("the trusted roots: certificate 1 cannot be read"));
    trust_.roots_pem = authority_.read("stranger.pem") + authority_.read("root.pem");
    EXPECT_TRUE(read(reply_));
}

/// An authority that sends its own certificate only.
TEST_F(Timestamp, may_need_a_certificate_of_ours_between) {
    const auto bare = authority_.resigned(reply_, tsa);
    EXPECT_THAT(why(bare), HasSubstr("unable to get local issuer certificate"));
    trust_.untrusted_pem = authority_.read("between.pem");
    EXPECT_TRUE(read(bare)) << why(bare);
    EXPECT_THAT(read(bare)->chain_pem, HasSubstr(authority_.read("between.pem")));
    const auto none = authority_.resigned(reply_, tsa + " -nocerts");
    EXPECT_THAT(why(none), HasSubstr("neither in the reply nor among ours"));
}

TEST_F(Timestamp, of_an_expired_certificate_is_refused) {
    authority_.signer("old", "tsa", "-startdate 20200101000000Z -enddate 20210101000000Z");
    const auto reply = authority_.reply(question_.request, "old");
    EXPECT_THAT(why(reply), AllOf(HasSubstr("certificate has expired, at 'O = Example, CN = old'"),
                                  HasSubstr("to 2021-01-01 00:00:00Z")));
    authority_.signer("young", "tsa", "-startdate 20400101000000Z -enddate 20410101000000Z");
    EXPECT_THAT(why(authority_.reply(question_.request, "young")), HasSubstr("not yet valid"));
}

TEST_F(Timestamp, that_is_older_than_the_end_of_its_certificate_is_still_checked) {
    const auto today = to_rfc3339(read(reply_)->at);
    authority_.signer("tsa", "tsa", "-startdate 20200101000000Z -enddate 20210101000000Z");
    trust_.untrusted_pem = authority_.read("between.pem");
    const auto old = authority_.resigned(
        reply_, tsa, today.substr(0, 4) + today.substr(5, 2) + today.substr(8, 2), "20200601");
    const auto stamp = check_stamp(old, data, trust_);
    ASSERT_TRUE(stamp) << stamp.error().what;
    EXPECT_EQ(to_rfc3339(stamp->at), "2020-06-01" + today.substr(10));
    EXPECT_THAT(why(old), HasSubstr("more than 300 s apart"));
}

TEST_F(Timestamp, of_a_certificate_that_is_not_only_for_stamps_is_refused) {
    trust_.untrusted_pem = authority_.read("between.pem");
    const auto by = [&](const std::string& kind) {
        authority_.signer(kind, kind);
        return why(
            authority_.resigned(reply_, "-cades -signer " + kind + ".pem -inkey " + kind + ".key"));
    };
    EXPECT_THAT(by("tsa_bare"), HasSubstr("it does not say what it is for"));
    EXPECT_THAT(by("tsa_soft"), HasSubstr("it is not critical"));
    EXPECT_THAT(by("tsa_wide"), HasSubstr("it is for something else"));
    EXPECT_EQ(by("tsa"), "accepted");
}

TEST_F(Timestamp, under_a_policy_that_is_not_trusted_is_refused) {
    trust_.untrusted_pem = authority_.read("between.pem");
    trust_.policies = {"1.2.3.4.3", "1.2.3.4.2"};
    EXPECT_EQ(why(reply_), "the stamp is under policy 1.2.3.4.1, trusted are 1.2.3.4.3, 1.2.3.4.2");
    EXPECT_FALSE(check_stamp(reply_, data, trust_));
    trust_.policies.emplace_back("1.2.3.4.1");
    EXPECT_TRUE(read(reply_));
    question_ = ask("1.2.3.4.2");
    const auto other = authority_.resigned(authority_.reply(question_.request), tsa,
                                           "\x2a\x03\x04\x02", "\x2a\x03\x04\x01");
    EXPECT_EQ(why(other), "the stamp is under policy 1.2.3.4.1, asked for 1.2.3.4.2");
}

TEST_F(Timestamp, that_is_not_given_says_why) {
    const auto refused = read(authority_.reply(ask("1.2.3.99").request));
    EXPECT_EQ(refused.error().what,
              "the authority gives no stamp: status 2 (rejected), policy not accepted: 'Requested "
              "policy is not supported.'");
    EXPECT_EQ(refused.error().fault, Fault::invalid_input);
    const std::string waiting("\x30\x05\x30\x03\x02\x01\x03", 7);
    EXPECT_EQ(why(waiting), "the authority gives no stamp: status 3 (waiting)");
    EXPECT_EQ(read(waiting).error().fault, Fault::unavailable);
    const std::string hostile("\x30\x0a\x30\x08\x02\x01\x07\x30\x03\x0c\x01\n", 12);
    EXPECT_EQ(why(hostile), "the authority gives no stamp: status 7: '?'");
    const std::string empty("\x30\x05\x30\x03\x02\x01\x00", 7);
    EXPECT_THAT(why(empty), HasSubstr("the reply is no time stamp reply: token not present"));
}

TEST_F(Timestamp, far_from_our_clock_is_refused) {
    const auto at = read(reply_)->at;
    const auto late = [&](std::chrono::milliseconds by) {
        return read_stamp(reply_, data, question_, trust_, at + by);
    };
    using std::chrono::milliseconds;
    EXPECT_TRUE(late(milliseconds(300'000)));
    EXPECT_TRUE(late(milliseconds(-300'000)));
    EXPECT_THAT(late(milliseconds(300'001)).error().what,
                AllOf(HasSubstr("the stamp says " + to_rfc3339(at) + ", our clock "),
                      HasSubstr("more than 300 s apart")));
    EXPECT_FALSE(late(milliseconds(-300'001)));
}

TEST_F(Timestamp, signed_in_another_form_is_refused) {
    trust_.untrusted_pem = authority_.read("between.pem");
    const auto by = [&](const std::string& options) {
        return why(authority_.resigned(reply_, options));
    };
    EXPECT_EQ(by(tsa), "accepted");
    EXPECT_EQ(by(tsa + " -md sha512"), "accepted");
    EXPECT_THAT(by(tsa + " -md sha1"), HasSubstr("it is over SHA1"));
    EXPECT_THAT(by("-signer tsa.pem -inkey tsa.key"), HasSubstr("does not hold"));
    authority_.signer("second", "tsa");
    EXPECT_THAT(by(tsa + " -signer second.pem -inkey second.key"), HasSubstr("it has 2"));
    // Its name is not the one that stands in the stamp.
    EXPECT_THAT(by("-cades -signer second.pem -inkey second.key"), HasSubstr("tsa name mismatch"));
}

/// What a library that trusts the types of attributes would read as something else.
TEST_F(Timestamp, whose_signed_attributes_are_odd_is_refused) {
    const auto certificate = "\x09\x10\x02\x2f\x31"s, content = "\x09\x10\x01\x04"s;
    const auto at = reply_.find(certificate);
    ASSERT_NE(at, std::string::npos);
    auto odd = reply_;
    ASSERT_EQ(odd[at + 6], '\x30') << testing::PrintToString(odd.substr(at, 10));
    odd[at + 6] = '\x31';
    EXPECT_EQ(why(odd), "the signature's id-smime-aa-signingCertificateV2 is malformed");
    EXPECT_EQ(why(changed(reply_, content, "\x09\x10\x01\x05"s)),
              "what is signed is no time stamp");
    trust_.untrusted_pem = authority_.read("between.pem");
    EXPECT_EQ(why(authority_.resigned(reply_, tsa.substr(7) + " -noattr")),
              "the signature lacks contentType");
}

TEST_F(Timestamp, of_an_rsa_key_is_read_if_the_key_is_long_enough) {
    authority_.signer("rsa", "tsa", test::valid, "rsa:2048");
    const auto reply = authority_.reply(question_.request, "rsa");
    EXPECT_EQ(why(reply), "accepted");
    // The signature's algorithm has a NULL, and nothing else may stand there.
    EXPECT_THAT(why(changed(reply, "\x05\x00\x04\x82"s, "\x0c\x00\x04\x82"s)),
                HasSubstr("the signature says it is"));
    authority_.signer("short", "tsa", test::valid, "rsa:1024");
    EXPECT_THAT(why(authority_.reply(question_.request, "short")), HasSubstr("key too weak"));
}

TEST_F(Timestamp, whose_content_is_odd_is_refused) {
    trust_.untrusted_pem = authority_.read("between.pem");
    const auto with = [&](const std::string& from, const std::string& to) {
        return why(authority_.resigned(reply_, tsa, from, to));
    };
    EXPECT_THAT(with("\x02\x01\x01\x06", "\x02\x01\x02\x06"), HasSubstr("it is of version 2"));
    EXPECT_THAT(with("Z\x30\x03", "z\x30\x03"), HasSubstr("the stamp's time: '"));
}

TEST_F(Timestamp, cut_anywhere_is_refused) {
    for (std::size_t size = 0; size < reply_.size(); ++size)
        EXPECT_FALSE(read(reply_.substr(0, size))) << size;
    EXPECT_THAT(why(reply_ + '\0'), HasSubstr("something follows it"));
}

/// One byte is outside of all that is signed and has two good values: the status, granted or granted
/// with changes (RFC 3161, 2.4.2). It changes nothing that we read.
TEST_F(Timestamp, with_any_byte_changed_is_refused) {
    auto status = reply_;
    const auto at = status.find("\x02\x01", 4, 2);
    ASSERT_EQ(status[at + 2], '\0');
    status[at + 2] = '\1';
    EXPECT_TRUE(read(status));

    std::mt19937 chance(1);
    for (int i = 0; i < 2'000; ++i) {
        auto changed = reply_;
        changed[chance() % changed.size()] ^= static_cast<char>(1 + chance() % 255);
        EXPECT_TRUE(changed == status || !read(changed)) << testing::PrintToString(changed);
    }
    for (std::size_t bit = 0; bit < reply_.size() * 8; ++bit) {
        auto changed = reply_;
        changed[bit / 8] ^= static_cast<char>(1U << bit % 8);
        EXPECT_TRUE(changed == status || !read(changed)) << "bit " << bit % 8 << " of " << bit / 8;
    }
}

TEST_F(Timestamp, that_is_no_reply_is_refused) {
    std::mt19937 chance(1);
    std::string garbage;
    for (int i = 0; i < 2'000; ++i) {
        EXPECT_FALSE(read(garbage));
        garbage += static_cast<char>(chance());
    }
    EXPECT_THAT(why("<html>502</html>"), HasSubstr("the reply is no time stamp reply"));
    EXPECT_EQ(read(std::string(stamp_reply_bytes_max + 1, '0')).error().fault, Fault::exhausted);
    EXPECT_FALSE(read(std::string(stamp_reply_bytes_max, '0')));
}

}  // namespace
}  // namespace bailiff
