#pragma once
// The state of one SMTP connection, free of the protocol's bytes.

#include <bailiff/clock.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/ports/gate.hpp>
#include <bailiff/submission.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "milter/door.hpp"
#include "milter/in_flight.hpp"
#include "milter/macros.hpp"

namespace bailiff {

/// What every session is told alike.
struct SessionRules {
    DoorTags tags;
    std::string uid_header;  ///< empty: no uid is ever read
};

/// The ports a session needs; all outlive it.
struct SessionPorts {
    Gate& gate;
    Entropy& entropy;
    Clock& clock;
    InFlight* in_flight = nullptr;  ///< none: no bound on all messages together
};

/// Who connected, as the MTA's CONNECT says.
struct Peer {
    std::string_view name;
    std::string_view address;  ///< empty: not told
    std::uint16_t port = 0;
};

/// One header field as the MTA hands it over: folds are "\n" and white space.
struct HeaderLine {
    std::string_view name;
    std::string_view value;
    bool leading_space_kept = true;  ///< `value` holds everything after the colon
};

/// Turns the events of one connection into submissions and asks the gate about each.
/// Order    total: any event may come at any time, any number of times; what has no place is
/// dropped. Threads  one at a time, not always the same one.
class Session {
public:
    struct Answer {
        Reply reply;                    ///< what this door allows to be said
        std::uint32_t uid_headers = 0;  ///< copies to delete, from this index down to 1
    };

    Session(const SessionRules& rules, SessionPorts ports)
        : rules_(rules), ports_(ports), cargo_(ports.in_flight) {}

    void connect(const Peer& peer);
    void helo(std::string_view name);

    /// Begins a message. `reject` and `tempfail` end it again; at the local door only want of room
    /// is said: the mail stays in maildrop.
    [[nodiscard]] Reply mail(std::string_view argument, const MacroSource& macros);
    void rcpt(std::string_view argument, const MacroSource& macros);
    void header(const HeaderLine& line);
    void eoh();
    void body(std::string_view chunk);

    /// Ends the message with the gate's answer; without a message, with a spoiled one or for want
    /// of room, tempfail.
    [[nodiscard]] Answer eom(const MacroSource& macros);
    void abort();
    void close();

    /// Part of this message was lost on our side: it must not be judged.
    void spoil() noexcept { spoiled_ = true; }

    [[nodiscard]] const Envelope& envelope() const { return submission_.envelope; }

private:
    enum class Ending { judged, refused, aborted, closed, superseded };

    /// The one place where a message ends.
    void end_message(Ending ending);
    void begin_envelope(std::string_view argument, const MacroSource& macros);
    void take_connection(const MacroSource& macros);
    void take_login(const MacroSource& macros);
    void take_queue_id(const MacroSource& macros);
    void take_uid(std::string_view value);
    void begin_body();
    /// Whether there is room for `bytes` more; if not, what is there goes, and the message with it.
    [[nodiscard]] bool load(std::size_t bytes);
    void mark(std::string_view limit);
    [[nodiscard]] std::string bounded(std::string_view text, std::string_view limit);
    [[nodiscard]] std::string new_transaction();

    // Constant after construction.
    const SessionRules& rules_;
    SessionPorts ports_;

    // Of the connection.
    std::string peer_name_;
    std::string peer_address_;
    std::uint16_t peer_port_ = 0;
    std::string helo_;
    std::string last_login_;

    // Of the message: there from MAIL until end_message().
    bool in_message_ = false;
    bool spoiled_ = false;
    bool put_off_ = false;  ///< no room: not judged, to be offered again
    Cargo cargo_;
    Submission submission_;
    struct Content {
        std::optional<std::uint32_t> uid;
        std::uint32_t headers = 0;
        std::uint32_t uid_headers = 0;
        std::size_t header_bytes = 0;
        bool body_begun = false;
    } content_;
};

}  // namespace bailiff
