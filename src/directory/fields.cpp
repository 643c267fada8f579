#include "src/directory/fields.hpp"

#include "src/directory/import.hpp"
#include "src/directory/text.hpp"

namespace bailiff {

void FieldReader::text(std::string& out) const {
    if (field.kind == RawField::Kind::none) return;
    if (!is_text() || field.value.size() > import_text_bytes_max || !is_printable(field.value))
        return wrong("text of at most 500 bytes without control characters");
    out = field.value;
}

void FieldReader::instant(Instant& out) const {
    const auto read = is_text() ? parse_rfc3339(field.value) : fail(Fault::invalid_input, "");
    if (!read) return wrong("a time such as 2026-11-23T01:26:55Z or 2026-11-23");
    out = *read;
}

void FieldReader::optional_instant(std::optional<Instant>& out) const {
    if (is_none()) return;
    Instant read{};
    instant(read);
    out = read;
}

void FieldReader::truth(bool& out) const {
    const bool takes = field.kind == RawField::Kind::truth || is_text();
    if (!takes || (field.value != "true" && field.value != "false")) return wrong("true or false");
    out = field.value == "true";
}

void FieldReader::wrong(std::string_view expected) const {
    const auto cited = is_text() ? "'" + shown(field.value) + "': " : std::string();
    complaints.add(field.line, field.name, cited + "expected " + std::string(expected));
}

std::string FieldReader::shown_error(std::string_view what) {
    std::string result(what);
    for (auto& c : result)
        if (c < 0x20 || c == 0x7f) c = '?';
    return result;
}

}  // namespace bailiff
