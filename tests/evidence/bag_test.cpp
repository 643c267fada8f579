#include "src/evidence/bag.hpp"

#include <bailiff/digest.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bailiff {
namespace {

std::string content_of(const std::vector<BagFile>& bag, const std::string& path) {
    for (const auto& file : bag)
        if (file.path == path) return file.content;
    return "absent";
}

TEST(Bag, holds_the_payload_and_all_files_of_rfc_8493) {
    const auto bag = make_bag({{"case.json", "{}\n"}, {"message.eml", "Subject: x\r\n\r\n"}},
                              {{"External-Identifier", "B0000000000000000"}});
    ASSERT_TRUE(bag);
    EXPECT_EQ(content_of(*bag, "bagit.txt"),
              "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    EXPECT_EQ(content_of(*bag, "manifest-sha256.txt"),
              sha256("{}\n").hex() + "  data/case.json\n" + sha256("Subject: x\r\n\r\n").hex() +
                  "  data/message.eml\n");
    EXPECT_EQ(content_of(*bag, "bag-info.txt"),
              "External-Identifier: B0000000000000000\nPayload-Oxum: 17.2\n");
    EXPECT_THAT(content_of(*bag, "tagmanifest-sha256.txt"),
                testing::HasSubstr(sha256(content_of(*bag, "manifest-sha256.txt")).hex() +
                                   "  manifest-sha256.txt\n"));
}

struct BadBag {
    std::string name, path, info;
};
std::ostream& operator<<(std::ostream& out, const BadBag& bag) { return out << bag.name; }

class BadBags : public testing::TestWithParam<BadBag> {};
INSTANTIATE_TEST_SUITE_P(
    Bag, BadBags,
    testing::Values(BadBag{"leaves_the_bag", "../case.json", "x"},
                    BadBag{"absolute", "/etc/passwd", "x"}, BadBag{"hidden", ".case", "x"},
                    BadBag{"empty", "", "x"}, BadBag{"line_end_in_name", "a\nb", "x"},
                    BadBag{"line_end_in_info", "case.json", "x\nPayload-Oxum: 0.0"}),
    [](const auto& row) { return row.param.name; });

TEST_P(BadBags, are_refused) {
    EXPECT_FALSE(make_bag({{GetParam().path, "x"}}, {{"Note", GetParam().info}}));
}

}  // namespace
}  // namespace bailiff
