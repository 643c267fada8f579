#pragma once
// The header of a message as bytes: where its fields begin and end, and the little of MIME that is
// needed to leave its structure alone.

#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// Views into the message; together the fields are every byte of the header.
struct HeaderField {
    std::string_view name;      ///< empty: a line that is no field
    std::string_view value;     ///< behind the colon, folds kept, without the last line end
    std::string_view line_end;  ///< "\r\n", "\n" or nothing
};

struct HeaderFields {
    std::vector<HeaderField> fields;
    std::string_view gap;   ///< the empty line
    std::string_view body;  ///< what follows it
};

[[nodiscard]] HeaderFields header_fields(std::string_view entity);

/// How the body of an entity is to be read.
struct BodyForm {
    enum class Kind { text, multipart, message, encoded } kind = Kind::text;
    std::string boundary;  ///< of a multipart
    std::string why;       ///< of encoded: "base64", "charset utf-7", "two Content-Type fields"
};

/// What is not plainly one of the others is `encoded`: clients differ, so we do not guess.
[[nodiscard]] BodyForm body_form(const std::vector<HeaderField>& fields);

/// The line at the start of `text`, with its end.
[[nodiscard]] std::string_view first_line(std::string_view text);

}  // namespace bailiff
