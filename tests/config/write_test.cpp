#include <gmock/gmock.h>

#include <set>

#include "src/config/load.hpp"
#include "src/config/schema.hpp"
#include "src/config/value.hpp"

namespace bailiff {
namespace {

/// The example with every disabled line put in force.
std::string enabled(std::string text) {
    for (std::size_t at = 0; at != std::string::npos; at = text.find('\n', at)) {
        if (at != 0) ++at;
        if (at + 1 < text.size() && text[at] == '#' && text[at + 1] != ' ') text.erase(at, 1);
    }
    return text;
}

TEST(ExampleConfiguration, gives_the_defaults) {
    const auto settings = load_settings(example_configuration(), "example");
    ASSERT_TRUE(settings.has_value()) << settings.error().what;
    EXPECT_EQ(effective_configuration(*settings), effective_configuration(default_settings()));
}

TEST(ExampleConfiguration, gives_the_defaults_and_a_hook_with_every_line_in_force) {
    auto settings = load_settings(enabled(example_configuration()), "example");
    ASSERT_TRUE(settings.has_value()) << settings.error().what;
    EXPECT_EQ(settings->hooks.size(), 1U);
    settings->hooks.clear();
    EXPECT_EQ(settings->policy.rows.size(), 1U);
    settings->policy.rows.clear();
    EXPECT_EQ(settings->policy.allow.size(), 1U);
    settings->policy.allow.clear();
    EXPECT_EQ(effective_configuration(*settings), effective_configuration(default_settings()));
}

TEST(ExampleConfiguration, has_short_lines_without_control_bytes) {
    std::istringstream lines(example_configuration());
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
}

/// Each row by its key.
class Rows : public testing::TestWithParam<Setting> {};

/// Some value of this type that is no default and that every rule takes.
struct Other {
    std::string_view key;
    std::string operator()(const std::string* field) const {
        if (key == "milter.socket") return "\"fd:17\"";
        if (key == "milter.uid_header") return "\"X-Other\"";
        if (key == "retention.job") return "\"show\"";
        if (key == "reports.domain") return "\"other.example\"";
        if (key == "log.send_webhook" || key == "evidence.site")
            return "\"https://witness.example/notes\"";
        if (key == "rspamd.url") return "\"http://127.0.0.1:11333/checkv2\"";
        return field->starts_with('/') || key == "reputation.traps" ||
                       key == "timestamp.roots" || key == "evidence.holder_lookup" ||
                       key == "log.send_file"
                   ? "\"/a \\\"quoted\\\" p\u00e4th\""
                   : "\"other\"";
    }
    std::string operator()(const std::int64_t* field) const {
        // At their most: by law, and as long as the file.
        const bool most = key == "retention.claim_upheld_days" || key == "retention.fraud_days";
        return std::to_string(most ? *field - 1 : *field + 1);
    }
    std::string operator()(const Milliseconds* field) const {
        return std::to_string(field->count() + 1);
    }
    std::string operator()(const MilliPoints* field) const {
        return std::to_string(*field / 1000) + ".007";
    }
    std::string operator()(const bool* field) const { return *field ? "false" : "true"; }
    std::string operator()(const Mode*) const { return "\"enforce\""; }
    std::string operator()(const std::vector<ActionKind>*) const { return "[]"; }
    std::string operator()(const std::vector<PathStep>*) const { return "[]"; }
    std::string operator()(const Instant*) const { return "\"2027-01-31\""; }
    std::string operator()(const std::vector<std::string>*) const {
        return key == "timestamp.authorities" ? R"(["https://tsa.example/"])" : R"(["OTHER"])";
    }
};

std::string other_value(const Setting& row) {
    auto settings = default_settings();
    return std::visit([&](auto at) { return Other{row.key}(at(settings)); }, row.field);
}

const std::string one_hook_for_all =
    "[[hook]]\ncommand = \"/h\"\n"
    "kinds = [\"service.terminate\", \"service.suspend\", \"account.suspend\", \"credential.reset\", \"notify.team\"]\n";

TEST_P(Rows, take_another_value_and_give_it_back) {
    const auto& row = GetParam();
    const auto line = std::string(row.key) + " = " + other_value(row) + "\n";
    const auto settings = load_settings(line + one_hook_for_all, "f");
    ASSERT_TRUE(settings.has_value()) << settings.error().what;
    EXPECT_NE(toml_of(row, *settings), toml_of(row, default_settings()));
    const auto text = effective_configuration(*settings);
    const auto again = load_settings(text, "again");
    ASSERT_TRUE(again.has_value()) << again.error().what;
    EXPECT_EQ(effective_configuration(*again), text);
    EXPECT_EQ(toml_of(row, *again), toml_of(row, *settings));
}

TEST_P(Rows, are_documented_once) {
    const auto& row = GetParam();
    EXPECT_TRUE(row.fallback.has_value());
    EXPECT_FALSE(row.help.empty());
    EXPECT_FALSE(row.since.empty());
    const auto same_key = [&](const Setting& other) { return other.key == row.key; };
    EXPECT_EQ(std::ranges::count_if(settings_table(), same_key), 1);
}

TEST_P(Rows, move_one_field_only) {
    auto settings = default_settings();
    const auto line = std::string(GetParam().key) + " = " + other_value(GetParam()) + "\n";
    const auto changed = load_settings(line + one_hook_for_all, "f");
    ASSERT_TRUE(changed.has_value());
    const auto differs = [&](const Setting& row) {
        return toml_of(row, *changed) != toml_of(row, settings);
    };
    EXPECT_EQ(std::ranges::count_if(settings_table(), differs), 1);
}

INSTANTIATE_TEST_SUITE_P(Table, Rows,
                         testing::ValuesIn(settings_table().begin(), settings_table().end()),
                         [](const auto& row) {
                             std::string name(row.param.key);
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

TEST(EffectiveConfiguration, keeps_paths_and_hooks) {
    auto settings = default_settings();
    settings.paths[0].observe = true;
    settings.paths.push_back(
        {.name = "more", .actions = {ActionKind::queue_delete}, .observe = false});
    settings.hooks = {
        {.command = "/a", .kinds = {ActionKind::notify_team}, .deadline = Milliseconds(7'000)},
        {.command = "/b c", .kinds = {ActionKind::queue_release}}};
    const auto text = effective_configuration(settings);
    const auto again = load_settings(text, "again");
    ASSERT_TRUE(again.has_value()) << again.error().what;
    EXPECT_EQ(effective_configuration(*again), text);
    EXPECT_EQ(again->hooks[1].command, "/b c");
}

}  // namespace

/// For the names of failing rows.
void PrintTo(const Setting& row, std::ostream* out) {
    *out << row.key;
}

}  // namespace bailiff
