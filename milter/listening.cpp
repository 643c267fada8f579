#include "milter/listening.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <bailiff/guard.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>

namespace bailiff {
namespace {

using namespace std::chrono_literals;

constexpr int backlog = 1'024;    // who connects during a restart waits there
constexpr auto leaving_max = 1s;  // of a predecessor that was killed

std::string because(int error) {
    return std::string(": ") + std::strerror(error);
}

/// 0 when somebody answers at `address`, else errno. Closed at once.
int try_to_connect(const sockaddr_storage& address, socklen_t length) noexcept {
    const int fd = ::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return errno;
    const auto* bytes = reinterpret_cast<const sockaddr*>(&address);
    const int error = ::connect(fd, bytes, length) == 0 ? 0 : errno;
    ::close(fd);
    return error;
}

Result<int> parse_descriptor(std::string_view text) {
    int fd = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fd);
    int listens = 0;
    socklen_t length = sizeof listens;
    if (error != std::errc{} || end != text.data() + text.size() || fd < 0 ||
        ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || listens == 0)
        return fail(Fault::invalid_input,
                    "fd:" + std::string(text) + " is no listening socket of this process");
    return fd;
}

Result<int> lock(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return fail(Fault::unavailable, "opening " + path + because(errno));
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    const int error = errno;
    ::close(fd);
    return fail(Fault::unavailable, error == EWOULDBLOCK ? "another instance holds " + path
                                                         : "locking " + path + because(error));
}

}  // namespace

Result<std::unique_ptr<Listening>> Listening::claim(std::string_view socket) {
    std::unique_ptr<Listening> claim(new Listening);
    if (socket.starts_with("fd:")) {
        BAILIFF_CHECK(claim->claim_descriptor(socket.substr(3)));
        return claim;
    }
    if (!socket.starts_with("unix:/") || socket.size() - 5 >= sizeof(sockaddr_un::sun_path))
        return fail(Fault::invalid_input, "'" + std::string(socket) +
                                              "' is no milter socket: expected unix:/path or fd:N");
    BAILIFF_CHECK(claim->claim_path(socket.substr(5)));
    return claim;
}

Result<void> Listening::claim_path(std::string_view text) {
    const std::string path(text);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    std::memcpy(&address_, &address, sizeof address);
    length_ = sizeof address;
    if (auto locked = lock(path + ".lock"))
        lock_ = *locked;
    else if (!guard_removed(Guard::socket_is_not_anothers))
        return tl::unexpected(locked.error());
    BAILIFF_CHECK(remove_stale(path));
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return fail(Fault::unavailable, "no socket" + because(errno));
    made_here_ = true;
    if (::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address_), length_) != 0 ||
        ::listen(descriptor_, backlog) != 0)
        return fail(Fault::unavailable, "listening on " + path + because(errno));
    return {};
}

/// Makes room at `path`, of what a predecessor left there.
Result<void> Listening::remove_stale(const std::string& path) const {
    int error = try_to_connect(address_, length_);
    const auto deadline = std::chrono::steady_clock::now() + leaving_max;
    while (error == 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(50ms);
        error = try_to_connect(address_, length_);
    }
    if (error == ENOENT) return {};
    struct stat found {};
    const bool known = ::lstat(path.c_str(), &found) == 0;
    if (!guard(Guard::socket_is_not_anothers, error == ECONNREFUSED))
        return fail(Fault::unavailable, error == 0 || error == EAGAIN
                                            ? "another program listens on " + path
                                            : path + because(error));
    if (!known || !S_ISSOCK(found.st_mode) || found.st_uid != ::geteuid())
        return fail(Fault::unavailable, path + " is not a socket of this user; it stays");
    if (::unlink(path.c_str()) != 0)
        return fail(Fault::unavailable, "removing the old " + path + because(errno));
    return {};
}

Result<void> Listening::claim_descriptor(std::string_view number) {
    BAILIFF_TRY(descriptor_, parse_descriptor(number));
    return {};
}

Listening::~Listening() {
    if (made_here_) ::close(descriptor_);
    if (lock_ >= 0) ::close(lock_);
}

}  // namespace bailiff
