#include "src/exchange/exchange.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <bailiff/crash_point.hpp>
#include <cerrno>
#include <cstring>

#include "src/exchange/stream.hpp"

namespace bailiff::exchange {
namespace {

constexpr int look_at_stopping_ms = 500;

Result<Descriptor> connected_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return fail(Fault::invalid_input, "expected a path of 1 to 107 bytes");
    std::memcpy(address.sun_path, path.data(), path.size());
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail(Fault::unavailable, std::strerror(errno));
    return socket;
}

}  // namespace

bool is_up(const std::string& socket) {
    return connected_to(socket).has_value();
}

Result<std::string> ask(const std::string& socket, std::string_view request,
                        std::size_t answer_bytes_max, std::chrono::milliseconds patience) {
    BAILIFF_TRY(const auto connected, connected_to(socket));
    BAILIFF_CHECK(send_all(connected, request, patience));
    return receive_all(connected, answer_bytes_max, patience);
}

void Server::run(const std::function<bool()>& stopping,
                 const std::function<std::string(std::string_view)>& answer) {
    while (!stopping()) {
        pollfd watched{listening_.number(), POLLIN, 0};
        if (poll(&watched, 1, look_at_stopping_ms) <= 0) continue;
        const Descriptor caller(accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (caller.number() >= 0) serve(caller, answer);
    }
}

bool Server::is_listened_to(const Descriptor& caller) const {
    ucred who{};
    socklen_t size = sizeof who;
    if (getsockopt(caller.number(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return false;
    return options_.may_ask(who.uid);
}

void Server::serve(const Descriptor& caller,
                   const std::function<std::string(std::string_view)>& answer) {
    if (!is_listened_to(caller))
        return journal_.event(Severity::alarm, options_.name + "_stranger",
                              {{"why", "a user other than the enforcer's asked"}});
    const auto text = receive_all(caller, options_.request_bytes_max, options_.patience);
    if (!text)
        return journal_.event(Severity::warning, options_.name + "_unheard",
                              {{"why", text.error().what}});
    if (text->empty()) return;  // only whether we are there was asked
    const auto sent = send_all(caller, answer(*text), options_.patience);
    crash_point("answered");
    if (!sent)
        journal_.event(Severity::warning, options_.name + "_unanswered",
                       {{"why", sent.error().what}});
}

}  // namespace bailiff::exchange
