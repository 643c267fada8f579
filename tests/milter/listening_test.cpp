// Whose socket it is: fault A11.
#include "milter/listening.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/milter/session_fakes.hpp"

namespace bailiff {
namespace {

using testing::HasSubstr;

class ListeningTest : public testing::Test {
protected:
    void SetUp() override {
        char name[] = "/tmp/bailiff-listening-XXXXXX";
        directory_ = mkdtemp(name);
    }
    void TearDown() override { std::filesystem::remove_all(directory_); }

    [[nodiscard]] std::string path() const { return directory_ + "/milter.sock"; }

    [[nodiscard]] sockaddr_un address() const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path().copy(address.sun_path, sizeof address.sun_path - 1);
        return address;
    }
    [[nodiscard]] int connected_socket() const {
        const auto there = address();
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there), 0);
        return fd;
    }
    /// A socket bound to path(), listening or left behind by its owner.
    [[nodiscard]] int bound_socket() const {
        const auto there = address();
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        EXPECT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there), 0);
        return fd;
    }

    std::string directory_;
};

TEST_F(ListeningTest, a_free_path_is_claimed_once) {
    auto first = Listening::claim("unix:" + path());
    ASSERT_TRUE(first) << first.error().what;
    const auto second = Listening::claim("unix:" + path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::unavailable);
    EXPECT_THAT(second.error().what, HasSubstr("another instance"));
    first->reset();
    EXPECT_TRUE(Listening::claim("unix:" + path()));
}

TEST_F(ListeningTest, a_live_socket_of_another_program_is_left_alone) {
    const int fd = bound_socket();
    ::listen(fd, 8);
    const auto claim = Listening::claim("unix:" + path());
    ASSERT_FALSE(claim);
    EXPECT_EQ(claim.error().fault, Fault::unavailable);
    EXPECT_TRUE(std::filesystem::exists(path()));
    ::close(fd);
}

TEST_F(ListeningTest, a_stale_socket_is_claimed) {
    ::close(bound_socket());
    EXPECT_TRUE(Listening::claim("unix:" + path()));
}

TEST_F(ListeningTest, without_its_guard_the_socket_of_a_living_instance_is_taken) {
    const auto first = Listening::claim("unix:" + path());
    ASSERT_TRUE(first);
    const test::WithoutGuard removed("socket_is_not_anothers");
    const auto second = Listening::claim("unix:" + path());
    ASSERT_TRUE(second) << second.error().what;
    const int client = connected_socket();
    EXPECT_GE(::accept((*second)->descriptor(), nullptr, nullptr), 0);  // the first gets nobody
    ::close(client);
}

TEST_F(ListeningTest, what_is_no_socket_stays) {
    std::ofstream(path()) << "kept";
    const auto claim = Listening::claim("unix:" + path());
    ASSERT_FALSE(claim);
    EXPECT_THAT(claim.error().what, HasSubstr("not a socket of this user"));
    EXPECT_EQ(std::filesystem::file_size(path()), 4U);
}

TEST_F(ListeningTest, a_lock_file_that_is_a_link_is_not_followed) {
    std::ofstream(directory_ + "/target") << "kept";
    std::filesystem::create_symlink(directory_ + "/target", path() + ".lock");
    EXPECT_FALSE(Listening::claim("unix:" + path()));
}

TEST_F(ListeningTest, a_listening_descriptor_is_claimed) {
    const int fd = bound_socket();
    EXPECT_FALSE(Listening::claim("fd:" + std::to_string(fd)));  // bound only
    ::listen(fd, 8);
    const auto claim = Listening::claim("fd:" + std::to_string(fd));
    ASSERT_TRUE(claim) << claim.error().what;
    const int client = connected_socket();
    EXPECT_GE(::accept((*claim)->descriptor(), nullptr, nullptr), 0);
    ::close(client);
    ::close(fd);
}

TEST_F(ListeningTest, other_forms_are_refused_by_name) {
    for (const std::string socket : {"", "unix:", "unix:relative.sock", "inet:8891@127.0.0.1",
                                     "fd:", "fd:x", "fd:-1", "fd:99999", "/path"}) {
        const auto claim = Listening::claim(socket);
        ASSERT_FALSE(claim) << socket;
        EXPECT_EQ(claim.error().fault, Fault::invalid_input) << socket;
    }
    EXPECT_FALSE(Listening::claim("unix:/" + std::string(200, 'x')));
}

}  // namespace
}  // namespace bailiff
