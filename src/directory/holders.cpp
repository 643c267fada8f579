// Rows → holders.

#include <algorithm>
#include <array>

#include "src/directory/fields.hpp"
#include "src/directory/import.hpp"
#include "src/directory/rows.hpp"
#include "src/directory/text.hpp"

namespace bailiff {
namespace {

void take_email(const FieldReader& reader, std::string& out) {
    const auto at = reader.field.value.find('@');
    const auto size = reader.field.value.size();
    const bool fits = size == 0 || (at != std::string::npos && at > 0 && at + 1 < size &&
                                    reader.field.value.find(' ') == std::string::npos);
    if (fits)
        reader.text(out);
    else
        reader.wrong("a mail address");
}

void take_country(const FieldReader& reader, std::string& out) {
    const auto& value = reader.field.value;
    const bool fits = value.empty() || (value.size() == 2 && std::ranges::all_of(value, [](char c) {
                                            return c >= 'A' && c <= 'Z';
                                        }));
    if (fits)
        reader.text(out);
    else
        reader.wrong("two capital letters (ISO 3166-1), such as FR");
}

void take_language(const FieldReader& reader, std::string& out) {
    const auto& value = reader.field.value;
    if (value.empty() || value == "en" || value == "fr")
        reader.text(out);
    else
        reader.wrong("en, fr or nothing");
}

void take(Holder& holder, const FieldReader& reader) {
    const auto& name = reader.field.name;
    if (name == "holder")
        reader.id(holder.id);
    else if (name == "name")
        reader.text(holder.name);
    else if (name == "email")
        take_email(reader, holder.email);
    else if (name == "phone")
        reader.text(holder.phone);
    else if (name == "address")
        reader.text(holder.address);
    else if (name == "country")
        take_country(reader, holder.country);
    else if (name == "language")
        take_language(reader, holder.language);
    else
        reader.wrong("holder, name, email, phone, address, country or language");
}

constexpr std::array<std::string_view, 7> holder_columns{"holder",  "name",    "email",   "phone",
                                                         "address", "country", "language"};

Holder read_holder(const RawRow& row, ImportComplaints& complaints) {
    Holder holder;
    for (const auto& field : row.fields) take(holder, FieldReader{field, complaints});
    for (const std::string_view name : {"holder", "name"})
        if (std::ranges::find(row.fields, name, &RawField::name) == row.fields.end())
            complaints.add(row.line, name, "expected a value: the field is required");
    return holder;
}

}  // namespace

Result<std::vector<Holder>> read_holders(std::string_view text, std::string_view file) {
    ImportComplaints complaints;
    std::vector<Holder> holders;
    FirstLines<HolderId> seen;
    for (const auto& row : read_rows(text, file, holder_columns, complaints)) {
        holders.push_back(read_holder(row, complaints));
        seen.check(holders.back().id, row.line, "holder", complaints);
    }
    if (!complaints.empty()) return Failure(std::move(complaints).error(file));
    return holders;
}

}  // namespace bailiff
