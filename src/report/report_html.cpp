// The report laid out as one HTML file.
#include "src/report/report.hpp"

#include <bailiff/defanged.hpp>

#include <algorithm>

#include "src/report/report_page.hpp"
#include "src/report/visible.hpp"
#include "src/report/words.hpp"

namespace bailiff {
namespace {

using namespace page;

constexpr std::size_t row_bytes_kept_together = 400;
constexpr std::size_t shown_bytes_max =
    2000;  // of one value; the files of the record have it whole

// Page numbers and the running case number are for those printers that know margin boxes.
constexpr std::string_view style = R"css(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.5rem; background: #fff; color: #111;
  font: 11pt/1.45 "Liberation Serif", "Times New Roman", "DejaVu Serif", serif; }
header { border-top: 3pt solid #1b2a41; border-bottom: 1pt solid #1b2a41; padding: .9rem 0;
  margin-bottom: 1.2rem; }
h1 { font-size: 1.65em; line-height: 1.2; margin: 0 0 .25rem; }
header p { margin: .15rem 0 0; }
h2 { font-size: 1.15em; margin: 1.7rem 0 .5rem; padding-bottom: .15rem;
  border-bottom: .5pt solid #8a94a3; color: #1b2a41; }
p, li { margin: .45rem 0; overflow-wrap: anywhere; }
ul { margin: .4rem 0; padding-left: 1.3rem; }
.notice { border-left: 3pt solid #1b2a41; background: #f3f5f8; padding: .35rem .8rem; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: .7rem 0 1rem;
  font-size: .86em; line-height: 1.35; }
th, td { border: .5pt solid #8a94a3; padding: .28rem .4rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; hyphens: manual; }
thead th { background: #e6eaf0; overflow-wrap: normal; }
tbody th { font-weight: 600; }
tbody th code { font-weight: 400; }
.word { display: inline-block; max-width: 100%; }
code { font-family: "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .88em;
  overflow-wrap: anywhere; white-space: pre-wrap; direction: ltr; unicode-bidi: isolate; }
footer { margin-top: 2rem; border-top: .5pt solid #8a94a3; padding-top: .5rem; font-size: .86em; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h1, h2 { break-after: avoid; }
  p { orphans: 3; widows: 3; }
  .lead { break-after: avoid; }
  thead { display: table-header-group; }
  tr, li { break-inside: avoid; }
  tr.long { break-inside: auto; }
  footer { display: none; }
  thead th, .notice { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

class Layout {
public:
    explicit Layout(Language language) : language_(language) {}

    void add(const Page& page) {
        head(page);
        for (const auto& section : page.sections) add(section);
        out_ +=
            "</main>\n<footer><p>" + prose_of(page.footer) + "</p></footer>\n</body>\n</html>\n";
    }
    std::string take() && { return std::move(out_); }

private:
    void head(const Page& page);
    void add(const Section& section);
    void add(const Sentence& paragraph, std::string_view kind);
    void add(const Sentences& list);
    void add(const Table& table);
    [[nodiscard]] std::string prose_of(const Sentence& text) const;
    [[nodiscard]] std::string value_of(const std::string& text) const;
    [[nodiscard]] static std::string command_of(std::string_view text);
    [[nodiscard]] std::string cell_of(const Cell& cell) const;

    Language language_;
    std::string out_;
};

std::string Layout::prose_of(const Sentence& text) const {
    const auto& words = in(language_, text);
    const auto shown = defanged(visible(words));
    return in_html(language_ == Language::fr ? french_blanks(shown) : shown);
}

std::string Layout::value_of(const std::string& text) const {
    std::size_t end = text.size();
    if (end > shown_bytes_max)
        for (end = shown_bytes_max;
             (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U && end > shown_bytes_max - 4;)
            --end;
    auto shown = "<code>" + in_html(defanged(visible(text.substr(0, end)))) + "</code>";
    if (end < text.size())
        shown += prose_of(
            Sentence{" […] shortened; bytes in all: ", " […] abrégé ; nombre total d’octets : "} +
            words::number(text.size()));
    return shown;
}

/// Lines break between words, never after the dash of an option.
std::string Layout::command_of(std::string_view text) {
    std::string words = "<code>";
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        if (at > 0) words += ' ';
        words += "<span class=\"word\">" + in_html(visible(text.substr(at, end - at))) + "</span>";
        at = end + 1;
    }
    return words + "</code>";
}

std::string Layout::cell_of(const Cell& cell) const {
    switch (cell.form) {
        case Form::prose:
            return prose_of(cell.text);
        case Form::value:
            return value_of(in(language_, cell.text));
        case Form::command:
            return command_of(in(language_, cell.text));
    }
    return {};
}

void Layout::head(const Page& page) {
    const auto title = prose_of(page.title) + " – " + prose_of(page.subtitle);
    out_ += "<!DOCTYPE html>\n<html lang=\"" + std::string(language_ == Language::fr ? "fr" : "en");
    out_ +=
        "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"format-detection\" content=\"telephone=no, email=no, address=no\">\n";
    out_ += "<title>" + title + "</title>\n<style>" + std::string(style);
    out_ += "@page { size: A4; margin: 18mm 16mm 20mm;\n";
    out_ += "  @bottom-left { content: \"" + prose_of(page.footer) +
            "\"; font: 8pt serif; color: #444; }\n"
            "  @bottom-right { content: counter(page) \" / \" counter(pages); font: 8pt serif; "
            "color: #444; } }\n</style>\n</head>\n<body>\n";
    out_ += "<header><h1>" + prose_of(page.title) + "</h1>\n<p>" + prose_of(page.subtitle) +
            "</p></header>\n<main>\n";
    for (const auto& notice : page.notice) add(notice, "notice");
}

void Layout::add(const Section& section) {
    out_ += "<section>\n<h2>" + prose_of(section.title) + "</h2>\n";
    for (std::size_t at = 0; at < section.blocks.size(); ++at) {
        const auto& block = section.blocks[at];
        const bool leads = at + 1 < section.blocks.size() &&
                           !std::holds_alternative<Sentence>(section.blocks[at + 1]);
        if (const auto* paragraph = std::get_if<Sentence>(&block))
            add(*paragraph, leads ? "lead" : "");
        else if (const auto* list = std::get_if<Sentences>(&block))
            add(*list);
        else
            add(std::get<Table>(block));
    }
    out_ += "</section>\n";
}

void Layout::add(const Sentence& paragraph, std::string_view kind) {
    out_ += kind.empty() ? std::string("<p>") : "<p class=\"" + std::string(kind) + "\">";
    out_ += prose_of(paragraph) + "</p>\n";
}

void Layout::add(const Sentences& list) {
    out_ += "<ul>\n";
    for (const auto& item : list) out_ += "<li>" + prose_of(item) + "</li>\n";
    out_ += "</ul>\n";
}

/// Would leave half a page white if it were kept in one piece.
bool is_long(const Row& row) {
    return std::ranges::any_of(
        row, [](const Cell& cell) { return cell.text.en.size() > row_bytes_kept_together; });
}

void Layout::add(const Table& table) {
    out_ += "<table>\n<colgroup>";
    for (const auto& column : table.columns)
        out_ += "<col style=\"width:" + std::to_string(column.percent) + "%\">";
    out_ += "</colgroup>\n<thead><tr>";
    for (const auto& column : table.columns)
        out_ += "<th scope=\"col\">" + prose_of(column.name) + "</th>";
    out_ += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
        out_ += is_long(row) ? "<tr class=\"long\">" : "<tr>";
        for (std::size_t at = 0; at < row.size(); ++at)
            out_ += at == 0 ? "<th scope=\"row\">" + cell_of(row[at]) + "</th>"
                            : "<td>" + cell_of(row[at]) + "</td>";
        out_ += "</tr>\n";
    }
    out_ += "</tbody>\n</table>\n";
}

}  // namespace

page::Page page_of(const ReportFacts& facts) {
    const auto number = Sentence::of(facts.case_id.text());
    return {
        .title = {"Incident report: outgoing e-mail", "Rapport d’incident : courrier sortant"},
        .subtitle = Sentence{"Evidence record no. ", "Dossier de preuve n°\u00a0"} + number +
                    Sentence{", drawn up on ", ", établi le "} +
                    words::day_and_time(facts.written) + Sentence{" for ", " pour "} +
                    Sentence::of(facts.operator_name),
        .footer = Sentence{"Evidence record ", "Dossier de preuve "} + number,
        .notice = {{"This report was written automatically, from the data of the record, by " +
                        facts.software +
                        ", a program that watches the outgoing mail of a hosting company. It "
                        "states facts that were recorded, with their source and time, and "
                        "accuses nobody. What it cannot show is said in a section of its own; "
                        "how each point can be checked is said in the last one.",
                    "Le présent rapport a été rédigé automatiquement, à partir des données du "
                    "dossier, par " +
                        facts.software +
                        ", logiciel qui surveille le courrier sortant d’un hébergeur. Il énonce "
                        "des faits enregistrés, avec leur source et leur heure, et n’accuse "
                        "personne. Une section est consacrée à ce qu’il ne peut pas établir ; "
                        "la dernière indique comment vérifier chaque point."}},
        .sections = {page::what_happened(facts), page::timeline(facts), page::origin(facts),
                     page::session(facts), page::message(facts), page::verdict(facts),
                     page::measures(facts), page::holder(facts), page::withheld(facts),
                     page::limits(facts), page::evidence(facts), page::checks(facts)}};
}

std::string report_html(const ReportFacts& facts, Language language) {
    Layout layout(language);
    layout.add(page_of(facts));
    return std::move(layout).take();
}

}  // namespace bailiff
