#include "milter/connection.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "milter/conversation.hpp"

namespace bailiff {
namespace {

// The MTA says nothing while its client talks: a slow upload is silent until its last byte, and
// NOOP or RSET never reach us. A client may keep that up for hours; a dead peer shows at once.
constexpr time_t silence_max_s = 7'210;
constexpr time_t sending_max_s = 60;   // of a few bytes, to a process on this machine

void set_patience(int socket) noexcept {
    const timeval silence{silence_max_s, 0}, sending{sending_max_s, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof silence);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &sending, sizeof sending);
}

/// False: the other side is gone, or has been silent for too long, which is told.
bool receive(int socket, PacketReader& reader, Reception& reception) {
    const auto room = reader.room();
    ssize_t count = 0;
    do count = ::recv(socket, room.data(), room.size(), 0);
    while (count < 0 && errno == EINTR);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        reception.report(Reception::Fault::silent, "");
    if (count > 0) reader.arrived(static_cast<std::size_t>(count));
    return count > 0;
}

bool send_all(int socket, std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const auto count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

void serve_connection(int socket, Reception& reception, PacketReader& reader) {
    set_patience(socket);
    reader.start();
    Conversation conversation(reception);
    std::string replies;
    for (bool goes_on = true; goes_on && receive(socket, reader, reception);) {
        while (goes_on) {
            const auto packet = reader.next();
            if (!packet) break;
            goes_on = conversation.take(*packet, replies);
        }
        if (reader.is_broken()) reception.report(Reception::Fault::broken_protocol, "length");
        if (!send_all(socket, replies) || reader.is_broken()) return;
        replies.clear();
    }
}

}  // namespace bailiff
