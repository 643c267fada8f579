#pragma once
// The socket that Postfix connects to: whose it is, and that nobody else listens there.

#include <sys/socket.h>

#include <bailiff/result.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace bailiff {

/// A claim on one listening socket, held as long as the process may listen there.
class Listening {
public:
    /// Takes "unix:/path" (with a lock file "/path.lock" beside it) or "fd:N".
    /// Errors   invalid_input: another form.  unavailable: another instance listens there, or the
    ///          lock file cannot be had. The live socket stays untouched.
    [[nodiscard]] static Result<std::unique_ptr<Listening>> claim(std::string_view socket);
    ~Listening();
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    /// Makes libmilter's listener look up; alone it looks at its stop mark every 5 s only.
    void poke() const noexcept;

private:
    Listening() = default;
    [[nodiscard]] Result<void> claim_path(std::string_view path);
    [[nodiscard]] Result<void> claim_descriptor(std::string_view number);

    sockaddr_storage address_{};
    socklen_t length_ = 0;
    int lock_ = -1;
};

}  // namespace bailiff
