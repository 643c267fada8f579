#include "src/report/words.hpp"

#include <algorithm>
#include <array>

namespace bailiff::words {

Sentence of(Level level) {
    switch (level) {
        case Level::pass:
            return {"nothing to report", "rien à signaler"};
        case Level::suspect:
            return {"suspect", "suspect"};
        case Level::spam:
            return {"spam (unsolicited mail), by one kind of witness",
                    "spam (courrier indésirable), selon un seul type de témoin"};
        case Level::confirmed:
            return {"confirmed spam (unsolicited mail)", "spam confirmé (courrier indésirable)"};
    }
    return {};
}

Sentence of(Family family) {
    switch (family) {
        case Family::rules:
            return {"content rules", "règles de contenu"};
        case Family::rspamd:
            return {"rspamd (separate analysis program)", "rspamd (logiciel d’analyse distinct)"};
        case Family::behaviour:
            return {"sending behaviour", "comportement d’envoi"};
        case Family::reputation:
            return {"reputation lists", "listes de réputation"};
        case Family::complaint:
            return {"complaints received", "plaintes reçues"};
    }
    return {};
}

Sentence of(FamilySet set) {
    Sentence all;
    for (const auto family : families) {
        if (!set.has(family)) continue;
        if (!all.empty()) all += Sentence::of(", ");
        all += of(family);
    }
    return all.empty()
               ? Sentence{"state of the system, weighs nothing", "état du système, ne pèse rien"}
               : all;
}

Sentence of(Strength strength) {
    switch (strength) {
        case Strength::unknown:
            return {"unknown (nothing names a service)", "inconnue (rien ne désigne un service)"};
        case Strength::asserted:
            return {"asserted (only the sender says so)", "déclarée (seul l’expéditeur l’affirme)"};
        case Strength::proven:
            return {"proven (established by the mail server itself)",
                    "prouvée (établie par le serveur de messagerie lui-même)"};
    }
    return {};
}

Sentence of(IdentityKind kind) {
    switch (kind) {
        case IdentityKind::login:
            return {"login name, checked with its password",
                    "identifiant de connexion, vérifié avec son mot de passe"};
        case IdentityKind::client_ip:
            return {"the client's IP address", "adresse IP du client"};
        case IdentityKind::uid:
            return {"system user of the program that handed the message in",
                    "utilisateur système du programme qui a remis le message"};
        case IdentityKind::script:
            return {"path of a script, named by the message itself",
                    "chemin d’un script, indiqué par le message lui-même"};
        case IdentityKind::domain:
            return {"domain of the sender’s address", "domaine de l’adresse de l’expéditeur"};
    }
    return {};
}

Sentence of(ActionKind kind) {
    switch (kind) {
        case ActionKind::service_terminate:
            return {"termination of the service", "résiliation du service"};
        case ActionKind::account_suspend:
            return {"suspension of the account", "suspension du compte"};
        case ActionKind::credential_reset:
            return {"reset of the passwords", "réinitialisation des mots de passe"};
        case ActionKind::notify_team:
            return {"notice to the abuse team", "avis à l’équipe chargée des abus"};
        case ActionKind::queue_release:
            return {"release of a held message", "libération d’un message retenu"};
        case ActionKind::queue_delete:
            return {"deletion of a held message", "suppression d’un message retenu"};
        case ActionKind::queue_hold:
            return {"holding of the service’s waiting mail",
                    "mise en attente du courrier du service"};
        case ActionKind::service_suspend:
            return {"suspension of the service", "suspension du service"};
        case ActionKind::service_purge:
            return {"deletion of the service’s data", "suppression des données du service"};
        case ActionKind::script_block:
            return {"blocking of a script", "blocage d’un script"};
        case ActionKind::notify_holder:
            return {"notice to the holder", "avis au titulaire"};
        case ActionKind::ticket_open:
            return {"opening of a support ticket", "ouverture d’un ticket d’assistance"};
        case ActionKind::exec:
            return {"operator’s own program", "programme propre à l’hébergeur"};
        case ActionKind::webhook:
            return {"notice to another system", "avis à un autre système"};
    }
    return {};
}

Sentence of(ActionState state) {
    switch (state) {
        case ActionState::due:
            return {"decided, not yet carried out", "décidée, pas encore exécutée"};
        case ActionState::running:
            return {"begun, outcome not yet known", "commencée, issue pas encore connue"};
        case ActionState::verified:
            return {"carried out, and its effect was checked afterwards",
                    "exécutée, effet vérifié ensuite"};
        case ActionState::done:
            return {"carried out, as the executing system says",
                    "exécutée, selon le système chargé de l’exécution"};
        case ActionState::dead:
            return {"failed, given up", "échouée, abandonnée"};
        case ActionState::unknown:
            return {"outcome unknown", "issue inconnue"};
        case ActionState::waiting:
            return {"stopped by a safeguard, waits for a person",
                    "arrêtée par un garde-fou, en attente d’une personne"};
        case ActionState::cancelled:
            return {"cancelled before it ran", "annulée avant exécution"};
        case ActionState::observed:
            return {"not carried out (observation mode)", "non exécutée (mode observation)"};
    }
    return {};
}

Sentence of(CaseState state) {
    switch (state) {
        case CaseState::open:
            return {"open (no person has decided yet)",
                    "ouvert (aucune personne n’a encore statué)"};
        case CaseState::released:
            return {"closed (a person found that it was not spam)",
                    "clos (une personne a constaté qu’il ne s’agissait pas de spam)"};
        case CaseState::rejected:
            return {"closed (a person upheld the verdict)",
                    "clos (une personne a maintenu le verdict)"};
        case CaseState::reinstated:
            return {"closed (a person had the service restored)",
                    "clos (une personne a fait rétablir le service)"};
    }
    return {};
}

std::string instant(Instant at) {
    auto text = to_rfc3339(at);
    text.pop_back();
    std::ranges::replace(text, 'T', ' ');
    return text + " UTC";
}

Sentence day_and_time(Instant at) {
    static constexpr std::array<std::array<const char*, 2>, 12> months{{{"January", "janvier"},
                                                                        {"February", "février"},
                                                                        {"March", "mars"},
                                                                        {"April", "avril"},
                                                                        {"May", "mai"},
                                                                        {"June", "juin"},
                                                                        {"July", "juillet"},
                                                                        {"August", "août"},
                                                                        {"September", "septembre"},
                                                                        {"October", "octobre"},
                                                                        {"November", "novembre"},
                                                                        {"December", "décembre"}}};
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
    const auto day = static_cast<unsigned>(date.day());
    const auto& month = months[static_cast<unsigned>(date.month()) - 1];
    const auto year = std::to_string(static_cast<int>(date.year()));
    const auto time = to_rfc3339(at).substr(11, 8);
    const auto day_fr = day == 1 ? std::string("1er") : std::to_string(day);
    return {std::to_string(day) + " " + month[0] + " " + year + " at " + time + " UTC",
            day_fr + " " + month[1] + " " + year + " à " + time + " UTC"};
}

Sentence points(MilliPoints score) {
    const auto size = std::abs(static_cast<long long>(score));
    auto decimals = std::to_string(1000 + size % 1000).substr(1);
    while (decimals.size() > 1 && decimals.back() == '0') decimals.pop_back();
    const auto whole = (score < 0 ? "-" : "") + std::to_string(size / 1000);
    return {whole + "." + decimals, whole + "," + decimals};
}

Sentence number(std::uint64_t value) {
    const auto digits = std::to_string(value);
    Sentence both;
    for (std::size_t at = 0; at < digits.size(); ++at) {
        if (at > 0 && (digits.size() - at) % 3 == 0) both += Sentence{",", "\u202f"};
        both += Sentence::of(std::string_view(digits).substr(at, 1));
    }
    return both;
}

}  // namespace bailiff::words
