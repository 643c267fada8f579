// What happened, when, and what was done about it.
#include <algorithm>

#include "src/report/report_page.hpp"
#include "src/report/words.hpp"

namespace bailiff::page {
namespace {

Sentence summary(const ReportFacts& facts) {
    const auto& service = facts.service;
    auto text = Sentence{"On ", "Le "} + words::day_and_time(facts.message.received) +
                Sentence{", the mail server ", ", le serveur de messagerie "} +
                Sentence::of(facts.node) + Sentence{", run by ", ", exploité par "} +
                Sentence::of(facts.operator_name) +
                Sentence{", was asked to send an e-mail message.",
                         ", a été chargé d’envoyer un message électronique."};
    if (service.service.id.empty())
        text += {" No service of a customer could be named as its origin.",
                 " Aucun service d’un client n’a pu être désigné comme son origine."};
    else
        text += Sentence{" The message is attributed to the service ",
                         " Le message est attribué au service "} +
                Sentence::of(service.service.id.text()) + Sentence{" (account ", " (compte "} +
                Sentence::of(service.account.text()) +
                Sentence{"); this attribution is ", ") ; cette attribution est "} +
                words::of(service.strength) + Sentence::of(".");
    text += Sentence{" Automatic analysis classified the message as follows: ",
                     " L’analyse automatique a classé le message comme suit : "} +
            words::of(facts.verdict.level) + Sentence{", with a score of ", ", avec un score de "} +
            words::points(facts.verdict.score) + Sentence{" points.", "\u00a0points."};
    if (facts.message.messages > 1)
        text += Sentence{" Messages of the same incident, this one included: ",
                         " Messages du même incident, celui-ci compris : "} +
                words::number(facts.message.messages) + Sentence::of(".");
    return text;
}

Sentence outcome(const ReportFacts& facts) {
    const auto carried_out = std::ranges::count_if(facts.actions, [](const ReportAction& action) {
        return action.state == ActionState::verified || action.state == ActionState::done;
    });
    auto text = Sentence{"Measures decided: ", "Mesures décidées : "} +
                words::number(facts.actions.size()) +
                Sentence{"; carried out: ", " ; exécutées : "} +
                words::number(static_cast<std::uint64_t>(carried_out)) +
                Sentence{". State of the case when this report was written: ",
                         ". État du dossier à la date de rédaction du présent rapport : "} +
                words::of(facts.state) + Sentence::of(".");
    if (facts.mode == Mode::observe)
        text += {" The system was in observation mode: it recorded, and carried out no measure.",
                 " Le système était en mode observation : il a enregistré les faits sans exécuter "
                 "de mesure."};
    if (facts.verdict.late)
        text +=
            {" The verdict was reached too late to decide about the message; it counts for"
             " review only.",
             " Le verdict a été rendu trop tard pour décider du sort du message ; il ne vaut "
             "que pour examen."};
    return text;
}

Sentence joined(const Sentences& list) {
    Sentence all;
    for (const auto& one : list) {
        if (!all.empty()) all += Sentence{"; ", " ; "};
        all += one;
    }
    return all;
}

struct Moment {
    Instant at;
    Sentence what;
    std::string who;
};

Sentence order_of(const ReportAction& action) {
    auto what = words::of(action.kind);
    if (action.direction == Direction::undo)
        what = Sentence{"undoing (", "annulation ("} + what + Sentence::of(")");
    return what;
}

std::vector<Moment> moments(const ReportFacts& facts) {
    std::vector<Moment> all{
        {facts.message.received,
         {"Message received by the mail server",
          "Réception du message par le serveur de messagerie"},
         facts.node},
        {facts.opened, {"Case opened", "Ouverture du dossier"}, facts.software}};
    for (const auto& action : facts.actions) {
        all.push_back({action.requested,
                       Sentence{"Measure decided: ", "Mesure décidée : "} + order_of(action),
                       action.by});
        if (!action.executed) continue;
        all.push_back({*action.executed,
                       Sentence{"Measure, last outcome: ", "Mesure, dernière issue : "} +
                           order_of(action) + Sentence::of(", ") + words::of(action.state),
                       action.adapter});
    }
    for (const auto& decision : facts.decisions)
        all.push_back({decision.at,
                       Sentence{"Decision by a named person: ",
                                "Décision d’une personne nommément désignée : "} +
                           decision.what,
                       decision.person});
    const auto& seal = facts.seal;
    if (seal.sealed)
        all.push_back({*seal.sealed, {"Record sealed", "Scellement du dossier"}, seal.identity});
    if (seal.stamped)
        all.push_back(
            {*seal.stamped,
             {"Time stamp by an independent authority", "Horodatage par une autorité indépendante"},
             seal.stamp_authority});
    std::ranges::stable_sort(all, {}, &Moment::at);
    return all;
}

Table decisions(const ReportFacts& facts) {
    Table table{{{{"Time (UTC)", "Date et heure (UTC)"}, 20},
                 {{"Person", "Personne"}, 20},
                 {{"Decision", "Décision"}, 25},
                 {{"Reason given", "Motif indiqué"}, 35}},
                {}};
    for (const auto& decision : facts.decisions)
        table.rows.push_back({value(words::instant(decision.at)), value_or_none(decision.person),
                              prose(decision.what), value_or_none(decision.reason)});
    return table;
}

}  // namespace

Section what_happened(const ReportFacts& facts) {
    Section section{{"What happened", "Ce qui s’est passé"}, {summary(facts), outcome(facts)}};
    if (!facts.terms.empty())
        section.blocks.emplace_back(Sentence{"Provisions of the contract that were applied: ",
                                             "Stipulations contractuelles appliquées : "} +
                                    joined(facts.terms) + Sentence::of("."));
    if (!facts.laws.empty())
        section.blocks.emplace_back(
            Sentence{"The facts described here may be a matter of: ",
                     "Les faits décrits ici sont susceptibles de relever de : "} +
            joined(facts.laws) +
            Sentence{". This is an indication only; to qualify the facts in law is for the "
                     "competent authorities alone.",
                     ". Cette mention est purement indicative ; la qualification juridique des "
                     "faits appartient aux seules autorités compétentes."});
    return section;
}

Section timeline(const ReportFacts& facts) {
    Table table{{{{"Time (UTC)", "Date et heure (UTC)"}, 30},
                 {{"Event", "Événement"}, 45},
                 {{"By", "Par"}, 25}},
                {}};
    for (const auto& moment : moments(facts))
        table.rows.push_back(
            {value(words::instant(moment.at)), prose(moment.what), value_or_none(moment.who)});
    return {{"When: course of events", "Quand : déroulement des faits"},
            {Sentence{"All times are in Coordinated Universal Time (UTC), to the millisecond. "
                      "Legal time in mainland France is UTC+1 in winter and UTC+2 in summer.",
                      "Toutes les heures sont exprimées en temps universel coordonné (UTC), à la "
                      "milliseconde. L’heure légale en France métropolitaine est UTC+1 en hiver et "
                      "UTC+2 en été."},
             std::move(table)}};
}

Section measures(const ReportFacts& facts) {
    Section section{{"What was done", "Mesures prises"}, {}};
    Table table{{{{"Measure", "Mesure"}, 20},
                 {{"Target", "Cible"}, 13},
                 {{"Decided (UTC)", "Décidée (UTC)"}, 20},
                 {{"Carried out (UTC)", "Exécutée (UTC)"}, 20},
                 {{"Outcome", "Issue"}, 27}},
                {}};
    for (const auto& action : facts.actions) {
        auto result = words::of(action.state) +
                      (action.automated
                           ? Sentence{". Decided automatically", ". Décidée de manière automatisée"}
                           : Sentence{". Decided by a person", ". Décidée par une personne"}) +
                      Sentence::of(" (" + action.by + ").");
        if (!action.detail.empty())
            result += Sentence{" Answer of the executing system: ",
                               " Réponse du système chargé de l’exécution : "} +
                      Sentence::of(action.detail);
        table.rows.push_back({prose(order_of(action)), value_or_none(action.target),
                              value(words::instant(action.requested)),
                              action.executed
                                  ? value(words::instant(*action.executed))
                                  : prose({"no time recorded", "aucune heure enregistrée"}),
                              prose(std::move(result))});
    }
    if (facts.actions.empty())
        section.blocks.emplace_back(Sentence{"No measure was decided when this report was written.",
                                             "Aucune mesure n’était décidée à la date de "
                                             "rédaction du présent rapport."});
    else
        section.blocks.emplace_back(std::move(table));
    if (facts.decisions.empty())
        section.blocks.emplace_back(
            Sentence{"No person had decided in this case when this report was written: all "
                     "measures above that are marked so were automatic.",
                     "Aucune personne n’avait statué dans ce dossier à la date de rédaction du "
                     "présent rapport : les mesures ainsi signalées ci-dessus étaient "
                     "automatisées."});
    else
        section.blocks.emplace_back(decisions(facts));
    return section;
}

}  // namespace bailiff::page
