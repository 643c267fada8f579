#include "src/config/panel_file.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <regex>

namespace bailiff {
namespace {

const std::string whm =
    "#!/usr/bin/bailiff panel\npanel = \"whm\"\nurl = \"https://whm.example:2087\"\n"
    "user = \"root\"\nsecret_file = \"/etc/bailiff/secrets/whm\"\n";

TEST(PanelFile, begins_with_the_line_that_names_its_interpreter) {
    const auto settings = load_panel_settings(whm, "f");
    ASSERT_TRUE(settings) << settings.error().what;
    EXPECT_EQ(settings->panel, "whm");
    EXPECT_EQ(settings->url, "https://whm.example:2087");
    EXPECT_EQ(settings->secret_file, "/etc/bailiff/secrets/whm");
    EXPECT_EQ(settings->timeout, Milliseconds(25'000));
    EXPECT_EQ(settings->service_key, "serviceid");
    EXPECT_FALSE(settings->receiver_dedupes);
}

struct Wrong {
    const char* name;
    std::string text;
    std::string want;  ///< the start of the error
};
std::ostream& operator<<(std::ostream& out, const Wrong& row) {
    return out << row.name;
}

std::string with_url(const std::string& url) {
    return "panel = \"webhook\"\nsecret_file = \"/s\"\nurl = \"" + url + "\"\n";
}
const std::string bad_url = "f:3: url: expected https://HOST/PATH";

class WrongFiles : public testing::TestWithParam<Wrong> {};
INSTANTIATE_TEST_SUITE_P(
    PanelFile, WrongFiles,
    testing::Values(
        Wrong{"empty", "",
              "f:1: panel: expected it: has no default\n"
              "f:1: url: expected it: has no default\n"
              "f:1: secret_file: expected it: has no default"},
        Wrong{"unknown_panel", "panel = \"plesk\"\n",
              "f:1: panel: expected \"whm\", \"whmcs\" or \"webhook\""},
        Wrong{"unknown_key", whm + "token = \"x\"\n", "f:6: token: unknown key; expected one of"},
        Wrong{"section", whm + "[more]\nx = 1\n", "f:7: more.x: unknown key"},
        Wrong{"blocks", whm + "[[hook]]\nx = 1\n", "f:6: hook: expected no [[hook]] blocks"},
        Wrong{"number_for_text", whm + "ca_file = 1\n", "f:6: ca_file: expected text in quotes"},
        Wrong{"relative_file", whm + "ca_file = \"ca.pem\"\n",
              "f:6: ca_file: expected an absolute"},
        Wrong{"too_patient", whm + "timeout_ms = 600001\n",
              "f:6: timeout_ms: expected a whole number from 100 to 600000 (ms)"},
        Wrong{"anothers_key", whm + "service_key = \"serviceid\"\n",
              "f:6: service_key: expected nothing: panel \"whm\" has no use for it"},
        Wrong{"no_user", "panel = \"whm\"\nurl = \"https://h\"\nsecret_file = \"/s\"\n",
              "f:1: user: expected it"},
        Wrong{"user_with_line_end", whm + "purge_user = \"a\\nb\"\n", "f:6: purge_user: expected"},
        Wrong{"purge_half", whm + "purge_user = \"root\"\n",
              "f:6: purge_user: expected it together with purge_secret_file"},
        Wrong{"purge_same",
              whm + "purge_user = \"root\"\n"
                    "purge_secret_file = \"/etc/bailiff/secrets/whm\"\n",
              "f:7: purge_secret_file: expected another file"},
        Wrong{"http", with_url("http://panel.example/"), bad_url},
        Wrong{"http_to_nearly_here", with_url("http://127.0.0.1.example/"), bad_url},
        Wrong{"ftp", with_url("ftp://panel.example/"), bad_url},
        Wrong{"no_host", with_url("https:///x"), bad_url},
        Wrong{"user_in_url", with_url("https://a:b@panel.example/"), bad_url},
        Wrong{"query", with_url("https://panel.example/?key=secret"), bad_url},
        Wrong{"blank", with_url("https://panel.example/ x"), bad_url},
        Wrong{"whm_with_path",
              "panel = \"whm\"\nuser = \"root\"\nsecret_file = \"/s\"\n"
              "url = \"https://h:2087/\"\n",
              "f:4: url: expected https://HOST:PORT without a path"},
        Wrong{"syntax", "panel = \n", "f:1: syntax"}),
    [](const auto& row) { return row.param.name; });

TEST_P(WrongFiles, are_refused_with_line_and_key) {
    const auto settings = load_panel_settings(GetParam().text, "f");
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().fault, Fault::invalid_input);
    EXPECT_THAT(settings.error().what, testing::StartsWith(GetParam().want));
}

TEST(PanelFile, plain_http_is_for_this_machine) {
    for (const auto* url : {"http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:80/x",
                            "https://panel.example"})
        EXPECT_TRUE(load_panel_settings(with_url(url), "f")) << url;
}

/// What an operator receives, with every key that is given as a comment taken into use.
std::string shipped(const std::string& panel) {
    std::ifstream file(std::string(BAILIFF_SOURCE) + "/packaging/hooks.d/" + panel +
                       ".toml.example");
    static const std::regex commented("#([a-z_]+ = )");
    std::string text;
    for (std::string line; std::getline(file, line);)
        text += std::regex_replace(line, commented, "$1",
                                   std::regex_constants::match_continuous |
                                       std::regex_constants::format_first_only) +
                "\n";
    return text;
}

TEST(PanelFile, the_shipped_examples_are_good_and_name_every_key) {
    for (const std::string panel : {"whm", "whmcs", "webhook"}) {
        const auto settings = load_panel_settings(shipped(panel), panel);
        ASSERT_TRUE(settings) << settings.error().what;
        EXPECT_EQ(settings->panel, panel);
        EXPECT_FALSE(settings->ca_file.empty());
        EXPECT_EQ(settings->purge_secret_file.empty(), panel == "webhook");
    }
}

}  // namespace
}  // namespace bailiff
