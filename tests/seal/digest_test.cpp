#include <bailiff/digest.hpp>
#include <gtest/gtest.h>
#include <ostream>

namespace bailiff {
namespace {

struct HashCase {
    std::string_view name;
    std::string input;
    std::string_view want;
    friend std::ostream& operator<<(std::ostream& out, const HashCase& row) {
        return out << row.name;
    }
};

class Sha256 : public testing::TestWithParam<HashCase> {};

TEST_P(Sha256, agrees_with_the_published_value) {
    EXPECT_EQ(sha256(GetParam().input).hex(), GetParam().want);
}

// FIPS 180-4 examples and NIST's long message.
INSTANTIATE_TEST_SUITE_P(
    rows, Sha256,
    testing::Values(
        HashCase{"empty", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        HashCase{"abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        HashCase{"two_blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        HashCase{"million_a", std::string(1'000'000, 'a'),
                 "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Sha256Digest, reads_bytes_after_a_nul) {
    using namespace std::string_literals;
    EXPECT_NE(sha256("a\0b"s), sha256("a\0c"s));
}

}  // namespace
}  // namespace bailiff
