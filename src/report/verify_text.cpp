#include "src/report/verify_text.hpp"

#include <algorithm>

#include "src/report/plain_text.hpp"
#include "src/report/visible.hpp"
#include "src/report/words.hpp"

namespace bailiff {
namespace {

struct Step {
    Sentence title;
    Sentence before;  ///< may be empty
    std::vector<std::string> commands;
    Sentence expected;
    Sentence otherwise;
};

Sentence given(const std::string& value) {
    return value.empty() ? Sentence{"not given in this record", "non indiqué dans ce dossier"}
                         : Sentence::of(value);
}

std::string second_of(Instant at) {
    auto text = to_rfc3339(at).substr(0, 19);
    std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
    return text;
}

Step keys_step() {
    return {
        {"The keys", "Les clés"},
        {"Put the three files allowed_signers, log.pem and tsa-root.pem, from outside the "
         "record, beside the folder of the record, and look at their fingerprints.",
         "Placer les trois fichiers allowed_signers, log.pem et tsa-root.pem, obtenus hors du "
         "dossier, à côté du répertoire du dossier, et relever leurs empreintes."},
        {"sed 's/.*ssh-ed25519/ssh-ed25519/' ../allowed_signers | ssh-keygen -l -f -",
         "openssl pkey -pubin -in ../log.pem -outform DER | sha256sum",
         "openssl x509 -in ../tsa-root.pem -outform DER | sha256sum"},
        {"the three fingerprints named above. Where there are several keys, theirs must be among "
         "them. Compare them with the web site, the DNS or the covering letter, not only with "
         "this text.",
         "les trois empreintes indiquées ci-dessus. S’il y a plusieurs clés, elles doivent "
         "figurer parmi celles-ci. Les comparer avec le site, le DNS ou la lettre "
         "d’accompagnement, et non avec ce seul texte."},
        {"the keys are not those of the hosting company: nothing that follows proves who "
         "sealed the record.",
         "les clés ne sont pas celles de l’hébergeur : rien de ce qui suit n’établit qui a "
         "scellé le dossier."}};
}

std::vector<Step> file_steps(const VerifyFacts& facts) {
    const auto digest = facts.bag.hex();
    return {
        {{"The list of files", "La liste des fichiers"},
         {},
         {"sha256sum tagmanifest-sha256.txt", "sha256sum --strict -c tagmanifest-sha256.txt"},
         Sentence{"first the digest ", "d’abord l’empreinte "} + Sentence::of(digest) +
             Sentence{"; then three lines that end in “OK”.",
                      " ; puis trois lignes se terminant par « OK » (ou « Réussi »)."},
         {"the list itself or the data about the record were changed; stop here.",
          "la liste elle-même ou les données relatives au dossier ont été modifiées ; s’arrêter "
          "ici."}},
        {{"The files, in a complete copy", "Les fichiers, dans une copie complète"},
         {"If there is no file WITHHELD.txt. Otherwise go to the next step.",
          "S’il n’y a pas de fichier WITHHELD.txt. Sinon, passer à l’étape suivante."},
         {"sha256sum --strict -c manifest-sha256.txt"},
         {"a line for each file, each ends in “OK”.",
          "une ligne par fichier, se terminant chacune par « OK »."},
         {"the file that is named was changed or is missing since the record was sealed.",
          "le fichier nommé a été modifié ou retiré depuis le scellement du dossier."}},
        {{"The files, in a copy with parts withheld",
          "Les fichiers, dans une copie dont certaines parties ne sont pas communiquées"},
         {"If there is a file WITHHELD.txt. The second command names files that are missing "
          "without being named there.",
          "S’il y a un fichier WITHHELD.txt. La seconde commande nomme les fichiers absents qui "
          "n’y figurent pas."},
         {"sha256sum --strict --ignore-missing -c manifest-sha256.txt",
          "cut -c 67- manifest-sha256.txt | while read -r f; do [ -e \"$f\" ] || cut -d ' ' -f 1 "
          "WITHHELD.txt | grep -qxF \"$f\" || echo \"missing: $f\"; done"},
         {"a line for each file that is here, each ends in “OK”; from the second command, nothing.",
          "une ligne par fichier présent, se terminant chacune par « OK » ; la seconde commande "
          "n’affiche rien."},
         {"a file was changed, or removed without being named. WITHHELD.txt is not signed: ask "
          "the sender why each file is withheld.",
          "un fichier a été modifié, ou retiré sans être nommé. WITHHELD.txt n’est pas signé : "
          "demander à l’expéditeur pourquoi chaque fichier n’est pas communiqué."}},
        {{"Nothing was added", "Rien n’a été ajouté"},
         {},
         {"find data ! -type d | while read -r f; do cut -c 67- manifest-sha256.txt | "
          "grep -qxF \"$f\" || echo \"not listed: $f\"; done"},
         {"nothing.", "rien."},
         {"the file that is named was added after the record was sealed and proves nothing.",
          "le fichier nommé a été ajouté après le scellement du dossier et ne prouve rien."}}};
}

std::vector<Step> seal_steps(const VerifyFacts& facts) {
    return {
        {{"The signature", "La signature"},
         {"The key must have been valid when the record was sealed, not today; hence the time in "
          "the command.",
          "La clé doit avoir été valide lors du scellement, et non aujourd’hui ; d’où l’heure "
          "indiquée dans la commande."},
         {"TZ=UTC0 ssh-keygen -Y verify -f ../allowed_signers -I " + facts.identity + " -n " +
          facts.name_space + " -O verify-time=" + second_of(facts.sealed) +
          " -s seals/tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt"},
         Sentence{"“", "« "} +
             Sentence::of("Good \"" + facts.name_space + "\" signature for " + facts.identity +
                          " with ED25519 key " + facts.key_fingerprint) +
             Sentence{"”.", " »."},
         {"the list was changed, or the record was sealed by somebody else.",
          "la liste a été modifiée, ou le dossier a été scellé par un tiers."}},
        {{"The time stamp", "L’horodatage"},
         {"If seals/tagmanifest-sha256.txt.tsr is missing, the time stamp was still pending; the "
          "log (below) then tells the time. If the authority’s certificate has ended since, add "
          "“-attime $(date -u -d 'TIME' +%s)” to the first command, where TIME is what the second "
          "one shows.",
          "Si seals/tagmanifest-sha256.txt.tsr est absent, l’horodatage était encore en attente ; "
          "le journal (ci-dessous) indique alors l’heure. Si le certificat de l’autorité a expiré "
          "depuis, ajouter « -attime $(date -u -d 'HEURE' +%s) » à la première commande, HEURE "
          "étant ce qu’affiche la seconde."},
         {"openssl ts -verify -data tagmanifest-sha256.txt -in seals/tagmanifest-sha256.txt.tsr "
          "-CAfile ../tsa-root.pem -untrusted seals/tsa-chain.pem",
          "openssl ts -reply -in seals/tagmanifest-sha256.txt.tsr -text"},
         Sentence{"“Verification: OK”; the second command shows the time, in GMT (that is UTC). "
                  "Authority: ",
                  "« Verification: OK » ; la seconde commande indique l’heure, en GMT (soit UTC). "
                  "Autorité : "} +
             given(facts.stamp_authority) + Sentence::of("."),
         {"the record did not exist in this form at that time, or the authority is another.",
          "le dossier n’existait pas sous cette forme à cette heure, ou l’autorité est une "
          "autre."}},
        {{"The entry in the log", "L’inscription au journal"},
         {},
         {"cat tagmanifest-sha256.txt seals/salt.bin | sha256sum", "sed -n 3p seals/leaf.bin"},
         {"twice the same 64 digits; the fourth line of seals/leaf.bin is the time (UTC).",
          "deux fois les mêmes 64 chiffres ; la quatrième ligne de seals/leaf.bin est l’heure "
          "(UTC)."},
         {"the entry belongs to another record.", "l’inscription concerne un autre dossier."}},
        {{"The log", "Le journal"},
         {},
         {"sh seals/verify-log.sh seals/evidence.tlog-proof seals/leaf.bin ../log.pem"},
         Sentence{"“OK: entry … of … in the log ", "« OK: entry … of … in the log "} +
             given(facts.log_origin) + Sentence{"”.", " »."},
         {"the entry is not in the log, or the log is another.",
          "l’inscription ne figure pas au journal, ou le journal est un autre."}}};
}

class Text {
public:
    explicit Text(Language language) : language_(language) {}
    void title(const Sentence& text) { out_ += heading(text, language_); }
    void say(const Sentence& text) { out_ += wrapped(text, language_) + "\n"; }
    void item(const Sentence& text) { out_ += wrapped(text, language_, {"- ", 2}); }
    void command(const std::string& text) { out_ += "    " + visible(text) + "\n"; }
    void gap() { out_ += "\n"; }
    void step(const Step& step);
    [[nodiscard]] std::string take() && { return std::move(out_); }

private:
    Language language_;
    int steps_ = 0;
    std::string out_;
};

void Text::step(const Step& step) {
    const auto number = std::to_string(++steps_) + ". ";
    out_ += wrapped(step.title, language_, {number, number.size()}) + "\n";
    if (!step.before.empty()) say(step.before);
    for (const auto& line : step.commands) command(line);
    gap();
    const bool fr = language_ == Language::fr;
    out_ += wrapped(step.expected, language_, {fr ? "Attendu\u00a0: " : "Expected: ", 2});
    say(Sentence{"Otherwise: ", "Sinon : "} + step.otherwise);
}

void sources(Text& text, const VerifyFacts& facts) {
    text.title({"What you need", "Ce qu’il faut"});
    text.say(
        {"A Linux computer, without a network, with sha256sum, ssh-keygen (OpenSSH 8.9 or "
         "later), openssl (3.0 or later) and sh; and three files that did not come with this "
         "record: allowed_signers (who may sign), log.pem (the key of the log) and "
         "tsa-root.pem (the root certificate of the time-stamp authority). Whoever forges a "
         "record also forges the keys in it. They are found:",
         "Un ordinateur Linux, sans réseau, avec sha256sum, ssh-keygen (OpenSSH 8.9 ou plus "
         "récent), openssl (3.0 ou plus récent) et sh ; et trois fichiers qui ne proviennent "
         "pas du présent dossier : allowed_signers (qui peut signer), log.pem (la clé du "
         "journal) et tsa-root.pem (le certificat racine de l’autorité d’horodatage). "
         "Quiconque falsifie un dossier falsifie aussi les clés qu’il contient. On les "
         "trouve :"});
    text.item(
        Sentence{"on the web site of the hosting company: ", "sur le site de l’hébergeur : "} +
        given(facts.site));
    text.item(Sentence{"as fingerprints in the DNS, TXT record of: ",
                       "sous forme d’empreintes dans le DNS, enregistrement TXT de : "} +
              given(facts.dns_name));
    text.item({"in the covering letter of whoever handed the record over",
               "dans la lettre d’accompagnement de la personne qui a remis le dossier"});
    text.item(
        {"tsa-root.pem: also from the authority itself, or from the European list of trusted "
         "services",
         "tsa-root.pem : également auprès de l’autorité elle-même, ou de la liste de "
         "confiance européenne"});
    text.gap();
    text.say(
        {"Their fingerprints (SHA-256) must be:", "Leurs empreintes (SHA-256) doivent être :"});
    text.item(Sentence{"signing key: ", "clé de signature : "} + given(facts.key_fingerprint));
    text.item(Sentence{"key of the log: ", "clé du journal : "} + given(facts.log_key_digest));
    text.item(
        Sentence{"root of the time-stamp authority: ", "racine de l’autorité d’horodatage : "} +
        given(facts.stamp_root_digest));
    text.gap();
    text.say(
        {"This text and the programs in seals/ are not covered by the signature either. The "
         "same text and the same programs are published with the keys; whoever wants to be "
         "sure takes them from there, or types the commands below.",
         "Le présent texte et les programmes du répertoire seals/ ne sont pas non plus "
         "couverts par la signature. Le même texte et les mêmes programmes sont publiés avec "
         "les clés ; qui veut en être certain les prend là, ou saisit les commandes "
         "ci-dessous."});
}

void meaning(Text& text) {
    text.title({"What the check proves", "Ce que la vérification établit"});
    text.item({"each file is, to the byte, the one that was sealed;",
               "chaque fichier est, à l’octet près, celui qui a été scellé ;"});
    text.item({"the record was sealed with the key of the hosting company;",
               "le dossier a été scellé avec la clé de l’hébergeur ;"});
    text.item({"it existed at the latest at the time of the stamp;",
               "il existait au plus tard à l’heure de l’horodatage ;"});
    text.item({"it was entered in a log from which no entry can be taken out unseen.",
               "il a été inscrit dans un journal dont aucune inscription ne peut être retirée sans "
               "que cela se voie."});
    text.title({"What it does not prove", "Ce qu’elle n’établit pas"});
    text.item(
        {"that what was recorded is true: a record that was wrong when it was sealed stays "
         "wrong;",
         "l’exactitude de ce qui a été enregistré : un dossier inexact lors du scellement le "
         "demeure ;"});
    text.item({"which natural person acted;", "quelle personne physique a agi ;"});
    text.item({"that the facts amount to an offence: that is for the competent authorities;",
               "que les faits constituent une infraction : cela relève des autorités "
               "compétentes ;"});
    text.item(
        {"what stands in withheld files: only that they exist and have not changed, once they "
         "are handed over;",
         "le contenu des fichiers non communiqués : seulement leur existence et, une fois "
         "remis, leur intégrité ;"});
    text.item(
        {"that there is no later record on the same case: an addendum names the digest of "
         "the record that it adds to.",
         "l’absence de dossier ultérieur sur la même affaire : un additif indique "
         "l’empreinte du dossier qu’il complète."});
}

}  // namespace

std::string verify_text(const VerifyFacts& facts, Language language) {
    Text text(language);
    text.title(Sentence{"HOW TO CHECK EVIDENCE RECORD ", "COMMENT VÉRIFIER LE DOSSIER DE PREUVE "} +
               Sentence::of(facts.case_id.text()));
    text.say(
        Sentence{"Sealed on ", "Scellé le "} + words::day_and_time(facts.sealed) +
        Sentence{" by ", " par "} + given(facts.operator_name) +
        Sentence{", in the name of ", ", au nom de "} + given(facts.identity) +
        Sentence{". Whoever has only this record can check with the usual tools of any Linux "
                 "system that nothing in it was changed, who sealed it and when.",
                 ". Quiconque ne dispose que du présent dossier peut vérifier, avec les outils "
                 "courants de tout système Linux, que rien n’y a été modifié, qui l’a scellé "
                 "et quand."});
    sources(text, facts);
    text.title({"All at once", "En une fois"});
    text.say({"In a terminal, inside the folder of the record (where bagit.txt is):",
              "Dans un terminal, dans le répertoire du dossier (celui qui contient bagit.txt) :"});
    text.command("sh seals/verify.sh ../allowed_signers ../log.pem ../tsa-root.pem");
    text.gap();
    text.say(
        {"Expected: a last line that begins with “OK:”. Otherwise the last line begins with "
         "“FAILED:” and names the first thing that is wrong. The steps below do the same by "
         "hand.",
         "Attendu : une dernière ligne commençant par « OK: ». Sinon, la dernière ligne "
         "commence par « FAILED: » et nomme (en anglais) la première anomalie. Les étapes "
         "ci-dessous font la même chose à la main."});
    text.title({"Step by step", "Étape par étape"});
    text.step(keys_step());
    for (const auto& step : file_steps(facts)) text.step(step);
    for (const auto& step : seal_steps(facts)) text.step(step);
    meaning(text);
    return std::move(text).take().substr(1);
}

}  // namespace bailiff
