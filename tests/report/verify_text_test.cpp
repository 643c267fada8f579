#include "src/report/verify_text.hpp"

#include <bailiff/base64.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/report/plain_text.hpp"

namespace bailiff {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;

VerifyFacts facts() {
    return {.case_id = *CaseId::parse("B0123456789ABCDEF"),
            .operator_name = "Hébergement Exemple SAS",
            .identity = "evidence@host.example",
            .name_space = "evidence@host.example",
            .bag = sha256("bag"),
            .sealed = *parse_rfc3339("2026-11-24T03:02:09.100Z"),
            .key_fingerprint = "SHA256:mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE",
            .log_origin = "log.host.example",
            .log_key_digest = sha256("log").hex(),
            .stamp_authority = "Example TSA",
            .stamp_root_digest = sha256("root").hex(),
            .site = "https://host.example/evidence-keys",
            .dns_name = "_evidence.host.example"};
}

ReadmeFacts readme_facts() {
    return {.case_id = *CaseId::parse("B0123456789ABCDEF"),
            .operator_name = "Hébergement Exemple SAS",
            .software = "bailiff 0.4.0",
            .written = *parse_rfc3339("2026-11-24T03:02:09.100Z"),
            .files = {"report.fr.html", "record.json", "README.fr.txt", "1-subscriber/holder.json",
                      "3-traffic/recipients.full.jsonl", "4-content/msg-0001.eml",
                      "4-content/msg-0012.mime.json", "5-analysis/ruleset/20-phishing.cf",
                      "5-analysis/unheard.of", "7-decision/statement-of-reasons.fr.txt"}};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::vector<std::string> commands(const std::string& text) {
    std::vector<std::string> found;
    for (const auto& line : lines_of(text))
        if (line.starts_with("    ")) found.push_back(line.substr(4));
    return found;
}

long widest_line(const std::string& text) {
    long most = 0;
    for (const auto& line : lines_of(text))
        if (line.find(' ') != std::string::npos && !line.starts_with("    "))
            most = std::max(most, std::ranges::count_if(line, [](char c) {
                                return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
                            }));
    return most;
}

TEST(VerifyText, has_the_same_commands_in_both_languages) {
    const auto en = commands(verify_text(facts(), Language::en));
    EXPECT_THAT(commands(verify_text(facts(), Language::fr)), ElementsAreArray(en));
    EXPECT_EQ(en.size(), 16U);
}

TEST(VerifyText, says_what_must_be_compared_and_what_is_not_proven) {
    for (const auto language : {Language::en, Language::fr}) {
        const auto text = verify_text(facts(), language);
        for (const auto& value :
             {facts().key_fingerprint, facts().log_key_digest, facts().stamp_root_digest,
              facts().bag.hex(), facts().site, facts().dns_name, facts().log_origin,
              facts().stamp_authority, std::string("verify-time=20261124030209"),
              std::string("WITHHELD.txt"), std::string("B0123456789ABCDEF")})
            EXPECT_THAT(text, HasSubstr(value));
    }
    EXPECT_THAT(verify_text(facts(), Language::en), HasSubstr("What it does not prove"));
    EXPECT_THAT(verify_text(facts(), Language::fr), HasSubstr("Ce qu’elle n’établit pas"));
}

TEST(VerifyText, says_where_nothing_was_given) {
    const auto text = verify_text({}, Language::fr);
    EXPECT_THAT(text, HasSubstr("site de l’hébergeur\u00a0: non indiqué dans ce dossier"));
}

TEST(VerifyText, fits_a_terminal_and_breaks_no_french_blank) {
    for (const auto& text :
         {verify_text(facts(), Language::en), verify_text(facts(), Language::fr),
          readme_text(readme_facts(), Language::en), readme_text(readme_facts(), Language::fr)})
        EXPECT_LE(widest_line(text), 100);
    const auto french =
        verify_text(facts(), Language::fr) + readme_text(readme_facts(), Language::fr);
    for (const auto& line : lines_of(french)) {
        if (line.starts_with("    ")) continue;
        for (const auto* bad : {" :", " ;", " !", " ?", " »", "« "})
            EXPECT_THAT(line, Not(HasSubstr(bad)));
    }
}

TEST(VerifyText, can_be_kept_for_looking) {
    const auto* folder = std::getenv("BAILIFF_KEEP_REPORTS");
    for (const auto language : {Language::en, Language::fr}) {
        const std::string ending = language == Language::fr ? ".fr.txt" : ".en.txt";
        const auto verify = verify_text(facts(), language);
        const auto readme = readme_text(readme_facts(), language);
        EXPECT_TRUE(verify.ends_with("\n") && readme.ends_with("\n"));
        if (folder == nullptr) continue;
        std::ofstream(folder + ("/VERIFY" + ending)) << verify;
        std::ofstream(folder + ("/README" + ending)) << readme;
    }
}

/// Every command of the text, on a record made by stock tools: what is expected is what comes.
TEST(VerifyText, its_commands_work) {
    const auto folder =
        fs::temp_directory_path() / ("bailiff-verify-text-" + std::to_string(getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
    auto now = facts();
    now.sealed = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
                 std::chrono::hours(1);
    std::ofstream script(folder / "all.sh");
    script << ". '" BAILIFF_SOURCE "/tests/evidence/record.sh'\nmake_record '" << folder.string()
           << "/one' '" BAILIFF_SOURCE "'\nexec 2>&1\n";
    for (const auto& command : commands(verify_text(now, Language::fr)))
        script << "sh -c \"$(cat <<'END'\n" << command << "\nEND\n)\" || echo \"STATUS $?\"\n";
    script << "withhold data/1-subscriber/holder.json\n"
           << commands(verify_text(now, Language::fr)).at(8) << "\n"
           << "rm data/record.json; echo x > data/more\n"
           << commands(verify_text(now, Language::fr)).at(8) << "\n"
           << commands(verify_text(now, Language::fr)).at(9) << "\n";
    script.close();
    ASSERT_EQ(
        std::system(
            ("sh '" + folder.string() + "/all.sh' > '" + folder.string() + "/out' 2>&1").c_str()),
        0);
    std::ostringstream out;
    out << std::ifstream(folder / "out").rdbuf();
    const auto text = out.str();
    EXPECT_THAT(text, Not(HasSubstr("STATUS")));
    for (const auto* expected :
         {"OK: complete copy, 8 files", " (ED25519)", "manifest-sha256.txt: OK",
          "data/record.json: OK", "Good \"evidence@host.example\" signature for",
          "Verification: OK", "Time stamp: ", "OK: entry 0 of 1 in the log log.host.example",
          "missing: data/record.json", "not listed: data/more"})
        EXPECT_THAT(text, HasSubstr(expected));
    EXPECT_THAT(text, Not(HasSubstr("missing: data/1-subscriber/holder.json")));
    fs::remove_all(folder);
}

TEST(ReadmeText, describes_each_file_of_the_record) {
    for (const auto language : {Language::en, Language::fr}) {
        const auto text = readme_text(readme_facts(), language);
        for (const auto& path : readme_facts().files)
            EXPECT_THAT(text, HasSubstr(path.substr(path.find_first_not_of("0123456789-"))
                                            .substr(path.find('/') == std::string::npos
                                                        ? 0
                                                        : path.find('/') - 1)));
    }
    const auto french = readme_text(readme_facts(), Language::fr);
    EXPECT_THAT(french, HasSubstr("un message, octet pour octet"));
    EXPECT_THAT(french, HasSubstr("ses parties, ses en-têtes"));
    EXPECT_THAT(french, HasSubstr("sans description particulière"));
    EXPECT_THAT(french, HasSubstr("aucun fichier dans ce dossier"));
    EXPECT_THAT(french, HasSubstr("les règles appliquées"));
}

TEST(ReadmeText, has_as_many_rows_in_both_languages) {
    const auto rows = [](Language language) {
        std::vector<std::string> first;
        for (const auto& line : lines_of(readme_text(readme_facts(), language)))
            if (line.size() > 36 && line[0] != ' ' && line[34] == ' ' && line[35] == ' ')
                first.push_back(line.substr(0, 36));
        return first;
    };
    EXPECT_THAT(rows(Language::fr), ElementsAreArray(rows(Language::en)));
    EXPECT_GT(rows(Language::en).size(), 12U);
}

TEST(Wrapped, lines_are_short_and_no_word_is_lost) {
    std::string long_text;
    for (int at = 0; at < 200; ++at) long_text += "wörter" + std::to_string(at) + " ";
    long_text += "end";
    const auto text = wrapped(Sentence::of(long_text), Language::en, {"- ", 2});
    EXPECT_LE(widest_line(text), 78);
    const std::string word(200, 'x');
    EXPECT_EQ(wrapped(Sentence::of("a " + word), Language::en), "a\n" + word + "\n");
    auto joined = text.substr(2, text.size() - 3);
    for (std::size_t at = 0; (at = joined.find("\n  ")) != std::string::npos;)
        joined.replace(at, 3, " ");
    EXPECT_EQ(joined, long_text);
}

}  // namespace
}  // namespace bailiff
