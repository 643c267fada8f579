// RFC 4180: quotes around a cell, doubled inside; commas and line ends count only outside.

#include <algorithm>

#include "src/directory/import.hpp"
#include "src/directory/rows.hpp"
#include "src/directory/text.hpp"

namespace bailiff {
namespace {

struct Record {
    std::size_t line = 0;
    std::vector<std::string> cells;
    std::string_view wrong;  ///< empty: nothing is
};

class CsvReader {
public:
    explicit CsvReader(std::string_view text) : text_(text) {}
    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

    Record next() {
        record_ = Record{line_, {}, {}};
        start_ = at_;
        while (cell()) {
        }
        return std::move(record_);
    }

private:
    /// Reads one cell and what ends it; whether another one follows in this record.
    bool cell() {
        std::string value;
        if (at_ < text_.size() && text_[at_] == '"') {
            ++at_;
            if (!quoted(value)) return false;
            if (!end_of_cell()) return stop("a comma or the end of the line after a closing quote");
        } else {
            const auto end = std::min(text_.find_first_of(",\"\r\n", at_), text_.size());
            value = text_.substr(at_, end - at_);
            at_ = end;
            if (at_ < text_.size() && text_[at_] == '"')
                return stop("quotes around the whole cell, doubled inside it");
        }
        if (at_ - start_ > import_line_bytes_max) return stop("a row of at most 64 KiB");
        record_.cells.push_back(std::move(value));
        if (at_ < text_.size() && text_[at_] == ',') {
            ++at_;
            return true;
        }
        skip_line_end();
        return false;
    }

    bool quoted(std::string& value) {
        while (true) {
            const auto quote = text_.find('"', at_);
            if (quote == std::string_view::npos || quote - start_ > import_line_bytes_max)
                return stop(quote == std::string_view::npos ? "a closing quote"
                                                            : "a row of at most 64 KiB");
            const auto part = text_.substr(at_, quote - at_);
            value += part;
            line_ += static_cast<std::size_t>(std::ranges::count(part, '\n'));
            at_ = quote + 1;
            if (at_ == text_.size() || text_[at_] != '"') return true;
            value += '"';
            ++at_;
        }
    }

    [[nodiscard]] bool end_of_cell() const {
        return at_ == text_.size() || text_[at_] == ',' || text_[at_] == '\r' || text_[at_] == '\n';
    }

    /// Gives this record up; goes on behind the line end.
    bool stop(std::string_view expected) {
        record_.wrong = expected;
        at_ = std::min(text_.find('\n', at_), text_.size());
        skip_line_end();
        return false;
    }

    void skip_line_end() {
        if (at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size() && text_[at_] == '\n') ++at_, ++line_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t start_ = 0;
    std::size_t line_ = 1;
    Record record_;
};

bool is_blank(const Record& record) {
    return record.wrong.empty() && record.cells.size() == 1 && record.cells.front().empty();
}

RawRow row_of(Record record, const std::vector<std::string>& header) {
    RawRow row{record.line, {}};
    for (std::size_t i = 0; i < header.size(); ++i) {
        if (header[i].empty() || record.cells[i].empty()) continue;
        row.fields.push_back({.name = header[i],
                              .line = record.line,
                              .kind = RawField::Kind::cell,
                              .value = std::move(record.cells[i]),
                              .rows = {}});
    }
    return row;
}

std::string expected_columns(Columns columns) {
    std::string text = "expected a column of";
    for (const auto column : columns) text.append(" ").append(column);
    return text;
}

/// The names of the columns, "" for one to pass over; empty if they cannot be used.
std::vector<std::string> header_of(const Record& record, Columns columns,
                                   ImportComplaints& complaints) {
    if (!record.wrong.empty()) {
        complaints.add(record.line, "header", "expected " + std::string(record.wrong));
        return {};
    }
    std::vector<std::string> header;
    for (const auto& cell : record.cells) {
        std::string name(trimmed(cell));
        if (std::ranges::find(columns, name) == columns.end()) {
            complaints.add(record.line, name, expected_columns(columns));
            name.clear();
        } else if (std::ranges::find(header, name) != header.end()) {
            complaints.add(record.line, name, "expected each column once");
            name.clear();
        }
        header.push_back(std::move(name));
    }
    return header;
}

}  // namespace

std::vector<RawRow> read_csv_rows(std::string_view text, Columns columns,
                                  ImportComplaints& complaints) {
    CsvReader reader(text);
    if (reader.at_end()) {
        complaints.add(1, "header", "expected a line with the names of the columns");
        return {};
    }
    const auto header = header_of(reader.next(), columns, complaints);
    std::vector<RawRow> rows;
    while (!header.empty() && !reader.at_end()) {
        auto record = reader.next();
        if (is_blank(record)) continue;
        if (!record.wrong.empty())
            complaints.add(record.line, "row", "expected " + std::string(record.wrong));
        else if (record.cells.size() != header.size())
            complaints.add(record.line, "row",
                           "expected " + std::to_string(header.size()) +
                               " cells as in the header, "
                               "not " +
                               std::to_string(record.cells.size()));
        else
            rows.push_back(row_of(std::move(record), header));
    }
    return rows;
}

}  // namespace bailiff
