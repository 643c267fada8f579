#include "milter/listening.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace bailiff {
namespace {

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

Result<void> Listening::claim_path(std::string_view path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    std::memcpy(&address_, &address, sizeof address);
    length_ = sizeof address;
    BAILIFF_TRY(lock_, lock(std::string(path) + ".lock"));
    // Only ECONNREFUSED is a socket that its owner left behind; libmilter removes it at open.
    const int error = try_to_connect(address_, length_);
    if (error == 0 || error == EAGAIN)
        return fail(Fault::unavailable, "another program listens on " + std::string(path));
    if (error != ENOENT && error != ECONNREFUSED)
        return fail(Fault::unavailable, std::string(path) + because(error));
    return {};
}

Result<void> Listening::claim_descriptor(std::string_view number) {
    BAILIFF_TRY(const int fd, parse_descriptor(number));
    length_ = sizeof address_;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address_), &length_) != 0)
        return fail(Fault::unavailable, "fd:" + std::string(number) + because(errno));
    return {};
}

Listening::~Listening() {
    if (lock_ >= 0) ::close(lock_);
}

void Listening::poke() const noexcept {
    try_to_connect(address_, length_);
}

}  // namespace bailiff
