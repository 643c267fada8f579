#include <rules/rule_set.hpp>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

namespace bailiff {
namespace {

/// A directory that goes away with the test.
class RuleDirectory : public testing::Test {
protected:
    void SetUp() override {
        path_ = std::filesystem::temp_directory_path() /
                ("bailiff-rules-" + std::to_string(getpid()) + "-" +
                 testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::create_directories(path_);
    }
    void TearDown() override { std::filesystem::remove_all(path_); }

    void write(std::string_view name, std::string_view text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    [[nodiscard]] auto load() const { return RuleSet::load_dir(path_.string()); }

    std::filesystem::path path_;
};

TEST_F(RuleDirectory, is_read_in_order_of_name) {
    write("20-b.cf", "body A /second/\n");
    write("10-a.cf", "body A /first/\nbody B /x/\n");
    write("30.txt", "nonsense\n");
    const auto set = load();
    ASSERT_TRUE(set) << set.error().what;
    EXPECT_THAT((*set)->names(), testing::ElementsAre("A", "B"));
    Message message;
    message.body = {"\n", "second\n"};
    EXPECT_EQ((*set)->inspect({}, message).size(), 1U);
}

TEST_F(RuleDirectory, names_the_file_of_an_error) {
    write("10-a.cf", "body A /x/\nnonsense\n");
    ASSERT_FALSE(load());
    EXPECT_THAT(load().error().what, testing::StartsWith("10-a.cf:2: nonsense: "));
}

TEST_F(RuleDirectory, without_files_is_an_error) {
    ASSERT_FALSE(load());
    EXPECT_EQ(load().error().fault, Fault::not_found);
}

TEST_F(RuleDirectory, without_rules_is_an_error) {
    write("10-a.cf", "# nothing\n");
    ASSERT_FALSE(load());
    EXPECT_EQ(load().error().fault, Fault::not_found);
}

TEST_F(RuleDirectory, that_is_missing_is_an_error) {
    std::filesystem::remove_all(path_);
    ASSERT_FALSE(load());
    EXPECT_EQ(load().error().fault, Fault::not_found);
}

TEST_F(RuleDirectory, with_a_file_that_is_none_is_an_error) {
    std::filesystem::create_directory(path_ / "10-a.cf");
    ASSERT_FALSE(load());
    EXPECT_EQ(load().error().fault, Fault::unavailable);
}

}  // namespace
}  // namespace bailiff
