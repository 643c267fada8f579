// packaging/evidence/verify.sh against records that somebody has touched.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace bailiff {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

const std::string source = BAILIFF_SOURCE;
const std::string outside = " ../allowed_signers ../log.pem ../tsa-root.pem";

struct Answer {
    int status = -1;
    std::string text, last;
};

/// Runs in `folder`, with the functions of record.sh.
Answer run(const fs::path& folder, const std::string& command) {
    const auto script = folder.string() + ".sh", out = folder.string() + ".out";
    std::ofstream(script) << ". '" << source << "/tests/evidence/record.sh'\ncd '"
                          << folder.string() << "'\n"
                          << command << "\n";
    const int status = std::system(("/bin/sh '" + script + "' >'" + out + "' 2>&1").c_str());
    std::ostringstream text;
    text << std::ifstream(out).rdbuf();
    Answer answer{WIFEXITED(status) ? WEXITSTATUS(status) : -1, text.str(), {}};
    std::istringstream lines(answer.text);
    for (std::string line; std::getline(lines, line);) answer.last = line;
    return answer;
}

/// Makes one record for all, and a copy for each test.
class Record : public testing::Test {
protected:
    static void SetUpTestSuite() {
        template_ = fs::temp_directory_path() / ("bailiff-record-" + std::to_string(getpid()));
        fs::remove_all(template_);
        fs::create_directories(template_);
        const auto made = run(template_, "make_record \"$PWD/one\" '" + source + "'");
        ASSERT_EQ(made.status, 0) << made.text;
    }
    static void TearDownTestSuite() {
        for (const auto* ending : {"", ".sh", ".out"}) fs::remove_all(template_.string() + ending);
    }
    void SetUp() override {
        copy_ = template_ / "copy";
        fs::remove_all(copy_);
        fs::copy(template_ / "one", copy_, fs::copy_options::recursive);
    }
    /// And the list of what stands beside the seals is that of the touched record.
    [[nodiscard]] Answer touch(const std::string& how) const {
        return run(copy_ / "record", how + "\nsums_again 2> /dev/null || :");
    }
    [[nodiscard]] Answer verify(const std::string& keys = outside) const {
        return run(copy_ / "record", "exec /bin/sh seals/verify.sh" + keys);
    }
    static inline fs::path template_;
    fs::path copy_;
};

struct Manipulation {
    std::string name, how, want;
};
std::ostream& operator<<(std::ostream& out, const Manipulation& row) {
    return out << row.name;
}

class Touched : public Record, public testing::WithParamInterface<Manipulation> {};

TEST_P(Touched, is_refused_and_the_first_bad_thing_named) {
    const auto done = touch(GetParam().how);
    ASSERT_EQ(done.status, 0) << done.text;
    const auto answer = verify();
    EXPECT_EQ(answer.status, 1) << answer.text;
    EXPECT_THAT(answer.last, StartsWith("FAILED: " + GetParam().want)) << answer.text;
}

const std::string by_hand = "manifest-sha256.txt; list=manifest-sha256.txt; ";
const Manipulation manipulations[] = {
    // files
    {"payload_changed", "echo x >> data/4-content/msg-0001.eml",
     "changed: data/4-content/msg-0001.eml"},
    {"first_of_two_changes", "echo x >> data/record.json; echo x >> data/1-subscriber/holder.json",
     "changed: data/1-subscriber/holder.json"},
    {"payload_emptied", ": > data/record.json", "changed: data/record.json"},
    {"payload_missing", "rm data/record.json",
     "missing, and not named in WITHHELD.txt: data/record.json"},
    {"payload_is_a_folder", "rm data/record.json; mkdir data/record.json",
     "not a file: data/record.json"},
    {"file_too_many", "echo x > data/4-content/msg-0002.eml",
     "not in the list of files: ./data/4-content/msg-0002.eml"},
    {"file_too_many_at_the_top", "echo x > note.txt", "not in the list of files: ./note.txt"},
    {"hidden_file", "echo x > data/.hidden", "not in the list of files: ./data/.hidden"},
    {"file_in_a_new_folder", "mkdir -p data/9-more; echo x > data/9-more/a",
     "not in the list of files: ./data/9-more/a"},
    {"odd_name", "echo x > 'data/a b'", "odd file name: ./data/a b"},
    {"name_with_newline", "echo x > 'data/a\nok  b'", "odd file name: ./data/a"},
    {"name_with_escape", "echo x > \"data/$(printf 'a\\033[2J')\"", "odd file name: ./data/a??2J"},
    {"odd_name_within_seals", "echo x > 'seals/a;b'", "odd file name: ./seals/a?b"},
    {"symbolic_link", "mv data/record.json ../x; ln -s ../../x data/record.json",
     "symbolic link or special file: ./data/record.json"},
    {"linked_folder", "mv data/4-content ..; ln -s ../../4-content data/4-content",
     "symbolic link or special file: ./data/4-content"},
    {"link_within_seals", "rm seals/signer.txt; ln -s keys/log.pem seals/signer.txt",
     "symbolic link or special file: ./seals/signer.txt"},
    {"pipe", "mkfifo data/pipe", "symbolic link or special file: ./data/pipe"},
    // lists
    {"list_changed", "echo x >> data/record.json; list_again", "changed: bag-info.txt"},
    {"info_changed", "echo 'Note: x' >> bag-info.txt", "changed: bag-info.txt"},
    {"declaration_changed", "echo x >> bagit.txt", "changed: bagit.txt"},
    {"declaration_of_another_version", "sed -i s/1.0/0.9/ bagit.txt; seal_again",
     "bagit.txt is not that of a BagIt 1.0 record"},
    {"list_missing", "rm manifest-sha256.txt", "missing: manifest-sha256.txt"},
    {"tag_list_lacks_one", "sed -i /bag-info/d tagmanifest-sha256.txt; sign_again",
     "tagmanifest-sha256.txt does not list bag-info.txt"},
    {"tag_list_has_more",
     "sha256sum data/record.json | sed 's,data/,,' >> tagmanifest-sha256.txt; sign_again",
     "tagmanifest-sha256.txt lists record.json, which does not belong there"},
    {"lists_made_again", "echo x >> data/record.json; list_again; tag_again",
     "the signature does not fit tagmanifest-sha256.txt"},
    {"absolute_path", "sed -i 's,data/record.json,/etc/passwd,' " + by_hand + "seal_again",
     "manifest-sha256.txt, line 8: not a plain path"},
    {"path_upwards", "sed -i 's,data/record.json,data/../../sign,' " + by_hand + "seal_again",
     "manifest-sha256.txt, line 8: not a plain path"},
    {"path_with_a_blank",
     "sed -i 's,data/record.json,data/rec ord.json,' " + by_hand + "seal_again",
     "manifest-sha256.txt, line 8: not a plain path"},
    {"path_twice", "tail -n 1 manifest-sha256.txt > ../l; cat ../l >> " + by_hand + "seal_again",
     "manifest-sha256.txt, line 9: a path for the second time"},
    {"path_of_a_tag_file", "sha256sum bagit.txt >> " + by_hand + "seal_again",
     "manifest-sha256.txt, line 9: a path that does not belong here"},
    {"short_digest", "sed -i s/^.// " + by_hand + "seal_again",
     "manifest-sha256.txt, line 1: not a digest and a path"},
    {"capital_digits", "tr a-f A-F < manifest-sha256.txt > ../l; cp ../l " + by_hand + "seal_again",
     "manifest-sha256.txt, line 1: not a digest and a path"},
    {"binary_star", "sed -i 's/  / */' " + by_hand + "seal_again",
     "manifest-sha256.txt, line 1: not a digest and a path"},
    {"line_ends_of_windows", "sed -i 's/$/\\r/' " + by_hand + "seal_again",
     "manifest-sha256.txt, line 1: not a plain path"},
    {"no_file_at_all", "rm -r data/*; : > manifest-sha256.txt; seal_again",
     "manifest-sha256.txt is empty"},
    {"oxum_of_other_bytes", "sed -i 's/Oxum: [0-9]*/Oxum: 1/' bag-info.txt; seal_again",
     "bag-info.txt tells of 1 bytes"},
    {"oxum_of_more_files", "sed -i 's/[.]8$/.9/' bag-info.txt; seal_again",
     "bag-info.txt tells of 9 files, the list of 8"},
    {"no_oxum", "sed -i /Oxum/d bag-info.txt; seal_again", "bag-info.txt has no Payload-Oxum"},
    // what is withheld
    {"one_more_is_missing", "withhold data/1-subscriber/holder.json; rm data/record.json",
     "missing, and not named in WITHHELD.txt: data/record.json"},
    {"withheld_and_here", "echo data/record.json > WITHHELD.txt",
     "WITHHELD.txt names a file that is here: data/record.json"},
    {"withheld_and_never_there", "echo data/none > WITHHELD.txt",
     "WITHHELD.txt names a file that the record never had: data/none"},
    {"half_a_name_is_no_name", "rm data/record.json; echo data/record > WITHHELD.txt",
     "missing, and not named in WITHHELD.txt: data/record.json"},
    {"changed_in_a_partial_copy",
     "withhold data/1-subscriber/holder.json; echo x >> data/record.json",
     "changed: data/record.json"},
    {"files_put_in_place_of_withheld",
     "withhold data/1-subscriber/holder.json; echo x > data/1-subscriber/owner.json",
     "not in the list of files: ./data/1-subscriber/owner.json"},
    // signature
    {"signature_missing", "rm seals/*.sig", "missing: seals/tagmanifest-sha256.txt.sig"},
    {"signature_of_another_key", "sign_again other",
     "signed by a key that ../allowed_signers does not allow"},
    {"signature_for_another_purpose", "sign_again sign git",
     "the signature does not fit tagmanifest-sha256.txt"},
    {"signature_damaged", "sed -i '2s/.$/!/' seals/*.sig",
     "seals/tagmanifest-sha256.txt.sig is not written as ssh-keygen writes it"},
    {"signer_of_another_name", "echo 'x@host.example evidence@host.example' > seals/signer.txt",
     "signed by a key that ../allowed_signers does not allow for x@host.example"},
    {"signer_missing", "rm seals/signer.txt", "missing: seals/signer.txt"},
    {"signer_is_an_option", "echo '-f -n' > seals/signer.txt",
     "seals/signer.txt does not name an identity"},
    {"signer_of_two_lines", "echo 'a b' >> seals/signer.txt",
     "seals/signer.txt does not name an identity"},
    {"signer_without_a_line_end", "printf 'evidence@host.example x' > seals/signer.txt",
     "seals/signer.txt is not one line"},
    {"key_not_yet_valid", "sed -i 's/20260101/20980101/' ../allowed_signers",
     "signed by a key that ../allowed_signers does not allow"},
    {"no_keys", "rm ../allowed_signers", "cannot read ../allowed_signers"},
    // time stamp
    {"stamp_of_another_record",
     "cp seals/*.tsr ../t; echo 'Note: x' >> bag-info.txt; seal_again;"
     " cp ../t seals/tagmanifest-sha256.txt.tsr",
     "the time stamp does not fit tagmanifest-sha256.txt"},
    {"stamp_by_another_authority", "cp ../othertsa-root.pem ../tsa-root.pem",
     "the time stamp does not fit tagmanifest-sha256.txt or ../tsa-root.pem"},
    {"stamp_is_none", "echo x > seals/tagmanifest-sha256.txt.tsr",
     "seals/tagmanifest-sha256.txt.tsr is no time stamp"},
    {"stamp_that_was_refused",
     "(cd ..; openssl ts -query -data record/tagmanifest-sha256.txt -sha384 -out q; openssl ts "
     "-reply -config tsa.conf -section tsa -queryfile q -signer tsa.pem -inkey tsa.key -out "
     "record/seals/tagmanifest-sha256.txt.tsr) 2> ../said || true",
     "seals/tagmanifest-sha256.txt.tsr tells no time"},
    {"stamp_without_its_root", "rm ../tsa-root.pem", "cannot read ../tsa-root.pem"},
    // log
    {"entry_of_another_record", "sed -i '3s/^.*$/'$(printf %064d 0)/ seals/leaf.bin; log_again",
     "seals/leaf.bin names another record"},
    {"entry_of_another_kind", "entry_again action; log_again",
     "seals/leaf.bin is not the entry of a sealed record"},
    {"entry_with_more_lines", "echo x >> seals/leaf.bin; log_again",
     "seals/leaf.bin is not an entry of this log"},
    {"salt_changed", "openssl rand -out seals/salt.bin 32", "seals/leaf.bin names another record"},
    {"salt_of_another_size", "openssl rand -out seals/salt.bin 33; entry_again; log_again",
     "seals/salt.bin has not 32 bytes"},
    {"entry_not_in_the_log", "entry_again addendum",
     "the proof of the log: these bytes are not entry 0"},
    {"another_log", "cp ../otherlog.pem ../log.pem",
     "the proof of the log: no signature of this key"},
    {"proof_missing", "rm seals/evidence.tlog-proof", "missing: seals/evidence.tlog-proof"},
    // the whole
    {"not_a_record", "rm tagmanifest-sha256.txt", "this is not the folder of a record"},
};
INSTANTIATE_TEST_SUITE_P(Manipulations, Touched, testing::ValuesIn(manipulations),
                         [](const auto& row) { return row.param.name; });

TEST_F(Record, as_it_was_made_is_good_and_stays_as_it_was) {
    const auto before = touch("find . | sort; find . -type f -exec sha256sum {} +").text;
    const auto answer = verify();
    EXPECT_EQ(answer.status, 0) << answer.text;
    EXPECT_THAT(answer.last, StartsWith("OK: complete copy, 8 files; signed by "
                                        "evidence@host.example; in the log; time stamp 2"));
    EXPECT_EQ(answer.text.find("WARNING"), std::string::npos);
    EXPECT_EQ(touch("find . | sort; find . -type f -exec sha256sum {} +").text, before);
}

TEST_F(Record, damage_beside_the_seals_is_named) {
    const std::pair<const char*, const char*> touched[] = {
        {"echo >> seals/keys/log.pem", "changed: seals/keys/log.pem"},
        {"echo '# x' >> seals/verify.sh", "changed: seals/verify.sh"},
        {"rm seals/keys/tsa-root.pem", "missing: seals/keys/tsa-root.pem"},
        {"echo x > seals/more", "not in seals/SHA256SUMS: ./seals/more"},
        {"rm seals/SHA256SUMS", "missing: seals/SHA256SUMS"},
        {"sed -i 's,  keys/log,  /etc/passwd,' seals/SHA256SUMS", "not a plain path"},
    };
    for (const auto& [how, want] : touched) {
        SetUp();
        (void)run(copy_ / "record", how);
        const auto answer = verify();
        EXPECT_EQ(answer.status, 1) << how << answer.text;
        EXPECT_THAT(answer.last, HasSubstr(want)) << how;
    }
}

TEST_F(Record, with_keys_from_inside_says_what_that_is_worth) {
    const auto answer = verify("");
    EXPECT_EQ(answer.status, 0);
    EXPECT_THAT(answer.text, HasSubstr("WARNING seals/keys/allowed_signers is from inside"));
    EXPECT_THAT(answer.last, HasSubstr("KEYS FROM INSIDE THE RECORD: who signed is not proven"));
    const auto absolute = verify(" \"$PWD/seals/keys/allowed_signers\" ../log.pem ../tsa-root.pem");
    EXPECT_THAT(absolute.last, HasSubstr("KEYS FROM INSIDE"));
}

TEST_F(Record, of_every_choice_of_tiers_verifies_and_tells_what_is_withheld) {
    for (unsigned tiers = 1; tiers < 16; ++tiers) {
        SetUp();
        std::string how = "i=" + std::to_string(tiers) +
                          "; for f in 1-subscriber/holder.json 2-identification/access.jsonl "
                          "3-traffic/transactions.jsonl 4-content/msg-0001.eml; do "
                          "[ $((i % 2)) = 0 ] || withhold data/$f; i=$((i / 2)); done";
        ASSERT_EQ(touch(how).status, 0);
        const auto answer = verify();
        EXPECT_EQ(answer.status, 0) << answer.text;
        EXPECT_THAT(answer.last, StartsWith("OK: partial copy, "));
        EXPECT_THAT(answer.text, HasSubstr("withheld: data/"));
    }
}

TEST_F(Record, without_a_stamp_is_pending) {
    ASSERT_EQ(touch("rm seals/*.tsr").status, 0);
    EXPECT_THAT(verify().last, HasSubstr("time stamp pending"));
}

TEST_F(Record, without_the_program_for_the_log_says_so) {
    ASSERT_EQ(touch("rm seals/verify-log.sh").status, 0);
    const auto answer = verify();
    EXPECT_THAT(answer.text, HasSubstr("NOTE    seals/verify-log.sh is missing"));
    EXPECT_THAT(answer.last, HasSubstr("log not checked"));
}

// What has ended must have been good when the stamp was made: these two wait for it to end.
TEST_F(Record, outlives_the_key_that_signed_it_by_its_stamp) {
    ASSERT_EQ(touch("sed -i \"s/20990101/$(date -u +%Y%m%d%H%M%S -d '1 second')/\" "
                    "../allowed_signers; sleep 2")
                  .status,
              0);
    EXPECT_EQ(verify().status, 0);
    ASSERT_EQ(touch("rm seals/*.tsr").status, 0);
    EXPECT_THAT(verify().last, HasSubstr("does not allow for evidence@host.example at that time"));
}

TEST_F(Record, outlives_the_certificate_of_the_stamp) {
    const auto ended = touch("(cd ..; tsa_for_seconds 2); stamp_again; sleep 3");
    ASSERT_EQ(ended.status, 0) << ended.text;
    const auto answer = verify();
    EXPECT_EQ(answer.status, 0) << answer.text;
    EXPECT_THAT(answer.text, HasSubstr("the authority's certificate has ended since"));
}

TEST_F(Record, works_with_any_umask_and_in_another_place) {
    EXPECT_EQ(run(copy_ / "record", "umask 777; exec /bin/sh seals/verify.sh" + outside).status, 0);
    ASSERT_EQ(touch("cd ..; mkdir 'other place'; cp -R record \"other place/it's\"; "
                    "cp *.pem allowed_signers 'other place'")
                  .status,
              0);
    EXPECT_EQ(
        run(copy_ / "record", "cd \"../other place/it's\"; exec /bin/sh seals/verify.sh" + outside)
            .status,
        0);
}

TEST_F(Record, cannot_be_checked_without_what_it_takes) {
    EXPECT_THAT(verify(" a b c d").last, StartsWith("FAILED: usage: "));
    EXPECT_THAT(run(copy_ / "record", "TMPDIR=/none exec /bin/sh seals/verify.sh" + outside).last,
                StartsWith("FAILED: no folder for temporary files"));
    const auto poor =
        run(copy_ / "record",
            "mkdir ../bin; for t in awk cat cmp cut find fold grep head mktemp rm sed "
            "sha256sum ssh-keygen tr wc; do ln -s \"$(command -v $t)\" ../bin/; done; "
            "PATH=$PWD/../bin exec /bin/sh seals/verify.sh" +
                outside);
    EXPECT_EQ(poor.status, 1);
    EXPECT_EQ(poor.last, "FAILED: this computer has no openssl");
}

}  // namespace
}  // namespace bailiff
