// The verdict, and on which proof.
#include "src/report/report_page.hpp"
#include "src/report/words.hpp"

namespace bailiff::page {
namespace {

const Sentence two_witnesses{
    "Rule of two witnesses: findings are grouped by the kind of witness that made them. No single "
    "kind of witness, however strong, is enough to confirm spam. “Confirmed” needs one kind that "
    "reaches its threshold “alone” and a second, independent kind that reaches its threshold "
    "“corroborates”, or a named person’s confirmation. A finding that rests on several kinds "
    "counts "
    "in the total, but for none of them; reputation lists never count as the first witness.",
    "Règle des deux témoins : les constats sont regroupés selon le type de témoin dont ils "
    "émanent. "
    "Aucun type de témoin, si fort soit-il, ne suffit à confirmer un spam. Le niveau « confirmé » "
    "exige qu’un type atteigne son seuil « seul » et qu’un second type, indépendant, atteigne son "
    "seuil « à l’appui », ou bien la confirmation d’une personne nommément désignée. Un constat "
    "qui "
    "repose sur plusieurs types compte dans le total, mais pour aucun d’eux ; les listes de "
    "réputation ne comptent jamais comme premier témoin."};

Sentence reaches(MilliPoints score, const Lines& lines, Family family) {
    const Sentence alone{"alone", "seul"}, beside{"corroborates", "à l’appui"},
        none{"none", "aucun"};
    if (lines == Lines{}) return not_recorded();
    if (score >= lines.alone && family != Family::reputation) return alone;
    return score >= lines.corroborates ? beside : none;
}

/// A threshold of nothing is one that nobody told.
Cell threshold(MilliPoints line) {
    return prose(line == 0 ? not_recorded() : words::points(line));
}

Table witnesses(const VerdictFacts& verdict) {
    Table table{{{{"Kind of witness", "Type de témoin"}, 32},
                 {{"Points", "Points"}, 13},
                 {{"Threshold “alone”", "Seuil « seul »"}, 17},
                 {{"Threshold “corroborates”", "Seuil « à l’appui »"}, 19},
                 {{"Reached", "Seuil atteint"}, 19}},
                {}};
    for (const auto family : families) {
        const auto& lines = verdict.lines.of(family);
        const auto score = verdict.by_family[static_cast<std::size_t>(family)];
        table.rows.push_back(
            {prose(words::of(family)), prose(words::points(score)),
             family == Family::reputation ? prose({"never", "jamais"}) : threshold(lines.alone),
             threshold(lines.corroborates), prose(reaches(score, lines, family))});
    }
    return table;
}

Table findings(const VerdictFacts& verdict) {
    Table table{{{{"Finding", "Constat"}, 27},
                 {{"Kind of witness", "Type de témoin"}, 19},
                 {{"Points", "Points"}, 10},
                 {{"What it means", "Explication"}, 44}},
                {}};
    for (const auto& finding : verdict.findings)
        table.rows.push_back(
            {value_or_none(finding.symbol), prose(words::of(finding.families)),
             prose(words::points(finding.score)),
             prose(finding.explanation.empty() ? not_recorded() : finding.explanation)});
    return table;
}

}  // namespace

Section verdict(const ReportFacts& facts) {
    const auto& of = facts.verdict;
    Section section{
        {"On which proof: the verdict", "Sur quelles preuves : le verdict"},
        {Sentence{"Verdict reached automatically on ", "Verdict rendu automatiquement le "} +
             words::day_and_time(of.at) + Sentence{": ", " : "} + words::of(of.level) +
             Sentence::of("."),
         Sentence{"Total score: ", "Score total : "} + words::points(of.score) +
             Sentence{" points. A message is suspect from ",
                      "\u00a0points. Un message est suspect à partir de "} +
             words::points(of.lines.suspect) +
             Sentence{" points and treated as spam from ",
                      "\u00a0points et traité comme spam à partir de "} +
             words::points(of.lines.spam) +
             Sentence{" points, whichever witnesses they come from; but only the rule of two "
                      "witnesses can lead to “confirmed”.",
                      "\u00a0points, quels que soient les témoins ; mais seule la règle des deux "
                      "témoins peut conduire au niveau « confirmé »."},
         two_witnesses, witnesses(of)}};
    if (!of.reasons.empty()) {
        section.blocks.emplace_back(Sentence{"Reasons, as recorded with the verdict:",
                                             "Motifs, tels qu’enregistrés avec le verdict :"});
        section.blocks.emplace_back(of.reasons);
    }
    section.blocks.emplace_back(
        Sentence{"Findings: ", "Constats : "} + words::number(of.findings.size()) +
        Sentence{". Digest of the rules that judged: ", ". Empreinte des règles appliquées : "} +
        (of.rule_set.empty() ? not_recorded() : Sentence::of(of.rule_set)) + Sentence::of("."));
    if (!of.findings.empty()) section.blocks.emplace_back(findings(of));
    return section;
}

}  // namespace bailiff::page
