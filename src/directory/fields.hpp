#pragma once
// One field of a row → one value, or a complaint.

#include <bailiff/clock.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "src/directory/complaints.hpp"
#include "src/directory/rows.hpp"

namespace bailiff {

struct FieldReader {
    const RawField& field;
    ImportComplaints& complaints;

    template <class Id>
    void id(Id& out) const {
        if (!is_text()) return wrong("text");
        auto read = Id::parse(field.value);
        if (read)
            out = *std::move(read);
        else
            complaints.add(field.line, field.name, shown_error(read.error().what));
    }
    /// Empty text and null stand for none.
    template <class Id>
    void optional_id(Id& out) const {
        if (!is_none()) id(out);
    }
    void text(std::string& out) const;
    void instant(Instant& out) const;
    void optional_instant(std::optional<Instant>& out) const;
    void truth(bool& out) const;
    void wrong(std::string_view expected) const;

private:
    [[nodiscard]] bool is_text() const {
        return field.kind == RawField::Kind::text || field.kind == RawField::Kind::cell;
    }
    [[nodiscard]] bool is_none() const {
        return field.kind == RawField::Kind::none || (is_text() && field.value.empty());
    }
    /// The words of an error, with what it cites made printable.
    [[nodiscard]] static std::string shown_error(std::string_view what);
};

/// Where each id was first.
template <class Id>
class FirstLines {
public:
    void check(const Id& id, std::size_t line, std::string_view field,
               ImportComplaints& complaints) {
        if (id.empty()) return;
        const auto [at, is_new] = lines_.emplace(id, line);
        if (!is_new)
            complaints.add(line, field,
                           "'" + id.text() + "': expected each once; it is in line " +
                               std::to_string(at->second));
    }

private:
    std::map<Id, std::size_t> lines_;
};

}  // namespace bailiff
