// What stands where in a record.
#include <algorithm>
#include <array>
#include <set>

#include "src/report/plain_text.hpp"
#include "src/report/tiers.hpp"
#include "src/report/verify_text.hpp"
#include "src/report/words.hpp"

namespace bailiff {
namespace {

struct KnownFile {
    std::string_view path;  ///< a "#" stands for digits
    std::string_view en, fr;
};

// clang-format off
constexpr std::array known_files{
    KnownFile{"README.en.txt", "this text, in English", "le présent texte, en anglais"},
    KnownFile{"README.fr.txt", "this text, in French", "le présent texte, en français"},
    KnownFile{"report.en.html", "the report in English: begin here",
              "le rapport, en anglais"},
    KnownFile{"report.fr.html", "the report in French",
              "le rapport, en français : commencer ici"},
    KnownFile{"record.json", "the same facts, for programs", "les mêmes faits, pour des logiciels"},
    KnownFile{"case.json", "the case, for programs", "le dossier, pour des logiciels"},
    KnownFile{"1-subscriber/holder.json", "name, address, e-mail and telephone of the holder",
              "nom, adresse, courriel et téléphone du titulaire"},
    KnownFile{"2-identification/access.jsonl",
              "IP address, port, login and time of the connections",
              "adresse IP, port, identifiant et heure des connexions"},
    KnownFile{"2-identification/session.json",
              "server, encryption and certificate of the connection",
              "serveur, chiffrement et certificat de la connexion"},
    KnownFile{"3-traffic/transactions.jsonl", "sender, recipients masked, queue number, time",
              "expéditeur, destinataires masqués, numéro de file d’attente, heure"},
    KnownFile{"3-traffic/rates.json", "how much was sent, against what was usual",
              "volumes envoyés, comparés aux volumes habituels"},
    KnownFile{"3-traffic/postfix.log", "lines of the mail server’s journal",
              "lignes du journal du serveur de messagerie"},
    KnownFile{"3-traffic/recipients.masked.jsonl", "recipients, masked",
              "destinataires, masqués"},
    KnownFile{"3-traffic/recipients.full.jsonl", "recipients in full",
              "destinataires, en clair"},
    KnownFile{"4-content/msg-#.eml", "a message, byte for byte as it was judged",
              "un message, octet pour octet tel qu’il a été analysé"},
    KnownFile{"4-content/msg-#.mime.json", "its parts, header fields and links",
              "ses parties, ses en-têtes et ses liens"},
    KnownFile{"4-content/msg-#.redacted.eml", "the message with third parties masked",
              "le message, tiers masqués"},
    KnownFile{"5-analysis/verdict.json", "verdict, score, findings with their explanations",
              "verdict, score, constats et leurs explications"},
    KnownFile{"5-analysis/hits.jsonl", "each finding: rule, place, weight",
              "chaque constat : règle, emplacement, poids"},
    KnownFile{"5-analysis/rspamd.json", "answer of the separate analysis program rspamd",
              "réponse du logiciel d’analyse distinct rspamd"},
    KnownFile{"5-analysis/features.json", "the measures of behaviour that were looked at",
              "les mesures de comportement prises en compte"},
    KnownFile{"5-analysis/engine.json", "version, rules and thresholds with which it was judged",
              "version, règles et seuils ayant servi à l’analyse"},
    KnownFile{"6-reports/report-#.eml", "a complaint, as received", "une plainte, telle que reçue"},
    KnownFile{"6-reports/report-#.json", "what it says, for programs",
              "son contenu, pour des logiciels"},
    KnownFile{"7-decision/actions.jsonl", "each measure: decided, carried out, outcome",
              "chaque mesure : décision, exécution, issue"},
    KnownFile{"7-decision/statement-of-reasons.en.txt",
              "the reasons as told to the holder, in English",
              "l’exposé des motifs adressé au titulaire, en anglais"},
    KnownFile{"7-decision/statement-of-reasons.fr.txt",
              "the reasons as told to the holder, in French",
              "l’exposé des motifs adressé au titulaire, en français"},
    KnownFile{"7-decision/statement-of-reasons.json", "the same, for programs",
              "le même exposé, pour des logiciels"},
    KnownFile{"8-custody/custody.jsonl", "each access to the record, chained line by line",
              "chaque accès au dossier, les lignes étant chaînées entre elles"},
};

/// Beside data/.
constexpr std::array frame_files{
    KnownFile{"bagit.txt", "format of the record (BagIt 1.0, RFC 8493)",
              "format du dossier (BagIt 1.0, RFC 8493)"},
    KnownFile{"bag-info.txt", "data about the record: date, number of files",
              "données relatives au dossier : date, nombre de fichiers"},
    KnownFile{"manifest-sha256.txt", "each file below data/ with its digest",
              "chaque fichier de data/ avec son empreinte"},
    KnownFile{"tagmanifest-sha256.txt", "digests of the three files above: this is what is sealed",
              "empreintes des trois fichiers ci-dessus : c’est ce qui est scellé"},
    KnownFile{"WITHHELD.txt", "only in a copy with parts withheld: which files, and why",
              "seulement dans une copie partielle : quels fichiers ne sont pas communiqués, et "
              "pourquoi"},
    KnownFile{"seals/", "signature, time stamp, proof of the log, and the programs that check them",
              "signature, horodatage, preuve d’inscription au journal et programmes de "
              "vérification"},
    KnownFile{"seals/VERIFY.en.txt", "how to check, step by step, in English",
              "comment vérifier, étape par étape, en anglais"},
    KnownFile{"seals/VERIFY.fr.txt", "how to check, step by step, in French",
              "comment vérifier, étape par étape, en français"},
};
// clang-format on

/// "4-content/msg-0001.eml" is "4-content/msg-#.eml".
bool is(std::string_view path, std::string_view pattern) {
    const auto mark = pattern.find('#');
    if (mark == std::string_view::npos) return path == pattern;
    const auto tail = pattern.substr(mark + 1);
    if (path.size() <= mark + tail.size() || !path.starts_with(pattern.substr(0, mark)) ||
        !path.ends_with(tail))
        return false;
    const auto digits = path.substr(mark, path.size() - mark - tail.size());
    return digits.find_first_not_of("0123456789") == std::string_view::npos;
}

Sentence about(std::string_view path) {
    const auto found = std::ranges::find_if(
        known_files, [&](const KnownFile& known) { return is(path, known.path); });
    if (found != known_files.end()) return {std::string(found->en), std::string(found->fr)};
    if (path.starts_with("5-analysis/ruleset/"))
        return {"the rules that judged", "les règles appliquées"};
    if (path.starts_with("5-analysis/dns/"))
        return {"answers of the DNS at that time", "réponses du DNS à cette heure"};
    return {"without a description of its own", "sans description particulière"};
}

constexpr std::size_t description_column = 36;

std::string row(const std::string& path, const Sentence& what, Language language) {
    if (path.size() + 2 > description_column)
        return path + "\n" +
               wrapped(what, language, {std::string(description_column, ' '), description_column});
    const auto blanks = std::string(description_column - path.size(), ' ');
    return wrapped(what, language, {path + blanks, description_column});
}

}  // namespace

std::string readme_text(const ReadmeFacts& facts, Language language) {
    const auto number = Sentence::of(facts.case_id.text());
    auto text =
        heading(Sentence{"EVIDENCE RECORD ", "DOSSIER DE PREUVE "} + number, language).substr(1);
    text +=
        wrapped(Sentence{"Drawn up on ", "Établi le "} + words::day_and_time(facts.written) +
                    Sentence{" for ", " pour "} + Sentence::of(facts.operator_name) +
                    Sentence{" by ", " par "} + Sentence::of(facts.software) +
                    Sentence{". It documents an incident with outgoing e-mail: what happened, "
                             "from which service, on which proof, and what was done. To read: "
                             "data/report.en.html. To check: seals/VERIFY.en.txt. All times are "
                             "in UTC.",
                             ". Il documente un incident relatif à du courrier électronique "
                             "sortant : ce qui s’est passé, depuis quel service, sur quelles "
                             "preuves, et les mesures prises. À lire : data/report.fr.html. "
                             "Pour vérifier : seals/VERIFY.fr.txt. Toutes les heures sont en "
                             "UTC."},
                language);
    text += heading({"Folder data/", "Répertoire data/"}, language);
    const std::set<std::string> files(facts.files.begin(), facts.files.end());
    for (const auto& path : files)
        if (path.find('/') == std::string::npos) text += row(path, about(path), language);
    for (const auto& folder : folders) {
        const auto name = std::string(folder.name) + "/";
        text += "\n" + row(name, folder.what(), language);
        bool empty = true;
        for (const auto& path : files) {
            if (!path.starts_with(name)) continue;
            text += row("  " + path.substr(name.size()), about(path), language);
            empty = false;
        }
        if (empty)
            text +=
                row("  -", {"no file in this record", "aucun fichier dans ce dossier"}, language);
    }
    text +=
        "\n" + wrapped({"Folders 1 to 4 hold personal data by the categories of European law on "
                        "electronic evidence (subscriber, identification, traffic, content). "
                        "Each of them may be withheld from a copy; the rest can still be "
                        "checked.",
                        "Les répertoires 1 à 4 contiennent des données personnelles, selon les "
                        "catégories du droit européen de la preuve électronique (abonné, "
                        "identification, trafic, contenu). Chacun d’eux peut ne pas être "
                        "communiqué dans une copie ; le reste demeure vérifiable."},
                       language);
    text += heading({"Beside data/", "À côté de data/"}, language);
    for (const auto& file : frame_files)
        text += row(std::string(file.path), {std::string(file.en), std::string(file.fr)}, language);
    return text;
}

}  // namespace bailiff
