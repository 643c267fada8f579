// What is sealed opens with the right private key and context, and with nothing else.
#include "src/seal/sealed.hpp"

#include <bailiff/evidence.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bailiff {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Sealed : public testing::Test {
protected:
    const VaultSecret team_ = VaultSecret::make("team");
    const VaultSecret escrow_ = VaultSecret::make("escrow");
    const VaultSecret stranger_ = VaultSecret::make("team");
    const std::vector<VaultKey> keys_{team_.key(), escrow_.key()};

    [[nodiscard]] std::string sealed(std::string_view plain) const {
        return seal(plain, "case B1", keys_);
    }
    [[nodiscard]] Fault why(std::string_view bytes, std::string_view context,
                            const VaultSecret& secret) const {
        const auto opened = unseal(bytes, context, secret);
        EXPECT_FALSE(opened);
        return opened ? Fault::internal : opened.error().fault;
    }
};

TEST_F(Sealed, opens_for_everybody_it_is_sealed_to) {
    for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 131'072U, 1'000'000U}) {
        const std::string plain(size, 'x');
        const auto bytes = sealed(plain);
        EXPECT_EQ(unseal(bytes, "case B1", team_), plain);
        EXPECT_EQ(unseal(bytes, "case B1", escrow_), plain);
    }
}

TEST_F(Sealed, does_not_open_for_others_nor_as_another) {
    const auto bytes = sealed("canary");
    EXPECT_EQ(why(bytes, "case B1", stranger_), Fault::invalid_input);
    EXPECT_EQ(why(bytes, "case B2", team_), Fault::corrupt);
    EXPECT_EQ(why("", "case B1", team_), Fault::corrupt);
}

TEST_F(Sealed, shows_nothing_and_is_different_each_time) {
    const auto bytes = sealed("canary canary canary");
    EXPECT_EQ(bytes.find("canary"), std::string::npos);
    EXPECT_NE(bytes, sealed("canary canary canary"));
    EXPECT_TRUE(is_sealed(bytes));
    EXPECT_FALSE(is_sealed("Received: by host"));
    EXPECT_THAT(*sealed_to(bytes), ElementsAre(team_.key(), escrow_.key()));
}

/// Only the wraps of other keys may change unseen by this one.
TEST_F(Sealed, no_changed_bit_and_no_cut_opens) {
    const std::vector<VaultKey> one{team_.key()};
    const auto bytes = seal(std::string(200, 'x'), "c", one);
    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto changed = bytes;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
            const bool name = at >= 19 && at < 23;  // "team": the label of whose key it is
            if (name) continue;
            EXPECT_FALSE(unseal(changed, "c", team_)) << at << "." << bit;
        }
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(unseal(bytes.substr(0, size), "c", team_)) << size;
    EXPECT_FALSE(unseal(bytes + "x", "c", team_));
}

TEST_F(Sealed, chunks_cannot_be_left_out_or_swapped) {
    const std::vector<VaultKey> one{team_.key()};
    const auto bytes = seal(std::string(3 * 65'536, 'x'), "c", one);
    constexpr std::size_t chunk = 65'536 + 17;
    const auto first = bytes.size() - 3 * chunk;
    auto dropped = bytes;
    dropped.erase(first + chunk, chunk);
    EXPECT_EQ(why(dropped, "c", team_), Fault::corrupt);
    EXPECT_EQ(why(bytes.substr(0, bytes.size() - chunk), "c", team_), Fault::corrupt);
    const auto swapped = bytes.substr(0, first) + bytes.substr(first + chunk, chunk) +
                         bytes.substr(first, chunk) + bytes.substr(first + 2 * chunk);
    EXPECT_EQ(why(swapped, "c", team_), Fault::corrupt);
}

TEST_F(Sealed, once_erased_nobody_opens_it) {
    EXPECT_TRUE(is_sealed(erased_bytes));
    EXPECT_EQ(why(erased_bytes, "case B1", team_), Fault::not_found);
    EXPECT_FALSE(is_erased(sealed("x")));
}

TEST_F(Sealed, public_keys_are_one_line) {
    EXPECT_EQ(VaultKey::parse(team_.key().line()), team_.key());
    for (const auto* bad :
         {"", "bailiff-vault-1 team", "bailiff-vault-1 team AAAA",
          "bailiff-vault-1 Team AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "ssh-ed25519 AAAA"})
        EXPECT_FALSE(VaultKey::parse(bad)) << bad;
}

TEST_F(Sealed, the_private_key_takes_its_passphrase) {
    const auto file = team_.file("correct horse");
    const auto again = VaultSecret::open(file, "correct horse");
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(unseal(sealed("x"), "case B1", *again), "x");
    EXPECT_THAT(VaultSecret::open(file, "correct horsf").error().what, HasSubstr("passphrase"));
    EXPECT_FALSE(VaultSecret::open(file.substr(0, 60), "correct horse"));
}

}  // namespace
}  // namespace bailiff
