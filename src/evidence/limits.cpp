#include <algorithm>

#include "src/evidence/case_files.hpp"
#include "src/evidence/custody.hpp"

namespace bailiff {

Sentences limits_of(const Case& record) {
    Sentences limits{
        {"An address or a login says which account was used, not which person used it: addresses "
         "may be shared (NAT), logins may be shared or stolen.",
         "Une adresse ou un identifiant dit quel compte a servi, non quelle personne : une adresse "
         "peut être partagée (NAT), un identifiant peut être partagé ou volé."},
        {"Header fields, HELO and the envelope sender are claims of the client.",
         "Les champs d'en-tête, HELO et l'expéditeur d'enveloppe sont des déclarations du client."},
    };
    if (record.strength != Strength::proven)
        limits.push_back({"Nobody is proven to have sent the message.",
                          "Il n'est prouvé d'aucun compte qu'il ait envoyé le message."});
    if (record.messages > 1)
        limits.push_back({"Of " + std::to_string(record.messages) +
                              " messages of this case the first is kept; the others are counted.",
                          "Des " + std::to_string(record.messages) +
                              " messages de ce dossier, le premier est conservé ; les autres sont "
                              "comptés."});
    if (record.envelope.rcpt_to.size() < record.envelope.rcpt_count)
        limits.push_back({"Not all recipients are listed; all are counted.",
                          "Tous les destinataires ne sont pas énumérés ; tous sont comptés."});
    const auto is_erasure = [](const CaseEvent& event) {
        return is_custody_event(event) && custody_words(event).action == "erase";
    };
    if (std::ranges::any_of(record.events, is_erasure))
        limits.push_back({"The content has been erased; its digest remains.",
                          "Le contenu a été effacé ; son empreinte demeure."});
    return limits;
}

Sentences limits_of(const BagFacts& facts) {
    auto limits = limits_of(facts.record);
    if (!facts.clock.synced)
        limits.push_back({"The machine's clock was not known to be synchronised.",
                          "L'horloge de la machine n'était pas réputée synchronisée."});
    if (!facts.holder.holder && facts.number == 0)
        limits.push_back({"Holder data: not available (" + facts.holder.source + ").",
                          "Données du titulaire : non disponibles (" + facts.holder.source + ")."});
    return limits;
}

}  // namespace bailiff
