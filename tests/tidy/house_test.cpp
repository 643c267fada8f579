// Every test is built, every station has a test, every folder has its page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/config/load.hpp"
#include "tests/tidy/tree.hpp"

namespace bailiff::tidy {
namespace {

namespace fs = std::filesystem;

std::string content(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

Breaches not_built(const std::vector<File>& tests, const std::string& commands) {
    Breaches breaches;
    for (const auto& test : tests)
        if (test.path.ends_with("_test.cpp") && commands.find(test.path) == std::string::npos)
            breaches.push_back(test.path + ": is not built");
    return breaches;
}

TEST(House, every_test_is_built) {
    const auto commands = content(std::string(BAILIFF_BINARY) + "/compile_commands.json");
    EXPECT_THAT(not_built(files_below({"tests"}), commands), testing::IsEmpty());
}

TEST(House, a_planted_test_that_is_not_built_is_found) {
    EXPECT_THAT(not_built({{"tests/decide/forgotten_test.cpp", {}}}, "[]"),
                testing::ElementsAre("tests/decide/forgotten_test.cpp: is not built"));
}

TEST(House, every_folder_has_its_page) {
    Breaches breaches;
    for (const auto* top :
         {"src", "milter", "rules", "lmdb", "packaging", "tests", "script", "bench"}) {
        const fs::path folder = fs::path(BAILIFF_SOURCE) / top;
        if (!fs::exists(folder / "README.md")) breaches.push_back(std::string(top) + "/README.md");
    }
    for (const auto& entry : fs::directory_iterator(fs::path(BAILIFF_SOURCE) / "src"))
        if (entry.is_directory() && !fs::exists(entry.path() / "README.md"))
            breaches.push_back(entry.path().filename().string() + "/README.md");
    EXPECT_THAT(breaches, testing::IsEmpty());
}

TEST(House, the_example_configuration_is_the_generated_one) {
    EXPECT_EQ(content(std::string(BAILIFF_SOURCE) + "/packaging/bailiff.toml.example"),
              example_configuration())
        << "bailiff config example > packaging/bailiff.toml.example";
}

TEST(House, every_pure_source_has_a_test_folder) {
    Breaches breaches;
    for (const auto* station :
         {"message", "identify", "inspect", "decide", "enforce", "evidence", "report", "peers", "log", "config"})
        if (!fs::exists(fs::path(BAILIFF_SOURCE) / "tests" / station / "CMakeLists.txt"))
            breaches.push_back(station);
    EXPECT_THAT(breaches, testing::IsEmpty());
}

}  // namespace
}  // namespace bailiff::tidy
