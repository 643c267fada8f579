#pragma once
// A question and an answer between two roles.

#include <sys/types.h>

#include <bailiff/descriptor.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace bailiff::exchange {

/// Whether somebody takes connections there.
[[nodiscard]] bool is_up(const std::string& socket);

/// Asks the role at `socket`, which answers within `patience`.
/// Errors   unavailable: nobody there, or too late.  exhausted: a longer answer.
[[nodiscard]] Result<std::string> ask(const std::string& socket, std::string_view request,
                                      std::size_t answer_bytes_max,
                                      std::chrono::milliseconds patience);

/// Answers one question after the other.  Threads  one.
class Server {
public:
    struct Options {
        std::string name;    ///< of the role, before the names of its events
        int listening = -1;  ///< taken over
        std::function<bool(uid_t)> may_ask;
        std::size_t request_bytes_max = 1U << 20;
        std::chrono::milliseconds patience{5'000};  ///< for a question to come whole
    };
    Server(Journal& journal, Options options)
        : journal_(journal), options_(std::move(options)), listening_(options_.listening) {}

    /// Until `stopping` says so; looked at between questions and every half second.
    void run(const std::function<bool()>& stopping,
             const std::function<std::string(std::string_view)>& answer);

private:
    void serve(const Descriptor& caller,
               const std::function<std::string(std::string_view)>& answer);
    [[nodiscard]] bool is_listened_to(const Descriptor& caller) const;

    Journal& journal_;
    Options options_;
    Descriptor listening_;
};

}  // namespace bailiff::exchange
