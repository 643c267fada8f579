#include <bailiff/keyed_digest.hpp>
#include <gtest/gtest.h>
#include <string>

namespace bailiff {
namespace {

struct Row {
    std::string key, bytes, want;
};

// RFC 4231, test cases 1, 2, 6 and 7.
TEST(HmacSha256, agrees_with_rfc_4231) {
    const Row rows[] = {
        {std::string(20, '\x0b'), "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {std::string(131, '\xaa'),
         "This is a test using a larger than block-size key and a larger than block-size data. "
         "The key needs to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
    for (const auto& row : rows) EXPECT_EQ(hmac_sha256(row.key, row.bytes).hex(), row.want);
}

TEST(HmacSha256, an_empty_key_is_a_key_of_its_own) {
    static_cast<void>(hmac_sha256("another", "x"));
    EXPECT_EQ(hmac_sha256("", "").hex(),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

}  // namespace
}  // namespace bailiff
