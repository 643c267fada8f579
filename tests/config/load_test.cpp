#include "src/config/load.hpp"

#include <gmock/gmock.h>

#include "src/config/schema.hpp"

namespace bailiff {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Wrong {
    const char* name;
    std::string text;
    std::string want;  ///< the whole error
};
std::ostream& operator<<(std::ostream& out, const Wrong& row) {
    return out << row.name;
}

const std::string both_paths =
    "[[path]]\nname = \"zero_tolerance\"\nactions = [\"service.terminate\"]\n"
    "[[path]]\nname = \"compromised\"\nactions = [\"notify.team\"]\n";

const std::string still_kept = "nobody can be named for what is still kept";

const Wrong wrongs[] = {
    // Keys.
    {"unknown_key", "\nmoed = \"enforce\"\n",
     "f:2: moed: unknown key; expected one of the example configuration"},
    {"unknown_key_in_section", "[milter]\nport = 25\n",
     "f:2: milter.port: unknown key; expected one of the example configuration"},
    {"unknown_section", "[milder]\nsocket = \"unix:/a\"\n",
     "f:2: milder.socket: unknown key; expected one of the example configuration"},
    {"dotted_key_in_quotes", "\"milter.user\" = \"root\"\n",
     "f:1: \"milter.user\": unknown key; expected one of the example configuration"},
    {"control_bytes_in_a_key_are_written_out", "\"a\\u001b[2J\" = 1\n",
     "f:1: a\\x1b[2J: unknown key; expected one of the example configuration"},
    {"section_as_value", "milter = 3\n", "f:1: milter: expected a section [milter]"},
    {"section_as_blocks", "[[milter]]\nuser = \"x\"\n",
     "f:1: milter: unknown; expected [[lines]], [[allow]], [[path]] or [[hook]]"},
    {"path_as_value", "path = \"zero_tolerance\"\n", "f:1: path: expected [[path]] blocks"},
    {"deeper_table", "[rspamd.more]\nx = 1\n",
     "f:1: rspamd.more: unknown key; expected one of the example configuration"},
    // Types and ranges.
    {"text_for_a_number", "[milter]\nsessions_max = \"400\"\n",
     "f:2: milter.sessions_max: expected a whole number from 1 to 10000 (sessions)"},
    {"decimal_for_a_number", "[milter]\nsessions_max = 1.5\n",
     "f:2: milter.sessions_max: expected a whole number from 1 to 10000 (sessions)"},
    {"too_many", "[milter]\nsessions_max = 10001\n",
     "f:2: milter.sessions_max: expected a whole number from 1 to 10000 (sessions)"},
    {"negative", "[milter]\ndrain_ms = -1\n",
     "f:2: milter.drain_ms: expected a whole number from 1 to 600000 (ms)"},
    {"number_for_text", "node = 7\n", "f:1: node: expected text in quotes"},
    {"date_for_text", "node = 2026-01-01\n", "f:1: node: expected text in quotes"},
    {"text_for_truth", "[rspamd]\nenabled = \"yes\"\n",
     "f:2: rspamd.enabled: expected true or false"},
    {"unknown_mode", "mode = \"test\"\n", "f:1: mode: expected \"observe\" or \"enforce\""},
    {"four_decimals", "[decide]\nspam = 6.0001\n",
     "f:2: decide.spam: expected points from 0.001 to 1000.0 with at most three decimals"},
    {"points_not_a_number", "[decide]\nspam = nan\n",
     "f:2: decide.spam: expected points from 0.001 to 1000.0 with at most three decimals"},
    {"points_huge", "[decide]\nspam = 1e300\n",
     "f:2: decide.spam: expected points from 0.001 to 1000.0 with at most three decimals"},
    {"points_none", "[decide]\nspam = 0\n",
     "f:2: decide.spam: expected points from 0.001 to 1000.0 with at most three decimals"},
    // Text.
    {"relative_state_dir", "state_dir = \"var\"\n",
     "f:1: state_dir: expected an absolute path without '..'"},
    {"state_dir_goes_up", "state_dir = \"/var/..\"\n",
     "f:1: state_dir: expected an absolute path without '..'"},
    {"newline_in_path", "state_dir = \"/var\\n/x\"\n",
     "f:1: state_dir: expected an absolute path without '..'"},
    {"inet_socket", "[milter]\nsocket = \"inet:25\"\n",
     "f:2: milter.socket: expected \"unix:/absolute/path\" of at most 107 bytes, or \"fd:3\""},
    {"long_socket", "[enforcer]\ndesk_socket = \"/" + std::string(107, 'a') + "\"\n",
     "f:2: enforcer.desk_socket: expected an absolute path of at most 107 bytes (a unix socket)"},
    {"standard_header", "[milter]\nuid_header = \"Subject\"\n",
     "f:2: milter.uid_header: expected a header field name that starts with X- (letters, digits "
     "and '-')"},
    {"https_url", "[rspamd]\nurl = \"https://rspamd/checkv2\"\n",
     "f:2: rspamd.url: expected http://host/path without user name, or \"\" for none"},
    {"password_in_url", "[rspamd]\nurl = \"http://a:b@rspamd/checkv2\"\n",
     "f:2: rspamd.url: expected http://host/path without user name, or \"\" for none"},
    // Combinations.
    {"corroborates_above_alone", "[decide]\nrules_corroborates = 5.5\n",
     "f:2: decide.rules_corroborates: expected at most what the family needs alone"},
    {"alone_below_corroborates", "[decide]\n\nrules_alone = 2\n",
     "f:3: decide.rules_corroborates: expected at most what the family needs alone"},
    {"suspect_above_spam", "[decide]\nsuspect = 7\n",
     "f:2: decide.suspect: expected at most decide.spam"},
    {"first_retry_above_ceiling", "[enforcer]\nretry_ceiling_ms = 1000\n",
     "f:2: enforcer.retry_first_ms: expected at most enforcer.retry_ceiling_ms"},
    {"retention_job", "[retention]\njob = \"run\"\n",
     "f:2: retention.job: expected \"unconfirmed\", \"show\" or \"all\""},
    {"retention_of_no_days", "[retention]\nspam_days = 0\n",
     "f:2: retention.spam_days: expected a whole number from 1 to 36500 (d)"},
    {"retention_of_upheld_claims", "[retention]\nclaim_upheld_days = 31\n",
     "f:2: retention.claim_upheld_days: expected a whole number from 1 to 30 (d)"},
    {"file_goes_before_spam", "[retention]\nspam_days = 1827\n",
     "f:2: retention.spam_file_days: expected at least retention.spam_days: " + still_kept},
    {"file_goes_before_fraud", "[retention]\n\nfraud_file_days = 2191\n",
     "f:3: retention.fraud_file_days: expected at least retention.fraud_days: " + still_kept},
    {"file_goes_before_compromised", "[retention]\ncompromised_file_days = 89\n",
     "f:2: retention.compromised_file_days: expected at least retention.compromised_days: " + still_kept},
    {"connect_above_deadline", "[rspamd]\nconnect_timeout_ms = 4000\n",
     "f:2: rspamd.connect_timeout_ms: expected at most rspamd.deadline_ms"},
    {"one_tag_for_both_doors", "[milter]\nlocal_tag = \"submission\"\n",
     "f:2: milter.local_tag: expected another tag than milter.submission_tag: doors are told apart "
     "by it"},
    {"rspamd_without_url", "[rspamd]\nurl = \"\"\n",
     "f:2: rspamd.url: expected a URL while rspamd.enabled is true"},
    {"run_dir_is_state_dir", "run_dir = \"/var/lib/bailiff\"\n",
     "f:1: run_dir: expected another folder than state_dir"},
    // Paths and hooks.
    {"path_without_actions", both_paths + "[[path]]\nname = \"more\"\n",
     "f:7: path.actions: expected it: has no default"},
    {"path_twice", both_paths + "[[path]]\nname = \"compromised\"\nactions = []\n",
     "f:7: path.name: expected a name once; 'compromised' is there before"},
    {"missing_path", "[[path]]\nname = \"compromised\"\nactions = []\n",
     "f:1: path: expected one with name = \"zero_tolerance\": a verdict starts it"},
    {"unknown_action", both_paths + "[[path]]\nname = \"more\"\nactions = [\"service.burn\"]\n",
     "f:9: path.actions: expected a list, each once, of service.terminate account.suspend "
     "credential.reset notify.team queue.release queue.delete queue.hold service.suspend "
     "service.purge script.block notify.holder ticket.open exec webhook; each may end in ' if "
     "login', ' if script' or ' if again'"},
    {"action_twice",
     both_paths + "[[path]]\nname = \"more\"\nactions = [\"notify.team\", \"notify.team\"]\n",
     "f:9: path.actions: expected a list, each once, of service.terminate account.suspend "
     "credential.reset notify.team queue.release queue.delete queue.hold service.suspend "
     "service.purge script.block notify.holder ticket.open exec webhook; each may end in ' if "
     "login', ' if script' or ' if again'"},
    {"number_among_actions",
     both_paths + "[[path]]\nname = \"more\"\nactions = [\"notify.team\", 1]\n",
     "f:9: path.actions: expected a list, each once, of service.terminate account.suspend "
     "credential.reset notify.team queue.release queue.delete queue.hold service.suspend "
     "service.purge script.block notify.holder ticket.open exec webhook; each may end in ' if "
     "login', ' if script' or ' if again'"},
    {"purge_on_a_path", both_paths + "[[path]]\nname = \"more\"\nactions = [\"service.purge\"]\n",
     "f:7: path.actions: expected no service.purge: only a person orders it, for one case"},
    {"relative_hook", "[[hook]]\ncommand = \"panel\"\nkinds = [\"notify.team\"]\n",
     "f:2: hook.command: expected an absolute path without '..'"},
    {"hook_without_command", "[[hook]]\nkinds = [\"notify.team\"]\n",
     "f:1: hook.command: expected it: has no default"},
    {"two_hooks_for_one_action",
     "[[hook]]\ncommand = \"/a\"\nkinds = [\"notify.team\"]\n"
     "[[hook]]\ncommand = \"/b\"\nkinds = [\"notify.team\"]\n",
     "f:4: hook.kinds: expected each action at one hook; notify.team has one before"},
    {"unknown_key_in_hook", "[[hook]]\ncommand = \"/a\"\nkinds = [\"notify.team\"]\nshell = true\n",
     "f:4: hook.shell: unknown key; expected one of the example configuration"},
    {"enforce_without_hook",
     "mode = \"enforce\"\n[[hook]]\ncommand = \"/a\"\n"
     "kinds = [\"service.terminate\", \"service.suspend\", \"account.suspend\", "
     "\"credential.reset\"]\n",
     "f:1: path.actions: expected a [[hook]] for notify.team of path zero_tolerance in mode "
     "enforce\n"
     "f:1: path.actions: expected a [[hook]] for notify.team of path compromised in mode enforce\n"
     "f:1: path.actions: expected a [[hook]] for notify.team of path prohibited_content in mode "
     "enforce"},
    // The file.
    {"all_at_once_in_order_of_lines", "[milter]\nport = 1\nuser = \"\"\n[decide]\nspam = true\n",
     "f:2: milter.port: unknown key; expected one of the example configuration\n"
     "f:3: milter.user: expected the name or number of a user or group\n"
     "f:5: decide.spam: expected points from 0.001 to 1000.0 with at most three decimals"},
};

class Wrongs : public testing::TestWithParam<Wrong> {};
TEST_P(Wrongs, are_named_with_line_and_expectation) {
    const auto settings = load_settings(GetParam().text, "f");
    ASSERT_FALSE(settings.has_value());
    EXPECT_EQ(settings.error().fault, Fault::invalid_input);
    EXPECT_EQ(settings.error().what, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Load, Wrongs, testing::ValuesIn(wrongs),
                         [](const auto& row) { return row.param.name; });

struct NoToml {
    const char* name;
    std::string text;
    std::string want;  ///< how the error starts
};
std::ostream& operator<<(std::ostream& out, const NoToml& row) {
    return out << row.name;
}

const NoToml no_tomls[] = {
    {"cut_in_half", "mode = \"observe\"\n[milter]\nsocket = \"unix:/va", "f:3: syntax: "},
    {"two_values", "node = \"a\"\nnode = \"b\"\n", "f:2: syntax: "},
    {"nul", std::string("node = \"a\0b\"\n", 13), "f:1: syntax: "},
    {"invalid_utf8", "node = \"\xff\xfe\"\n", "f:1: syntax: "},
    {"control_byte_after_brackets", "\n[[\x7f]]\n", "f:2: syntax: expected no control"},
    {"letter_beyond_ascii_for_a_value", "\nnode = \xc3\xa9\n", "f:2: syntax: "},
    {"letter_beyond_ascii_for_a_key", "\n\xef\xb9\xbf = 1\n", "f:2: syntax: "},
    {"letter_beyond_ascii_in_a_number", "[milter]\nsessions_max = 4\xef\xba\xbf\n",
     "f:2: syntax: "},
    {"no_key_after_bracket", "\n[\nnode = \"a\"\n", "f:2: syntax: "},
    {"comma_after_brackets", "\n[[,]]\n", "f:2: syntax: "},
    {"too_deep", "a = " + std::string(100'000, '['), "f:1: syntax: "},
    {"integer_overflow", "[milter]\nsessions_max = 99999999999999999999\n", "f:2: syntax: "},
    {"too_large", std::string(configuration_bytes_max + 1, '#'), "f:1: size: expected at most"},
};

class NoTomls : public testing::TestWithParam<NoToml> {};
TEST_P(NoTomls, are_refused_with_line) {
    const auto settings = load_settings(GetParam().text, "f");
    ASSERT_FALSE(settings.has_value());
    EXPECT_THAT(settings.error().what, testing::StartsWith(GetParam().want));
}
INSTANTIATE_TEST_SUITE_P(Load, NoTomls, testing::ValuesIn(no_tomls),
                         [](const auto& row) { return row.param.name; });

TEST(Load, gives_the_defaults_for_an_empty_file) {
    const auto settings = load_settings("", "f");
    ASSERT_TRUE(settings.has_value());
    EXPECT_EQ(effective_configuration(*settings), effective_configuration(default_settings()));
}

TEST(Load, keeps_the_defaults_that_the_language_promises) {
    const auto settings = default_settings();
    EXPECT_EQ(settings.mode, Mode::observe);
    EXPECT_EQ(settings.milter.socket, "unix:/var/spool/postfix/bailiff/milter.sock");
    EXPECT_EQ(settings.milter.sessions_max, 400);
    EXPECT_EQ(settings.enforcer.retry_ceiling, Milliseconds(600'000));
    EXPECT_EQ(settings.rspamd.reply_bytes_max, 1 << 20);
    EXPECT_EQ(settings.behaviour.score, BehaviourSettings{}.score);
    EXPECT_EQ(settings.policy.lines.suspect, Policy{}.lines.suspect);
    EXPECT_EQ(settings.policy.lines.spam, Policy{}.lines.spam);
}

class FamilyLines : public testing::TestWithParam<Family> {};
TEST_P(FamilyLines, are_those_of_the_policy) {
    const auto settings = default_settings();
    EXPECT_EQ(settings.policy.lines.of(GetParam()).alone, Policy{}.lines.of(GetParam()).alone);
    EXPECT_EQ(settings.policy.lines.of(GetParam()).corroborates, Policy{}.lines.of(GetParam()).corroborates);
}
INSTANTIATE_TEST_SUITE_P(Load, FamilyLines, testing::ValuesIn(families),
                         [](const auto& row) { return std::string(to_text(row.param)); });

TEST(Load, takes_paths_and_hooks_in_mode_enforce) {
    const auto settings = load_settings(
        "mode = \"enforce\"\n" + both_paths +
            "[[path]]\nname = \"watched\"\nobserve = true\nactions = [\"credential.reset\"]\n"
            "[[hook]]\ncommand = \"/usr/lib/bailiff/panel\"\ndeadline_ms = 500\n"
            "kinds = [\"service.terminate\", \"notify.team\"]\n",
        "f");
    ASSERT_TRUE(settings.has_value()) << settings.error().what;
    ASSERT_EQ(settings->paths.size(), 3U);
    EXPECT_EQ(settings->paths[2].actions, std::vector{PathStep(ActionKind::credential_reset)});
    EXPECT_TRUE(settings->paths[2].observe);
    ASSERT_EQ(settings->hooks.size(), 1U);
    EXPECT_EQ(settings->hooks[0].deadline, Milliseconds(500));
}

TEST(Load, takes_letters_beyond_ascii_in_quotes_and_comments) {
    const auto settings = load_settings(
        "\xef\xbb\xbf# l'\xc3\xa9t\xc3\xa9\nrun_dir = '/a\\\xc3\xa9' # \"\xc3\xa9\nstate_dir = "
        "\"/\xc3\xa9\"\n",
        "f");
    ASSERT_TRUE(settings.has_value()) << settings.error().what;
    EXPECT_EQ(settings->run_dir, "/a\\\xc3\xa9");
    EXPECT_EQ(settings->state_dir, "/\xc3\xa9");
}

TEST(Load, reads_points_with_decimals_as_milli_points) {
    const auto settings = load_settings("[decide]\nspam = 6.125\nsuspect = 4\n", "f");
    ASSERT_TRUE(settings.has_value());
    EXPECT_EQ(settings->policy.lines.spam, 6'125);
    EXPECT_EQ(settings->policy.lines.suspect, 4'000);
}

}  // namespace
}  // namespace bailiff
