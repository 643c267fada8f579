#pragma once
// A page in both languages at once, before it is laid out: what one says, the other says.

#include <bailiff/sentence.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bailiff::page {

enum class Form {
    prose,    ///< our words, perhaps with a stranger's value among them
    value,    ///< a value as it was found: no word of it is touched
    command,  ///< to be typed as it stands; ours
};

struct Cell {
    Sentence text;
    Form form = Form::prose;
};
using Row = std::vector<Cell>;

[[nodiscard]] inline Cell prose(Sentence text) {
    return {std::move(text), Form::prose};
}
[[nodiscard]] inline Cell value(const std::string& text) {
    return {Sentence::of(text), Form::value};
}
[[nodiscard]] inline Cell command(const std::string& text) {
    return {Sentence::of(text), Form::command};
}

struct Column {
    Sentence name;
    int percent = 0;  ///< of the width of the page
};

struct Table {
    std::vector<Column> columns;  ///< at least two; the first names its row
    std::vector<Row> rows;        ///< each as long as `columns`
};

/// A paragraph, a list, a table.
using Block = std::variant<Sentence, Sentences, Table>;

struct Section {
    Sentence title;
    std::vector<Block> blocks;
};

struct Page {
    Sentence title;
    Sentence subtitle;
    Sentence footer;   ///< on each printed page; digits and letters only
    Sentences notice;  ///< before everything else
    std::vector<Section> sections;
};

}  // namespace bailiff::page
