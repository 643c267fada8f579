// The house rules, on the real tree; and each of them on a planted breach, which it must find.
#include "tests/tidy/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bailiff::tidy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<File>& sources() {
    static const auto files = files_below({"include", "src", "milter", "rules", "lmdb"});
    return files;
}

TEST(Tidy, there_is_something_to_look_at) { EXPECT_GT(sources().size(), 50U); }
TEST(Tidy, each_foreign_library_is_seen_in_one_folder) {
    EXPECT_THAT(foreign_headers(sources()), IsEmpty());
}
TEST(Tidy, each_ring_sees_only_rings_below_it) { EXPECT_THAT(rings(sources()), IsEmpty()); }
TEST(Tidy, files_functions_and_lines_are_short) { EXPECT_THAT(sizes(sources()), IsEmpty()); }
TEST(Tidy, stations_are_pure) { EXPECT_THAT(purity(sources()), IsEmpty()); }
TEST(Tidy, headers_are_in_form) { EXPECT_THAT(headers(sources()), IsEmpty()); }

// Planted breaches.

struct Planted {
    std::string name;
    Breaches (*check)(const std::vector<File>&);
    File file;
    std::string found;
};
std::ostream& operator<<(std::ostream& out, const Planted& row) { return out << row.name; }

std::vector<std::string> long_function() {
    std::vector<std::string> lines{"int f(int x) {"};
    lines.insert(lines.end(), 70, "    ++x;");
    lines.emplace_back("}");
    return lines;
}

class PlantedBreaches : public testing::TestWithParam<Planted> {};
INSTANTIATE_TEST_SUITE_P(
    Tidy, PlantedBreaches,
    testing::Values(
        Planted{"library", foreign_headers, {"src/decide/x.cpp", {"#include <lmdb.h>"}},
                "src/decide/x.cpp:1: lmdb.h belongs to lmdb/"},
        Planted{"json", foreign_headers, {"src/api/x.cpp", {"#include <nlohmann/json.hpp>"}},
                "*_json.cpp"},
        Planted{"ring_1_sees_2", rings, {"src/decide/x.cpp", {"", "#include \"lmdb/txn.hpp\""}},
                "src/decide/x.cpp:2: ring 1 includes lmdb/txn.hpp of ring 2"},
        Planted{"ring_1_sees_1", rings,
                {"src/decide/x.cpp", {"#include \"src/identify/attribute.hpp\""}}, "ring 1"},
        Planted{"ring_2_sees_2", rings,
                {"milter/x.cpp", {"#include \"src/http/client.hpp\""}}, "ring 2"},
        Planted{"ring_3_sees_2", rings,
                {"src/pipeline/x.cpp", {"#include \"rules/rule_set.hpp\""}}, "ring 3"},
        Planted{"no_ring", rings, {"src/util/x.cpp", {}}, "in no ring"},
        Planted{"long_file", sizes, {"src/app/x.cpp", std::vector<std::string>(401)}, "401 lines"},
        Planted{"long_header", sizes, {"src/app/x.hpp", std::vector<std::string>(201)},
                "201 lines"},
        Planted{"long_line", sizes, {"src/app/x.cpp", {std::string(101, 'x')}}, "101 columns"},
        Planted{"long_function", sizes, {"src/app/x.cpp", long_function()},
                "function of 72 lines"},
        Planted{"clock_in_a_station", purity,
                {"src/decide/x.cpp", {"auto t = std::chrono::system_clock::now();"}}, "::now("},
        Planted{"no_pragma", headers, {"src/app/x.hpp", {"// x"}}, "#pragma once"}),
    [](const auto& row) { return row.param.name; });

TEST_P(PlantedBreaches, are_found) {
    EXPECT_THAT(GetParam().check({GetParam().file}), ElementsAre(HasSubstr(GetParam().found)));
}

}  // namespace
}  // namespace bailiff::tidy
