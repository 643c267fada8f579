#pragma once
// A listening unix socket that belongs to us.

#include <bailiff/result.hpp>
#include <string>
#include <sys/types.h>

namespace bailiff {

/// Removes its file when it goes, unless somebody else's stands there by then.
class UnixListener {
public:
    /// Mode 0660 before anybody can connect; the group is that of the folder (setgid) or ours.
    /// Errors   invalid_input: the path is too long, or something else than a socket is there.
    ///          unavailable: another process answers there, or the system refuses.
    [[nodiscard]] static Result<UnixListener> open(const std::string& path);

    UnixListener(UnixListener&& other) noexcept;
    UnixListener& operator=(UnixListener&&) = delete;
    ~UnixListener();

    /// Hands the descriptor to whoever closes it from now on.
    [[nodiscard]] int release();

private:
    UnixListener(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
    [[nodiscard]] Result<void> listen_there();

    int fd_;
    std::string path_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

}  // namespace bailiff
