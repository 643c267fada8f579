// Which service, which session, which message, whose.
#include <bailiff/masked.hpp>

#include "src/report/report_page.hpp"
#include "src/report/words.hpp"

namespace bailiff::page {
namespace {

Table facts_table() {
    return {{{{"Item", "Élément"}, 24},
             {{"Value", "Valeur"}, 34},
             {{"Source", "Source"}, 22},
             {{"Recorded (UTC)", "Relevé (UTC)"}, 20}},
            {}};
}

Row row_of(const Sentence& name, const Fact& fact) {
    if (fact.value.empty())
        return {prose(name), prose(not_recorded()),
                prose(fact.source.empty() ? Sentence::of("–") : fact.source),
                prose(Sentence::of("–"))};
    return {prose(name), value(fact.value),
            prose(fact.source.empty() ? not_recorded() : fact.source),
            fact.at == Instant{} ? prose(not_recorded()) : value(words::instant(fact.at))};
}

Fact own(std::string text, const ReportFacts& facts, Instant at) {
    return {std::move(text), Sentence::of(facts.software), at};
}

/// A value that the server vouches for points to nobody, as long as it is nobody's.
Cell owners(const Proof& proof) {
    std::string names;
    for (const auto& service : proof.services)
        names += (names.empty() ? "" : ", ") + service.text();
    return names.empty() ? prose({"no service", "aucun service"}) : value(names);
}

Table proofs(const ServiceFacts& service) {
    Table table{{{{"What was looked at", "Élément examiné"}, 23},
                 {{"Value found", "Valeur relevée"}, 23},
                 {{"Whose, by the directory", "À qui, selon l’annuaire"}, 18},
                 {{"Where", "Où"}, 16},
                 {{"Strength of the value", "Force de la valeur"}, 20}},
                {}};
    for (const auto& proof : service.proofs)
        table.rows.push_back({prose(words::of(proof.kind)), value_or_none(proof.value),
                              owners(proof), value_or_none(proof.source),
                              prose(words::of(proof.strength))});
    return table;
}

}  // namespace

Section origin(const ReportFacts& facts) {
    const auto& service = facts.service;
    auto table = facts_table();
    const auto row = [&](const Sentence& name, const std::string& text) {
        table.rows.push_back(row_of(name, {text, service.directory, service.directory_at}));
    };
    row({"Service", "Service"}, service.service.id.text());
    row({"Service created", "Création du service"},
        service.service.created == Instant{} ? "" : words::instant(service.service.created));
    row({"Account", "Compte"}, service.account.text());
    row({"Plan", "Offre"}, service.plan);
    Section section{
        {"Which service, and how this is known", "Quel service, et comment il a été identifié"},
        {std::move(table), Sentence{"Attribution: ", "Attribution : "} +
                               words::of(service.strength) + Sentence::of(".")}};
    if (!service.reason.empty()) section.blocks.emplace_back(service.reason);
    if (service.proofs.empty())
        section.blocks.emplace_back(Sentence{"Nothing that was looked at points to a service.",
                                             "Aucun des éléments examinés ne désigne un service."});
    else
        section.blocks.emplace_back(proofs(service));
    section.blocks.emplace_back(
        Sentence{"An attribution names a service and an account, not a natural person. Only a "
                 "proven attribution can lead to a measure against a service.",
                 "Une attribution désigne un service et un compte, non une personne physique. "
                 "Seule une attribution prouvée peut conduire à une mesure visant un service."});
    return section;
}

Section session(const ReportFacts& facts) {
    const auto& of = facts.session;
    auto table = facts_table();
    const std::pair<Sentence, const Fact&> rows[] = {
        {{"Receiving address and port", "Adresse et port de réception"}, of.server},
        {{"Client’s IP address", "Adresse IP du client"}, of.client_address},
        {{"Client’s port", "Port du client"}, of.client_port},
        {{"Client’s host name", "Nom d’hôte du client"}, of.client_name},
        {{"HELO (name the client gave)", "HELO (nom annoncé par le client)"}, of.helo},
        {{"Encryption (TLS)", "Chiffrement (TLS)"}, of.tls},
        {{"Login name", "Identifiant de connexion"}, of.login},
        {{"Login mechanism", "Mécanisme d’authentification"}, of.auth_type},
        {{"System user (uid)", "Utilisateur système (uid)"}, of.uid},
        {{"Script", "Script"}, of.script},
        {{"Queue number", "Numéro de file d’attente"}, of.queue_id},
        {{"Sender of the envelope", "Expéditeur de l’enveloppe"}, of.mail_from},
        {{"Number of recipients", "Nombre de destinataires"}, of.recipient_count},
    };
    for (const auto& [name, fact] : rows) table.rows.push_back(row_of(name, fact));
    Section section{
        {"The session", "La session"},
        {Sentence{"How the message reached the server. “Postfix” is the mail server program; "
                  "the name in braces is the one under which it told the value. Host "
                  "name and HELO can be chosen by whoever runs the client.",
                  "Comment le message est parvenu au serveur. « Postfix » est le "
                  "logiciel du serveur de messagerie ; le nom entre accolades est celui "
                  "sous lequel il a communiqué la valeur. Le nom d’hôte et le HELO "
                  "peuvent être choisis par l’exploitant du client."},
         std::move(table)}};
    Table recipients{{{{"No.", "N°"}, 10}, {{"Recipient, masked", "Destinataire, masqué"}, 90}},
                     {}};
    for (const auto& recipient : of.recipients)
        recipients.rows.push_back(
            {prose(words::number(recipients.rows.size() + 1)), value(masked_recipient(recipient))});
    if (of.recipients.empty()) {
        section.blocks.emplace_back(Sentence{"No recipient is listed in this report.",
                                             "Aucun destinataire n’est énuméré dans le présent "
                                             "rapport."});
        return section;
    }
    section.blocks.emplace_back(
        Sentence{"Recipients are third parties: their addresses are masked here. Listed: ",
                 "Les destinataires sont des tiers : leurs adresses sont masquées ici. "
                 "Nombre d’adresses énumérées : "} +
        words::number(of.recipients.size()) + Sentence{". Source: ", ". Source : "} +
        (of.recipients_source.empty() ? not_recorded() : of.recipients_source) + Sentence::of("."));
    section.blocks.emplace_back(std::move(recipients));
    return section;
}

Section message(const ReportFacts& facts) {
    const auto& of = facts.message;
    auto table = facts_table();
    table.rows.push_back(
        row_of({"SHA-256 digest", "Empreinte SHA-256"},
               own(of.digest == Digest{} ? "" : of.digest.hex(), facts, of.received)));
    table.rows.push_back(row_of({"Size in bytes", "Taille en octets"},
                                own(std::to_string(of.size), facts, of.received)));
    table.rows.push_back(row_of({"Message-ID", "Message-ID"}, of.message_id));
    if (of.subject_is_withheld)
        table.rows.push_back(
            {prose({"Subject", "Objet"}),
             prose({"withheld (content, folder 4)", "non communiqué (contenu, répertoire 4)"}),
             prose(Sentence::of("–")), prose(Sentence::of("–"))});
    else
        table.rows.push_back(row_of({"Subject", "Objet"}, of.subject));
    return {{"The message", "Le message"},
            {Sentence{"The digest identifies the message to the byte: whoever holds the file "
                      "computes the same number. Message-ID and subject were written by the "
                      "sender.",
                      "L’empreinte identifie le message à l’octet près : quiconque détient le "
                      "fichier obtient le même nombre. Le Message-ID et l’objet ont été rédigés "
                      "par l’expéditeur."},
             std::move(table)}};
}

Section holder(const ReportFacts& facts) {
    const auto& of = facts.holder;
    Sentence state;
    switch (of.state) {
        case Availability::present:
            state = {
                "The holder’s identity is in the file data/1-subscriber/holder.json. It is not "
                "repeated here, so that this report can be passed on without it.",
                "L’identité du titulaire figure dans le fichier data/1-subscriber/holder.json."
                " Elle n’est pas reprise ici, afin que le présent rapport puisse être transmis"
                " sans elle."};
            break;
        case Availability::withheld:
            state = {"The holder’s identity belongs to the record, but is withheld from this copy.",
                     "L’identité du titulaire fait partie du dossier, mais n’est pas communiquée "
                     "dans la présente copie."};
            break;
        case Availability::unavailable:
            state = {
                "The holder’s identity was not available when the record was made. It can be "
                "asked of the hosting company, under the account named above.",
                "L’identité du titulaire n’était pas disponible lors de l’établissement du "
                "dossier. Elle peut être demandée à l’hébergeur, sous la référence du compte "
                "indiquée ci-dessus."};
            break;
    }
    Section section{{"The holder of the account", "Le titulaire du compte"}, {state}};
    if (!of.why.empty()) section.blocks.emplace_back(Sentence{"Reason: ", "Motif : "} + of.why);
    if (!of.source.empty())
        section.blocks.emplace_back(Sentence{"Source: ", "Source : "} + of.source +
                                    Sentence{", read on ", ", consultation du "} +
                                    words::day_and_time(of.at) + Sentence::of("."));
    return section;
}

}  // namespace bailiff::page
