#pragma once
// The desk socket: HTTP over a unix socket to the Desk port.

#include <bailiff/journal.hpp>
#include <bailiff/ports/desk.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace bailiff {

struct DeskServerBounds {
    std::size_t connections_max = 32;  ///< more are closed at once
    std::chrono::seconds idle_max{10};
    /// An older connection gives way when another one comes.
    std::chrono::milliseconds age_max{60'000};
};

/// Serves one request a connection, on two threads of the HTTP library (MHD-worker).
/// Every request is an event `desk.request` in the journal, with the uid of the peer; a decision
/// names its person there, too.
/// Threads  any. `desk`, `journal` and what `status_json` uses must outlive stop().
class DeskServer {
public:
    /// Errors   invalid_input, unavailable: the socket cannot be ours; see UnixListener.
    [[nodiscard]] static Result<std::unique_ptr<DeskServer>> open(
        const std::string& socket_path, Desk& desk, Journal& journal,
        std::function<std::string()> status_json, DeskServerBounds bounds = {});

    DeskServer(const DeskServer&) = delete;
    DeskServer& operator=(const DeskServer&) = delete;
    ~DeskServer();

    /// Ends open connections, waits for requests that are being answered, removes the socket. May
    /// be called twice; by one thread at a time.
    void stop();

private:
    class Running;
    explicit DeskServer(std::unique_ptr<Running> running);
    std::unique_ptr<Running> running_;
};

}  // namespace bailiff
