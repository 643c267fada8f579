#pragma once
// What is sold and can be ended, and by what a message proves to come from it.

#include <bailiff/guard.hpp>
#include <bailiff/ids.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// active → held → suspended → terminated → purged; back to active until purged. Ordered by weight.
enum class Standing : std::uint8_t { active, held, suspended, terminated, purged };

[[nodiscard]] constexpr std::string_view to_text(Standing standing) {
    switch (standing) {
        case Standing::active: return "active";
        case Standing::held: return "held";
        case Standing::suspended: return "suspended";
        case Standing::terminated: return "terminated";
        case Standing::purged: return "purged";
    }
    return "";
}

enum class IdentityKind : std::uint8_t {
    login,      ///< SASL login, exact bytes
    client_ip,  ///< address in canonical text, IPv4 or IPv6
    uid,        ///< decimal
    script,     ///< path prefix of a script: only ever asserted
    domain,     ///< lower-case domain of a sender address: only ever asserted
};

[[nodiscard]] constexpr std::string_view to_text(IdentityKind kind) {
    switch (kind) {
        case IdentityKind::login: return "login";
        case IdentityKind::client_ip: return "client_ip";
        case IdentityKind::uid: return "uid";
        case IdentityKind::script: return "script";
        case IdentityKind::domain: return "domain";
    }
    return "";
}

struct Identity {
    IdentityKind kind = IdentityKind::login;
    std::string value;
    std::optional<Instant> from;   ///< first instant at which it holds; none: always did
    std::optional<Instant> until;  ///< first instant at which it no longer does; none: still does
    bool operator==(const Identity&) const = default;

    [[nodiscard]] bool holds_at(Instant instant) const {
        return guard(Guard::identity_has_validity,
                     (!from || *from <= instant) && (!until || instant < *until));
    }
};

/// One row of the directory. No personal data.
struct Service {
    ServiceId id;
    AccountId account;
    HolderId holder;  ///< may be empty
    std::string plan;
    Instant created{};
    bool test = false;          ///< GTUBE confirms here, and only here
    bool is_protected = false;  ///< no action without a person: the provider's own, resellers
    std::vector<Identity> identities;
    bool operator==(const Service&) const = default;

    [[nodiscard]] ServiceRef ref() const {
        return {id, guard_removed(Guard::creation_time_counts) ? Instant{} : created};
    }
};

}  // namespace bailiff
