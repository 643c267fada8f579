#include "src/evidence/bag.hpp"

#include <bailiff/digest.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bailiff {
namespace {

Exhibit exhibit(const std::string& path, const std::string& content) {
    return {path, sha256(content), content.size()};
}

TEST(Bag, names_its_files_by_their_digests) {
    const auto tags = bag_tags(
        {exhibit("record.json", "{}\n"), exhibit("4-content/msg-0001.eml", "Subject: x\r\n\r\n")},
        {{"External-Identifier", "B0000000000000000"}});
    ASSERT_TRUE(tags);
    EXPECT_EQ(tags->manifest, sha256("Subject: x\r\n\r\n").hex() +
                                  "  data/4-content/msg-0001.eml\n" + sha256("{}\n").hex() +
                                  "  data/record.json\n");
    EXPECT_EQ(tags->bag_info, "External-Identifier: B0000000000000000\nPayload-Oxum: 17.2\n");
    EXPECT_EQ(tags->tag_manifest, sha256(tags->bag_info).hex() + "  bag-info.txt\n" +
                                      sha256(bagit_text).hex() + "  bagit.txt\n" +
                                      sha256(tags->manifest).hex() + "  manifest-sha256.txt\n");
}

TEST(Bag, manifests_are_read_as_they_were_written) {
    const auto tags = bag_tags({exhibit("a", "1"), exhibit("b/c", "2")}, {});
    const auto lines = parse_manifest(tags->manifest);
    ASSERT_TRUE(lines);
    ASSERT_EQ(lines->size(), 2U);
    EXPECT_EQ((*lines)[1].path, "data/b/c");
    EXPECT_EQ((*lines)[1].digest, sha256("2").hex());
    for (const std::string bad : {"x", "00  a\n", "zz", "\n", "../../etc/passwd\n"})
        EXPECT_FALSE(parse_manifest(bad)) << bad;
    EXPECT_FALSE(parse_manifest(tags->manifest + sha256("").hex() + "  ../x\n"));
    EXPECT_FALSE(parse_manifest(tags->manifest + sha256("").hex() + "  data/x"));
}

TEST(Bag, tiers_are_told_by_folder) {
    EXPECT_EQ(tier_of(holder_path), 1U);
    EXPECT_EQ(tier_of(recipients_path), 3U);
    EXPECT_EQ(tier_of(message_path), 4U);
    EXPECT_EQ(tier_of("5-analysis/verdict.json"), 0U);
    EXPECT_EQ(tier_of("record.json"), 0U);
}

struct BadBag {
    std::string name, path, info;
};
std::ostream& operator<<(std::ostream& out, const BadBag& bag) {
    return out << bag.name;
}

class BadBags : public testing::TestWithParam<BadBag> {};
INSTANTIATE_TEST_SUITE_P(
    Bag, BadBags,
    testing::Values(BadBag{"leaves_the_bag", "../case.json", "x"},
                    BadBag{"leaves_it_later", "1-subscriber/../../x", "x"},
                    BadBag{"absolute", "/etc/passwd", "x"}, BadBag{"hidden", ".case", "x"},
                    BadBag{"hidden_below", "a/.b", "x"}, BadBag{"empty", "", "x"},
                    BadBag{"empty_segment", "a//b", "x"}, BadBag{"a_folder", "a/", "x"},
                    BadBag{"line_end_in_name", "a\nb", "x"}, BadBag{"percent", "a%0Ab", "x"},
                    BadBag{"twice", "same", "x"},
                    BadBag{"line_end_in_info", "case.json", "x\nPayload-Oxum: 0.0"}),
    [](const auto& row) { return row.param.name; });

TEST_P(BadBags, are_refused) {
    EXPECT_FALSE(bag_tags({exhibit(GetParam().path, "x"), exhibit("same", "y")},
                          {{"Note", GetParam().info}}));
}

}  // namespace
}  // namespace bailiff
