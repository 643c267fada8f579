// Every guard of guard.hpp stands in the source and has a case that shows what it guards from.
#include <bailiff/guard.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tidy/tree.hpp"

namespace bailiff::tidy {
namespace {

const std::vector<std::string>& guard_names() {
    static const std::vector<std::string> names{
#define BAILIFF_NAME(name, without) #name,
        BAILIFF_GUARD_LIST_(BAILIFF_NAME)
#undef BAILIFF_NAME
    };
    return names;
}

bool says(const std::vector<File>& files, const std::string& word) {
    return std::ranges::any_of(files, [&](const File& file) {
        return file.path != "include/bailiff/guard.hpp" &&
               std::ranges::any_of(file.lines, [&](const std::string& line) {
                   return line.find(word) != std::string::npos;
               });
    });
}

Breaches unused(const std::vector<std::string>& names, const std::vector<File>& sources) {
    Breaches breaches;
    for (const auto& name : names)
        if (!says(sources, "Guard::" + name)) breaches.push_back(name + ": guards nothing");
    return breaches;
}

/// A case names its guard as a word of its own: in the table of framing cases, or in a unit test
/// that takes the guard away.
Breaches unshown(const std::vector<std::string>& names, const std::vector<File>& tests) {
    Breaches breaches;
    for (const auto& name : names)
        if (!says(tests, name)) breaches.push_back(name + ": no test shows what it guards from");
    return breaches;
}

std::vector<File> tests() {
    auto files = files_below({"tests"});
    std::erase_if(files, [](const File& file) { return file.path.starts_with("tests/tidy/"); });
    for (const std::string noun : {"bodies", "connections", "directory", "envelopes", "headers",
                                   "logins", "scripts", "sockets"})
        files.push_back(read("tests/e2e/framing_" + noun + ".py"));
    files.push_back(read("tests/fire/kill_fire.py"));
    return files;
}

TEST(Guards, are_used_and_shown) {
    EXPECT_GE(guard_names().size(), 20U);
    EXPECT_THAT(unused(guard_names(), files_below({"include", "src", "milter"})),
                testing::IsEmpty());
    EXPECT_THAT(unshown(guard_names(), tests()), testing::IsEmpty());
}

TEST(Guards, a_planted_one_that_guards_nothing_is_found) {
    const std::vector<File> without{{"src/identify/x.cpp", {"if (true) trust();"}}};
    EXPECT_THAT(unused({"two_witnesses"}, without),
                testing::ElementsAre("two_witnesses: guards nothing"));
    EXPECT_THAT(unshown({"two_witnesses"}, without),
                testing::ElementsAre("two_witnesses: no test shows what it guards from"));
}

}  // namespace
}  // namespace bailiff::tidy
