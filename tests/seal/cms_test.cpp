// What we encrypt, openssl(1) opens with the key of any recipient, and with no other.
#include "src/seal/cms.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace bailiff {
namespace {

namespace fs = std::filesystem;

Instant now() {
    return std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now());
}

class Keys : public testing::Test {
protected:
    static void SetUpTestSuite() {
        std::string name = (fs::temp_directory_path() / "cms-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
        make("rsa", "rsa:2048");
        make("ec", "ec -pkeyopt ec_paramgen_curve:P-256");
        make("other", "rsa:2048");
        make("ed", "ed25519");
    }
    static void TearDownTestSuite() { fs::remove_all(folder_); }

    static void make(const std::string& name, const std::string& kind) {
        run("openssl req -x509 -newkey " + kind + " -nodes -days 30 -subj /CN=" + name +
            " -keyout " + name + ".key -out " + name + ".pem");
    }
    static int status(const std::string& command) {
        return std::system(("cd " + folder_ + " && " + command + " 2>/dev/null").c_str());
    }
    static void run(const std::string& command) { ASSERT_EQ(status(command), 0) << command; }
    static std::string content(const std::string& name) {
        std::ifstream file(folder_ + "/" + name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static int opened_by(const std::string& key) {
        return status("openssl cms -decrypt -binary -inform DER -in sealed -inkey " + key +
                      ".key -recip " + key + ".pem -out clear." + key);
    }
    static void seal(std::string_view bytes, const CmsRecipients& to) {
        const auto sealed = cms_encrypted(bytes, to);
        ASSERT_TRUE(sealed) << sealed.error().what;
        std::ofstream(folder_ + "/sealed", std::ios::binary) << *sealed;
    }
    inline static std::string folder_;
};

TEST_F(Keys, of_each_recipient_open_it_and_no_other) {
    CmsRecipients to;
    ASSERT_TRUE(to.add(content("rsa.pem") + content("ec.pem"), "both.pem", now()));
    EXPECT_EQ(to.names().size(), 2U);
    EXPECT_TRUE(to.names()[0].starts_with("CN=rsa, SHA-256 ")) << to.names()[0];
    std::string bytes(3U << 20, '\r');
    bytes += std::string("\0\n\x1a", 3);
    seal(bytes, to);
    for (const auto* key : {"rsa", "ec"}) {
        EXPECT_EQ(opened_by(key), 0) << key;
        EXPECT_EQ(content(std::string("clear.") + key), bytes);
    }
    EXPECT_NE(opened_by("other"), 0);
}

TEST_F(Keys, find_a_changed_byte) {
    CmsRecipients to;
    ASSERT_TRUE(to.add(content("rsa.pem"), "rsa.pem", now()));
    seal(std::string(1000, 'x'), to);
    auto sealed = content("sealed");
    sealed[sealed.size() - 300] = static_cast<char>(sealed[sealed.size() - 300] ^ 1);
    std::ofstream(folder_ + "/sealed", std::ios::binary) << sealed;
    EXPECT_NE(opened_by("rsa"), 0);
}

TEST_F(Keys, that_cannot_be_used_are_refused_by_name) {
    const auto said = [](const std::string& pem, Instant at) {
        CmsRecipients to;
        const auto added = to.add(pem, "file.pem", at);
        return added ? std::string("taken") : added.error().what;
    };
    EXPECT_EQ(said("nonsense", now()), "file.pem: expected a certificate in PEM");
    EXPECT_EQ(said("", now()), "file.pem: expected a certificate in PEM");
    const auto rsa = content("rsa.pem");
    EXPECT_EQ(said(rsa, now() + std::chrono::hours(24 * 31)),
              "file.pem: the certificate of CN=rsa has ended");
    EXPECT_EQ(said(rsa, now() - std::chrono::hours(24)),
              "file.pem: the certificate of CN=rsa is not good yet");
    EXPECT_NE(said(content("ed.pem"), now()).find("expected RSA or an elliptic curve"),
              std::string::npos);
    EXPECT_FALSE(cms_encrypted("x", CmsRecipients{}));
}

}  // namespace
}  // namespace bailiff
