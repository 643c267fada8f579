#pragma once
// Which service answers for a submission, by which identity, how strongly.

#include <bailiff/sentence.hpp>
#include <bailiff/service.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

enum class Strength : std::uint8_t {
    unknown,   ///< nobody can be named
    asserted,  ///< the sender says so
    proven,    ///< the MTA vouches
};

[[nodiscard]] constexpr std::string_view to_text(Strength strength) {
    switch (strength) {
        case Strength::unknown: return "unknown";
        case Strength::asserted: return "asserted";
        case Strength::proven: return "proven";
    }
    return "";
}

/// One thing that points to a service.
struct Proof {
    IdentityKind kind = IdentityKind::login;
    std::string value;   ///< as found, bounded
    std::string source;  ///< "{auth_authen}", "X-PHP-Originating-Script", ...
    Strength strength = Strength::asserted;
    std::vector<ServiceId> services;  ///< whose it is, by the directory; none: nobody's
    bool operator==(const Proof&) const = default;
};

struct Attribution {
    Strength strength = Strength::unknown;
    std::optional<Service> service;  ///< present unless strength is unknown
    /// Whose login, uid or bound address it is, whatever speaks against punishing: its standing
    /// stops the mail, its rate is counted. A null sender or a second identity lifts neither.
    std::optional<Service> vouched;
    std::vector<Proof> proofs;       ///< all that was looked at, strongest first
    Sentence reason;                 ///< for a person
};

}  // namespace bailiff
