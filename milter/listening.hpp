#pragma once
// The socket that Postfix connects to: whose it is, and that nobody else listens there.

#include <sys/socket.h>

#include <bailiff/result.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace bailiff {

/// A claim on one listening socket, held as long as the process may listen there. The socket file
/// stays when it ends: the next instance replaces it.
class Listening {
public:
    /// Takes "fd:N", or makes "unix:/path" (with a lock file "/path.lock" beside it). A file there
    /// is replaced only if it is a socket of this user at which nobody listens.
    /// Errors   invalid_input: another form.  unavailable: another instance listens there, or the
    ///          lock file or the path cannot be had. What is there stays untouched.
    [[nodiscard]] static Result<std::unique_ptr<Listening>> claim(std::string_view socket);
    ~Listening();
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

private:
    Listening() = default;
    [[nodiscard]] Result<void> claim_path(std::string_view path);
    [[nodiscard]] Result<void> remove_stale(const std::string& path) const;
    [[nodiscard]] Result<void> claim_descriptor(std::string_view number);

    sockaddr_storage address_{};
    socklen_t length_ = 0;
    int descriptor_ = -1;
    bool made_here_ = false;
    int lock_ = -1;
};

}  // namespace bailiff
