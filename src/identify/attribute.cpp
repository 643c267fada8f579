#include "src/identify/attribute.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <cctype>

#include "src/identify/claims.hpp"

namespace bailiff {
namespace {

/// What to look up for a login: its exact bytes, and nothing that merely looks like it.
std::vector<std::string> login_values(const Envelope& envelope) {
    std::vector<std::string> values{envelope.login};
    if (guard_removed(Guard::login_is_exact)) {
        auto folded = envelope.login;
        std::ranges::transform(folded, folded.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        values.push_back(folded);
    }
    const auto at = envelope.mail_from.find('@');
    if (guard_removed(Guard::login_is_whole) && at != std::string::npos)
        values.push_back(envelope.login.substr(0, envelope.login.find('@')) +
                         envelope.mail_from.substr(at));
    return values;
}

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

class Collector {
public:
    Collector(const Envelope& envelope, const Directory& directory)
        : envelope_(envelope), directory_(directory) {}

    Result<void> add_vouched();
    Result<void> add_claims(const Message& message);
    Attribution conclude() &&;

private:
    Result<void> look_up(IdentityKind kind, const std::vector<std::string>& values,
                         std::string_view source, Strength strength);
    const Service* known(const ServiceId& id) const;

    const Envelope& envelope_;
    const Directory& directory_;
    std::vector<Proof> proofs_;
    std::vector<Service> services_;
};

Result<void> Collector::look_up(IdentityKind kind, const std::vector<std::string>& values,
                                std::string_view source, Strength strength) {
    Proof proof{.kind = kind,
                .value = values.front(),
                .source = std::string(source),
                .strength = strength,
                .services = {}};
    for (const auto& value : values) {
        BAILIFF_TRY(const auto found, directory_.find(kind, value, envelope_.received));
        if (found.empty()) continue;
        proof.value = value;
        for (const auto& service : found) {
            proof.services.push_back(service.id);
            services_.push_back(service);
        }
        break;
    }
    proofs_.push_back(std::move(proof));
    return {};
}

/// What the MTA itself vouches for, at the door where it does.
Result<void> Collector::add_vouched() {
    if (envelope_.door == Door::submission && !envelope_.login.empty())
        BAILIFF_CHECK(look_up(IdentityKind::login, login_values(envelope_), "{auth_authen}",
                              Strength::proven));
    if (envelope_.uid)
        BAILIFF_CHECK(look_up(IdentityKind::uid, {std::to_string(*envelope_.uid)},
                              "uid header of the local door", Strength::proven));
    const auto& address = envelope_.client_address;
    if (envelope_.door != Door::local && !address.empty() &&
        guard(Guard::loopback_is_no_identity,
              envelope_.door == Door::submission && !is_loopback(address)))
        BAILIFF_CHECK(
            look_up(IdentityKind::client_ip, {address}, "{client_addr}", Strength::proven));
    return {};
}

Result<void> Collector::add_claims(const Message& message) {
    for (const auto& claim : claims_of(envelope_, message))
        BAILIFF_CHECK(look_up(claim.kind, claim.values, claim.source,
                              guard(claim.guard, false) ? Strength::proven : Strength::asserted));
    return {};
}

const Service* Collector::known(const ServiceId& id) const {
    const auto at = std::ranges::find(services_, id, &Service::id);
    return at == services_.end() ? nullptr : &*at;
}

/// The services that proofs of this strength name; nothing else may be guessed from them.
std::vector<ServiceId> named_by(const std::vector<Proof>& proofs, Strength strength) {
    std::vector<ServiceId> ids;
    for (const auto& proof : proofs)
        if (proof.strength == strength)
            for (const auto& id : proof.services)
                if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    return ids;
}

const Proof& first_naming(const std::vector<Proof>& proofs, Strength strength) {
    return *std::ranges::find_if(proofs, [&](const Proof& proof) {
        return proof.strength == strength && !proof.services.empty();
    });
}

bool one_is_of_many(const std::vector<Proof>& proofs, Strength strength) {
    return std::ranges::any_of(proofs, [&](const Proof& proof) {
        return proof.strength == strength && proof.services.size() > 1;
    });
}

/// A login or a uid decides alone; an address only where there is neither.
std::optional<ServiceId> vouched_by(const std::vector<Proof>& proofs) {
    for (const auto& proof : proofs)
        if (proof.strength == Strength::proven && !proof.services.empty() &&
            guard(Guard::ambiguity_is_unknown, proof.services.size() == 1))
            return proof.services.front();
    return std::nullopt;
}

Sentence said(std::string_view en, std::string_view fr) {
    return {std::string(en), std::string(fr)};
}

Sentence strength_text(Strength strength) {
    return strength == Strength::proven ? said("proven", "prouvé")
                                        : said("asserted", "déclaré");
}

Sentence kind_text(IdentityKind kind) {
    switch (kind) {
        case IdentityKind::login: return said("login", "l'identifiant");
        case IdentityKind::client_ip: return said("client_ip", "l'adresse du client");
        case IdentityKind::uid: return said("uid", "l'uid");
        case IdentityKind::script: return said("script", "le script");
        case IdentityKind::domain: return said("domain", "le domaine");
    }
    return {};
}

Sentence nobody_can_tell(Strength strength, std::size_t services) {
    return strength_text(strength) + Sentence{" identities name ", " : les identités désignent "} +
           Sentence::of(std::to_string(services)) +
           Sentence{" services: nobody can tell", " services ; nul ne peut trancher"};
}

Sentence why_of(const Proof& proof, const ServiceId& service, Strength strength) {
    return kind_text(proof.kind) + Sentence::of(" '" + proof.value + "' (" + proof.source + ")") +
           Sentence{" is of service ", " est du service "} + Sentence::of(service.text()) +
           Sentence{": ", " : "} + strength_text(strength);
}

Attribution Collector::conclude() && {
    Attribution result;
    if (const auto id = vouched_by(proofs_)) result.vouched = *known(*id);
    std::ranges::stable_sort(proofs_, std::greater{}, &Proof::strength);
    for (const auto strength : {Strength::proven, Strength::asserted}) {
        const auto ids = named_by(proofs_, strength);
        if (ids.empty()) continue;
        const auto why = one_is_of_many(proofs_, strength) ? Guard::ambiguity_is_unknown
                                                           : Guard::disagreement_is_unknown;
        if (ids.size() > 1 && !guard(why, false)) {
            result.reason = nobody_can_tell(strength, ids.size());
            break;
        }
        const auto& proof = first_naming(proofs_, strength);
        result.strength = strength;
        result.service = *known(ids.front());
        result.reason = why_of(proof, ids.front(), strength);
        break;
    }
    if (result.reason.empty())
        result.reason = {"no identity that the directory knows",
                         "aucune identité que l'annuaire connaisse"};
    if (result.strength == Strength::proven &&
        !guard(Guard::null_sender_is_nobody, !envelope_.mail_from.empty())) {
        result.strength = Strength::asserted;  // fault G15
        result.reason += {"; but the sender is null: a bounce or an automatic reply",
                          " ; mais l'expéditeur est vide : un avis de non-remise ou une réponse "
                          "automatique"};
    }
    result.proofs = std::move(proofs_);
    return result;
}

}  // namespace

Result<Attribution> attribute_envelope(const Envelope& envelope, const Directory& directory) {
    Collector collector(envelope, directory);
    BAILIFF_CHECK(collector.add_vouched());
    return std::move(collector).conclude();
}

Result<Attribution> attribute(const Envelope& envelope, const Message& message,
                              const Directory& directory) {
    Collector collector(envelope, directory);
    BAILIFF_CHECK(collector.add_vouched());
    BAILIFF_CHECK(collector.add_claims(message));
    return std::move(collector).conclude();
}

}  // namespace bailiff
