// Our SSH signatures and keys, against ssh-keygen(1) itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "src/evidence/sshsig.hpp"

namespace bailiff::ssh {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr auto name_space = "evidence@host.example";

SigningKey key_of(std::uint8_t first) {
    std::array<std::uint8_t, 32> seed{};
    for (auto& byte : seed) byte = first++;
    return SigningKey(seed);
}

class Keygen : public testing::Test {
protected:
    Keygen() {
        std::string name = (fs::temp_directory_path() / "sshsig-XXXXXX").string();
        folder_ = mkdtemp(name.data());
    }
    ~Keygen() override { fs::remove_all(folder_); }
    void write(const std::string& name, const std::string& content) const {
        std::ofstream(folder_ / name, std::ios::binary) << content;
        fs::permissions(folder_ / name, fs::perms::owner_read | fs::perms::owner_write);
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
        return text.str();
    }
    [[nodiscard]] bool run(const std::string& command) const {
        const auto in = "cd '" + folder_.string() + "' && " + command + " >out 2>&1";
        return std::system(in.c_str()) == 0;
    }
    fs::path folder_;
};

TEST_F(Keygen, signs_the_same_bytes_as_we) {
    for (const auto& content :
         {std::string(), std::string("a\n"), std::string(100'000, 'x'), std::string("\0\r\n", 3)}) {
        const auto key = key_of(7);
        write("key", private_file(key, "bailiff evidence"));
        write("file", content);
        ASSERT_TRUE(run(std::string("rm -f file.sig; ssh-keygen -q -Y sign -f key -n ") +
                        name_space + " file"))
            << read("out");
        EXPECT_EQ(read("file.sig"), sign(content, name_space, key));
    }
}

TEST_F(Keygen, verifies_what_we_sign) {
    const auto key = key_of(9);
    write("file", "something\n");
    write("file.sig", sign("something\n", name_space, key));
    write("allowed", std::string(name_space) + " namespaces=\"" + name_space + "\" " +
                         public_line(key.public_key()) + "\n");
    const auto verify = std::string("ssh-keygen -Y verify -f allowed -I ") + name_space + " -n " +
                        name_space + " -s file.sig < file";
    EXPECT_TRUE(run(verify)) << read("out");
    write("file", "something else\n");
    EXPECT_FALSE(run(verify));
}

TEST_F(Keygen, makes_keys_that_we_read) {
    ASSERT_TRUE(run("ssh-keygen -q -t ed25519 -N '' -C somebody -f own"));
    const auto key = parse_private_file(read("own"));
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_EQ(public_line(key->public_key()) + " somebody\n", read("own.pub"));
    EXPECT_EQ(parse_public_line(read("own.pub")), key->public_key());
    ASSERT_TRUE(run("ssh-keygen -l -f own.pub"));
    EXPECT_THAT(read("out"), HasSubstr(fingerprint(key->public_key())));
}

TEST_F(Keygen, keys_that_are_encrypted_or_of_another_kind_are_refused) {
    ASSERT_TRUE(run("ssh-keygen -q -t ed25519 -N secret -f locked"));
    EXPECT_THAT(parse_private_file(read("locked")).error().what, HasSubstr("encrypted"));
    ASSERT_TRUE(run("ssh-keygen -q -t ecdsa -N '' -f other"));
    EXPECT_THAT(parse_private_file(read("other")).error().what, HasSubstr("Ed25519"));
    EXPECT_FALSE(parse_public_line(read("other.pub")));
    EXPECT_FALSE(parse_private_file(""));
}

TEST(Signature, of_other_bytes_key_or_namespace_is_refused) {
    const auto key = key_of(1);
    const auto good = sign("file", name_space, key);
    EXPECT_TRUE(check(good, "file", name_space, key.public_key()));
    EXPECT_EQ(signer_of(good), key.public_key());
    EXPECT_FALSE(signer_of("file"));
    const auto why = [&](std::string_view file, std::string_view space, const PublicKey& by) {
        return check(good, file, space, by).error().what;
    };
    EXPECT_THAT(why("filf", name_space, key.public_key()), HasSubstr("these bytes"));
    EXPECT_THAT(why("file", "git", key.public_key()), HasSubstr("namespace"));
    EXPECT_THAT(why("file", name_space, key_of(2).public_key()), HasSubstr("signed by SHA256:"));
}

TEST(Signature, no_changed_character_is_accepted) {
    const auto key = key_of(1);
    const auto good = sign("file", name_space, key);
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const char other : {'A', '/', '\n', '='}) {
            auto changed = good;
            if (changed[at] == other) continue;
            changed[at] = other;
            EXPECT_FALSE(check(changed, "file", name_space, key.public_key())) << at << other;
        }
    for (std::size_t size = 0; size + 1 < good.size(); ++size)
        EXPECT_FALSE(check(good.substr(0, size), "file", name_space, key.public_key())) << size;
}

TEST(PrivateKey, comes_back_as_it_was) {
    const auto key = key_of(200);
    const auto again = parse_private_file(private_file(key, "x"));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->seed(), key.seed());
}

}  // namespace
}  // namespace bailiff::ssh
