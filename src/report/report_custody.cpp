// What is withheld, what the record cannot show, how it is sealed, how to check it.
#include "src/report/report_page.hpp"
#include "src/report/tiers.hpp"
#include "src/report/words.hpp"

namespace bailiff::page {
namespace {

Sentence state_of(const TierShown& tier) {
    switch (tier.state) {
        case Availability::present:
            return {"part of the record", "versé au dossier"};
        case Availability::withheld:
            return {"withheld", "non communiqué"};
        case Availability::unavailable:
            return {"not available", "non disponible"};
    }
    return {};
}

Sentences general_limits() {
    return {
        {"The record names a service, an account and the identity used. It does not show which "
         "natural person acted: a login can be shared, lent or stolen, a web site can be hacked.",
         "Le dossier désigne un service, un compte et l’identité utilisée. Il ne montre pas quelle "
         "personne physique a agi : un identifiant peut être partagé, prêté ou volé, un site peut "
         "être piraté."},
        {"One IP address can serve many subscribers at once (address translation, NAT). To find a "
         "subscriber, address, port and exact time are needed together.",
         "Une même adresse IP peut servir à de nombreux abonnés à la fois (traduction d’adresses, "
         "NAT). Pour retrouver un abonné, il faut réunir l’adresse, le port et l’heure exacte."},
        {"Times are those of the mail server’s own clock. Only the time stamp, where there is one, "
         "comes from an independent authority; it shows that the record existed at that time, not "
         "when the facts took place.",
         "Les heures sont celles de l’horloge du serveur de messagerie. Seul l’horodatage, s’il "
         "existe, provient d’une autorité indépendante ; il établit que le dossier existait à "
         "cette "
         "date, non la date des faits."},
        {"Host name, HELO, sender’s address, Message-ID, subject and header fields are given by "
         "the "
         "sender and may be false.",
         "Le nom d’hôte, le HELO, l’adresse de l’expéditeur, le Message-ID, l’objet et les "
         "en-têtes "
         "sont fournis par l’expéditeur et peuvent être faux."},
        {"The verdict was reached by automatic analysis and can be wrong. It is neither a finding "
         "of guilt nor a qualification in law.",
         "Le verdict résulte d’une analyse automatique et peut être erroné. Il ne constitue ni une "
         "constatation de culpabilité ni une qualification juridique."},
        {"The record begins when the message was handed to the server. It does not show what "
         "happened on the sender’s side before, nor whether a recipient received or read it.",
         "Le dossier commence à la remise du message au serveur. Il ne montre pas ce qui a précédé "
         "du côté de l’expéditeur, ni si un destinataire a reçu ou lu le message."},
        {"Seal and signature show that nothing was changed since sealing and which key sealed. "
         "They "
         "do not show that what was recorded was true.",
         "Le scellement et la signature établissent que rien n’a été modifié depuis le scellement, "
         "et quelle clé a scellé. Ils n’établissent pas l’exactitude de ce qui a été enregistré."},
        {"Long values and long lists are kept only up to fixed limits; logs that had already been "
         "deleted when the record was made are not in it.",
         "Les valeurs et listes longues ne sont conservées que jusqu’à des limites fixes ; les "
         "journaux déjà effacés lors de l’établissement du dossier n’y figurent pas."},
    };
}

Cell digest_or(const std::optional<Digest>& digest, const Sentence& otherwise) {
    return digest ? value(digest->hex()) : prose(otherwise);
}

Cell number_or(const std::optional<std::uint64_t>& number, const Sentence& otherwise) {
    return number ? value(std::to_string(*number)) : prose(otherwise);
}

}  // namespace

Section withheld(const ReportFacts& facts) {
    Table table{{{{"Folder", "Répertoire"}, 22},
                 {{"What it holds", "Contenu"}, 30},
                 {{"State", "État"}, 16},
                 {{"Why", "Motif"}, 32}},
                {}};
    for (std::size_t at = 0; at < facts.tiers.size(); ++at) {
        const auto& tier = facts.tiers[at];
        const bool silent = tier.why.empty();
        table.rows.push_back({value("data/" + std::string(folders[at].name)),
                              prose(folders[at].what()), prose(state_of(tier)),
                              prose(!silent                               ? tier.why
                                    : tier.state == Availability::present ? Sentence::of("–")
                                                                          : not_recorded())});
    }
    return {
        {"What is withheld, and why", "Ce qui n’est pas communiqué, et pourquoi"},
        {Sentence{"Personal data stand in four folders, by the categories of European law on "
                  "electronic evidence. A copy may lack one or more of them without losing its "
                  "seal: the list of files and the signature stay the same, and each missing "
                  "file is named in WITHHELD.txt. The table tells how it stood when this report "
                  "was written.",
                  "Les données personnelles sont réparties en quatre répertoires, selon les "
                  "catégories du droit européen de la preuve électronique. Une copie peut être "
                  "dépourvue d’un ou de plusieurs d’entre eux sans perdre son scellement : la "
                  "liste des fichiers et la signature restent les mêmes, et chaque fichier "
                  "absent est nommé dans WITHHELD.txt. Le tableau indique la situation à la "
                  "date de rédaction du présent rapport."},
         std::move(table)}};
}

Section limits(const ReportFacts& facts) {
    Section section{{"What this record cannot show", "Ce que ce dossier ne peut pas établir"},
                    {general_limits()}};
    section.blocks.emplace_back(Sentence{"Clock of the server: ", "Horloge du serveur : "} +
                                (facts.clock.empty()
                                     ? Sentence{"state not recorded.", "état non enregistré."}
                                     : facts.clock));
    if (!facts.limits.empty()) {
        section.blocks.emplace_back(
            Sentence{"Of this record in particular:", "Pour ce dossier en particulier :"});
        section.blocks.emplace_back(facts.limits);
    }
    return section;
}

Section evidence(const ReportFacts& facts) {
    const auto& seal = facts.seal;
    const Sentence after{
        "made after this report, which is itself part of what is sealed: see below",
        "établi après le présent rapport, qui fait lui-même partie de ce qui est scellé : voir "
        "ci-dessous"};
    const Sentence pending{"pending when this report was written",
                           "en attente à la date de rédaction du présent rapport"};
    Table table{{{{"Item", "Élément"}, 34}, {{"Value", "Valeur"}, 66}}, {}};
    const auto row = [&](const Sentence& name, Cell cell) {
        table.rows.push_back({prose(name), std::move(cell)});
    };
    row({"Case number", "Numéro de dossier"}, value(facts.case_id.text()));
    row({"Digest of the sealed record (SHA-256 of tagmanifest-sha256.txt)",
         "Empreinte du dossier scellé (SHA-256 de tagmanifest-sha256.txt)"},
        digest_or(seal.bag, after));
    if (seal.previous)
        row({"Digest of the record that this one adds to",
             "Empreinte du dossier que celui-ci complète"},
            value(seal.previous->hex()));
    row({"Sealed (UTC)", "Scellé (UTC)"},
        seal.sealed ? value(words::instant(*seal.sealed)) : prose(after));
    row({"Signed in the name of", "Signé au nom de"}, value_or_none(seal.identity));
    row({"Fingerprint of the signing key", "Empreinte de la clé de signature"},
        value_or_none(seal.key_fingerprint));
    row({"Time-stamp authority", "Autorité d’horodatage"}, value_or_none(seal.stamp_authority));
    row({"Time stamp (UTC)", "Horodatage (UTC)"},
        seal.stamped ? value(words::instant(*seal.stamped)) : prose(pending));
    row({"Public log: name", "Journal public : nom"}, value_or_none(seal.log_origin));
    row({"Public log: number of the entry", "Journal public : numéro de l’inscription"},
        number_or(seal.log_index, after));
    row({"Public log: entries in all", "Journal public : nombre total d’inscriptions"},
        number_or(seal.log_size, after));
    row({"Recorded by", "Enregistré par"}, value_or_none(facts.software));
    return {{"The seal", "Le scellement"},
            {Sentence{"Of each file a digest is listed; the list is signed, stamped with the time "
                      "by an independent authority, and entered, without personal data, in a "
                      "public log from which nothing can be taken out unseen.",
                      "Une empreinte de chaque fichier figure dans une liste ; cette liste est "
                      "signée, horodatée par une autorité indépendante et inscrite, sans donnée "
                      "personnelle, dans un journal public dont rien ne peut être retiré sans que "
                      "cela se voie."},
             std::move(table)}};
}

Section checks(const ReportFacts& facts) {
    const auto& name = facts.seal.identity;
    Table table{
        {{{"Question", "Question"}, 25}, {{"File", "Fichier"}, 31}, {{"Command", "Commande"}, 44}},
        {}};
    const auto row = [&](const Sentence& question, const std::string& file, Cell how) {
        table.rows.push_back({prose(question), command(file), std::move(how)});
    };
    const Cell read = prose({"to be read in a text editor", "à lire dans un éditeur de texte"});
    row({"Everything below at once?", "Tout ce qui suit en une fois ?"}, "seals/verify.sh",
        command("sh seals/verify.sh ../allowed_signers ../log.pem ../tsa-root.pem"));
    row({"Is the list of files the one that was sealed?",
         "La liste des fichiers est-elle celle qui a été scellée ?"},
        "tagmanifest-sha256.txt", command("sha256sum --strict -c tagmanifest-sha256.txt"));
    row({"Is each file unchanged?", "Chaque fichier est-il inchangé ?"}, "manifest-sha256.txt",
        command("sha256sum --strict -c manifest-sha256.txt"));
    row({"Who sealed?", "Qui a scellé ?"}, "seals/tagmanifest-sha256.txt.sig",
        command("ssh-keygen -Y verify -f ../allowed_signers -I " + name + " -n " + name +
                " -s seals/tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt"));
    row({"Since when does the record exist?", "Depuis quand le dossier existe-t-il ?"},
        "seals/tagmanifest-sha256.txt.tsr",
        command("openssl ts -verify -data tagmanifest-sha256.txt -in "
                "seals/tagmanifest-sha256.txt.tsr -CAfile ../tsa-root.pem -untrusted "
                "seals/tsa-chain.pem"));
    row({"Is it in the public log?", "Est-il inscrit au journal public ?"},
        "seals/evidence.tlog-proof",
        command("sh seals/verify-log.sh seals/evidence.tlog-proof seals/leaf.bin ../log.pem"));
    row({"Which digest was sealed?", "Quelle empreinte a été scellée ?"}, "tagmanifest-sha256.txt",
        command("sha256sum tagmanifest-sha256.txt"));
    row({"Is this the message?", "Est-ce bien ce message ?"}, "data/4-content/msg-0001.eml",
        command("sha256sum data/4-content/msg-0001.eml"));
    row({"Which connection?", "Quelle connexion ?"}, "data/3-traffic/transactions.jsonl", read);
    row({"Why this verdict?", "Pourquoi ce verdict ?"}, "data/5-analysis/verdict.json", read);
    row({"What was done, by whom?", "Qu’a-t-il été fait, et par qui ?"},
        "data/7-decision/actions.jsonl", read);
    row({"Who had access to the record?", "Qui a eu accès au dossier ?"},
        "data/8-custody/custody.jsonl", read);
    return {
        {"How to check", "Comment vérifier"},
        {Sentence{"In a terminal, in the folder of the record, on any Linux computer, without a "
                  "network. The three files allowed_signers, log.pem and tsa-root.pem must come "
                  "from elsewhere than this record. The texts seals/VERIFY.en.txt and "
                  "seals/VERIFY.fr.txt explain each step.",
                  "Dans un terminal, dans le répertoire du dossier, sur tout ordinateur Linux, "
                  "sans réseau. Les trois fichiers allowed_signers, log.pem et tsa-root.pem "
                  "doivent provenir d’une autre source que le présent dossier. Les textes "
                  "seals/VERIFY.fr.txt et seals/VERIFY.en.txt expliquent chaque étape."},
         std::move(table)}};
}

}  // namespace bailiff::page
