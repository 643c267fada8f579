#include "src/message/part_digests.hpp"

#include <gtest/gtest.h>

#include <string>

#include "src/message/parse.hpp"

namespace bailiff {
namespace {

constexpr const char* mixed =
    "From: a@x.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    "--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "JVBERi0xLjQA\r\n--b--\r\n";

TEST(PartDigests, are_of_the_decoded_bytes_in_the_order_of_the_parts) {
    const auto digests = part_digests(mixed);
    const auto message = parse(mixed);
    ASSERT_EQ(digests.size(), message.parts.size());
    ASSERT_EQ(digests.size(), 2U);
    EXPECT_EQ(digests[0], sha256("hello"));
    EXPECT_EQ(digests[1], sha256(std::string("%PDF-1.4\0", 9)));
}

TEST(PartDigests, of_a_large_part_are_of_all_of_it) {
    const std::string large(3U << 20, 'a');
    const auto digests = part_digests("Subject: x\r\n\r\n" + large);
    ASSERT_EQ(digests.size(), 1U);
    EXPECT_EQ(digests[0], sha256(large));
}

TEST(PartDigests, are_bounded_in_number) {
    std::string many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int n = 0; n < 3'000; ++n) many += "--b\r\n\r\nx\r\n";
    EXPECT_LE(part_digests(many + "--b--\r\n").size(), part_digests_max);
}

}  // namespace
}  // namespace bailiff
