#include "src/directory/rows.hpp"

#include <algorithm>

#include "src/directory/text.hpp"

namespace bailiff {
namespace {

std::size_t line_at(std::string_view text, std::size_t offset) {
    return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

bool is_json(std::string_view text, std::string_view file) {
    if (file.ends_with(".json")) return true;
    if (file.ends_with(".csv")) return false;
    const auto start = text.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && (text[start] == '[' || text[start] == '{');
}

}  // namespace

std::vector<RawRow> read_rows(std::string_view text, std::string_view file, Columns columns,
                              ImportComplaints& complaints) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        complaints.add(line_at(text, nul), "file", "expected text; there is a NUL byte");
        return {};
    }
    if (const auto bad = first_not_utf8(text); bad < text.size()) {
        complaints.add(line_at(text, bad), "file", "expected UTF-8");
        return {};
    }
    return is_json(text, file) ? read_json_rows(text, complaints)
                               : read_csv_rows(text, columns, complaints);
}

}  // namespace bailiff
