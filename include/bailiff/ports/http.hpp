#pragma once
// One request with a deadline, bytes back.

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff {

struct HttpRequest {
    enum class Method : std::uint8_t { post, get };
    Method method = Method::post;  ///< get: no body is sent
    std::string url;          ///< http://host/path or https:; no redirect is ever followed
    std::string unix_socket;  ///< connect here instead of the URL's host; empty: do not
    std::vector<std::pair<std::string, std::string>> headers;  ///< CR, LF and NUL are refused
    std::string_view body;    ///< not copied: must outlive the exchange
    std::string ca_file;      ///< https: whom to trust, in PEM; empty: the system's authorities
    std::chrono::milliseconds connect_timeout{200};
    SteadyInstant deadline{};  ///< for all of it
    std::size_t reply_bytes_max = 1U << 20;
};

struct HttpReply {
    int status = 0;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
};

/// An exchange under way. Destroying it drops the connection.
class HttpExchange {
public:
    virtual ~HttpExchange() = default;
    /// Waits for the end; call once, on the thread that started it.
    /// Errors   unavailable: refused, late, cut off, too large.  invalid_input: our bad request.
    [[nodiscard]] virtual Result<HttpReply> finish() = 0;
    /// After a finish() that failed: the connection ended before any byte of a reply, so asking
    /// once more on a fresh one may help.
    [[nodiscard]] virtual bool dropped_unanswered() const { return false; }
    /// After a finish() that failed: no byte of the request has left us, so nothing came of it.
    [[nodiscard]] virtual bool unheard() const { return false; }
};

class Http {
public:
    virtual ~Http() = default;
    /// Sends as much as goes without waiting and returns.  Threads  any.
    [[nodiscard]] virtual std::unique_ptr<HttpExchange> begin(const HttpRequest& request) = 0;
};

}  // namespace bailiff
