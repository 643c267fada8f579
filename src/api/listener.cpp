#include "src/api/listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace bailiff {
namespace {

constexpr int backlog = 64;

std::string last_error() {
    return std::system_category().message(errno);
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the sockets interface
}

Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return fail(Fault::invalid_input, "expected a path of 1 to 107 bytes");
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

int new_socket() {
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/// Whether a process accepts connections there; one that is too busy does.
bool is_alive(const sockaddr_un& address) {
    const int probe = new_socket();
    if (probe < 0) return true;
    const bool refused = connect(probe, generic(address), sizeof address) != 0 &&
                         (errno == ECONNREFUSED || errno == ENOENT);
    close(probe);
    return !refused;
}

/// Removes what a process that is gone left behind.
Result<void> make_room(const std::string& path, const sockaddr_un& address) {
    struct stat there {};
    if (lstat(path.c_str(), &there) != 0) return {};
    if (!S_ISSOCK(there.st_mode))
        return fail(Fault::invalid_input, "there is something else than a socket");
    if (is_alive(address)) return fail(Fault::unavailable, "another process answers there");
    if (unlink(path.c_str()) != 0 && errno != ENOENT)
        return fail(Fault::unavailable, "removing what was left there: " + last_error());
    return {};
}

}  // namespace

Result<UnixListener> UnixListener::open(const std::string& path) {
    UnixListener listener(new_socket(), path);
    auto listening = listener.listen_there();
    if (!listening) return Failure(std::move(listening).within("socket " + path).error());
    return listener;
}

Result<void> UnixListener::listen_there() {
    if (fd_ < 0) return fail(Fault::unavailable, last_error());
    BAILIFF_TRY(const auto address, address_of(path_));
    BAILIFF_CHECK(make_room(path_, address));
    if (bind(fd_, generic(address), sizeof address) != 0)
        return fail(Fault::unavailable, "bind: " + last_error());
    struct stat ours {};
    if (lstat(path_.c_str(), &ours) != 0) return fail(Fault::unavailable, last_error());
    device_ = ours.st_dev;
    inode_ = ours.st_ino;
    // Before listen(): until then every connection is refused.
    if (chmod(path_.c_str(), 0660) != 0 || listen(fd_, backlog) != 0)
        return fail(Fault::unavailable, last_error());
    return {};
}

UnixListener::UnixListener(UnixListener&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      device_(other.device_),
      inode_(std::exchange(other.inode_, 0)) {}

UnixListener::~UnixListener() {
    struct stat there {};
    if (inode_ != 0 && lstat(path_.c_str(), &there) == 0 && there.st_dev == device_ &&
        there.st_ino == inode_)
        unlink(path_.c_str());
    if (fd_ >= 0) close(fd_);
}

int UnixListener::release() {
    return std::exchange(fd_, -1);
}

}  // namespace bailiff
