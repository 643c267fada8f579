#pragma once
// The milter protocol on one connection: what the MTA says becomes events of a Session, what the
// session answers becomes packets.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "milter/packet.hpp"
#include "milter/reception.hpp"
#include "milter/symbols.hpp"

namespace bailiff {

/// Knows bytes only: no socket, no clock, no thread.
/// Order    any packet may come at any time. What breaks the protocol ends the connection, and the
///          MTA answers 4xx for us: a message that we did not understand is never let through.
/// Threads  one at a time.
class Conversation {
public:
    explicit Conversation(Reception& reception) : reception_(reception) {}
    ~Conversation();
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    /// Appends what is to be sent to `replies`. False: the connection ends, once they are sent.
    /// Throws   std::bad_alloc: the connection ends, too.
    [[nodiscard]] bool take(const Packet& packet, std::string& replies);

private:
    /// What one packet is answered: a reply of the protocol, or one of these.
    enum Answer : char {
        go_on = 'c',
        defer = 't',
        said = 0,     ///< nothing, or said in full already
        hang_up = 1,  ///< the other side is done
        broken = 2,   ///< the protocol is
    };
    struct Step;
    [[nodiscard]] static const Step* step_of(char command) noexcept;
    [[nodiscard]] Answer run(const Step& step, std::string_view data, std::string& replies);
    void report_broken(const Packet& packet);
    [[nodiscard]] Answer escaped(char command, std::string& replies);

    Answer negotiate(std::string_view data, std::string& replies);
    Answer macros(std::string_view data, std::string& replies);
    Answer connect(std::string_view data, std::string& replies);
    Answer helo(std::string_view data, std::string& replies);
    Answer mail(std::string_view data, std::string& replies);
    Answer rcpt(std::string_view data, std::string& replies);
    Answer header(std::string_view data, std::string& replies);
    Answer eoh(std::string_view data, std::string& replies);
    Answer body(std::string_view data, std::string& replies);
    Answer eom(std::string_view data, std::string& replies);
    Answer abort(std::string_view data, std::string& replies);
    Answer next_client(std::string_view data, std::string& replies);
    Answer quit(std::string_view data, std::string& replies);
    Answer nothing(std::string_view data, std::string& replies);

    [[nodiscard]] Session* session();
    void close_session() noexcept;
    [[nodiscard]] Answer refuse(const Reply& reply, std::string& replies);
    void delete_uid_headers(std::uint32_t count, std::string& replies);
    [[nodiscard]] Answer hold(std::string_view why, std::string& replies);

    Reception& reception_;
    std::unique_ptr<Session> session_;  ///< none: not needed yet, or above the cap
    Symbols symbols_;
    bool negotiated_ = false;
    std::uint32_t actions_ = 0;  ///< that both sides know
    std::uint32_t steps_ = 0;
};

}  // namespace bailiff
