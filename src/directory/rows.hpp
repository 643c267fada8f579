#pragma once
// What both formats become before anybody asks what it means.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/directory/complaints.hpp"

namespace bailiff {

struct RawField {
    enum class Kind : unsigned char {
        text,   ///< JSON string
        cell,   ///< CSV
        truth,  ///< JSON true or false; `value` says which
        none,   ///< JSON null
        rows,   ///< JSON list of objects
        other,  ///< anything else
    };
    std::string name;
    std::size_t line = 0;
    Kind kind = Kind::text;
    std::string value;
    std::vector<struct RawRow> rows;
};

struct RawRow {
    std::size_t line = 0;
    std::vector<RawField> fields;
};

/// An array of objects; objects inside them are allowed one level down, in lists.
[[nodiscard]] std::vector<RawRow> read_json_rows(std::string_view text,
                                                 ImportComplaints& complaints);

/// The names of the columns that a CSV file may have.
using Columns = std::span<const std::string_view>;

/// RFC 4180 with a header line; LF will do. Empty cells are left out.
[[nodiscard]] std::vector<RawRow> read_csv_rows(std::string_view text, Columns columns,
                                                ImportComplaints& complaints);

/// Either, after a look at what no format allows: NUL bytes and text that is no UTF-8.
[[nodiscard]] std::vector<RawRow> read_rows(std::string_view text, std::string_view file,
                                            Columns columns, ImportComplaints& complaints);

}  // namespace bailiff
