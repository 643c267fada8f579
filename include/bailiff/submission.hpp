#pragma once
// One message as the MTA handed it over.

#include <bailiff/clock.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// Where a message came in, told by the tag that the Postfix service carries, never by address.
enum class Door : std::uint8_t {
    unknown,     ///< no tag, or one that the configuration does not name: nothing is proven here
    submission,  ///< SMTP with login or a bound client address
    local,       ///< sendmail(1), through pickup
};

[[nodiscard]] constexpr std::string_view to_text(Door door) {
    switch (door) {
        case Door::unknown: return "unknown";
        case Door::submission: return "submission";
        case Door::local: return "local";
    }
    return "unknown";
}

/// What is known of a message before its content. All text is raw bytes from the sender or the MTA:
/// may be empty, may be no UTF-8, bounded by limits.hpp.
struct Envelope {
    std::string transaction;  ///< our own id, there from MAIL on: 16 hexadecimal digits
    std::string queue_id;     ///< {i}; empty at MAIL on the submission door
    Door door = Door::unknown;
    std::string daemon_name;     ///< {daemon_name}
    std::string client_address;  ///< {client_addr}; "127.0.0.1" on the local door
    std::uint16_t client_port = 0;
    std::string client_name;
    std::string helo;
    std::string login;        ///< {auth_authen} of this very mail; empty: nobody logged in
    std::string auth_type;    ///< {auth_type}; "XCLIENT" when a trusted hop vouches
    std::string auth_author;  ///< {auth_author}: the client's own AUTH= claim, proof of nothing
    std::optional<std::uint32_t> uid;  ///< local door, from the first header only
    std::string mail_from;             ///< without <>; empty for the null sender
    std::vector<std::string> rcpt_to;  ///< without <>; at most recipients_kept_max
    std::uint32_t rcpt_count = 0;      ///< all of them
    Instant received{};
};

/// What the MTA says of the connection beside the envelope; kept with a case, weighed by nobody.
/// As sent, bounded; empty: it did not say.
struct ConnectionFacts {
    std::string server_address;  ///< {daemon_addr}
    std::string server_port;     ///< {daemon_port}
    std::string client_ptr;      ///< {client_ptr}: unlike {client_name} not confirmed forward
    std::string tls_version;
    std::string tls_cipher;
    std::string tls_bits;
    std::string certificate_subject;  ///< of the client
    std::string certificate_issuer;
};

/// The whole: session, envelope, bytes.
struct Submission {
    Envelope envelope;
    std::string raw;  ///< header and body, CRLF, as delivered; our uid headers already taken out
    std::vector<std::string> limits{};  ///< symbols of limits that were hit while it came in
    ConnectionFacts connection{};
};

}  // namespace bailiff
