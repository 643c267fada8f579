#pragma once
// What the header of one MIME entity says about its content.

#include <bailiff/finding.hpp>
#include <string>
#include <vector>

#include "src/message/header.hpp"
#include "src/message/transfer.hpp"

namespace bailiff::mime {

/// More than one element in a list: mail clients may choose differently (fault B08), so every
/// reading counts.
struct Entity {
    std::vector<std::string> types;       ///< at least one, lower case, "text/plain" by default
    std::vector<std::string> boundaries;  ///< not empty: a multipart
    std::vector<Encoding> encodings;      ///< at least one
    std::string charset;
    std::string file_name;
    bool ambiguous = false;
    bool cut = false;  ///< a field was too long to be read whole

    [[nodiscard]] bool is_message() const;
    [[nodiscard]] bool is_digest() const;
};

/// `default_type` holds where no Content-Type is given.
[[nodiscard]] Entity read_entity(const std::vector<RawField>& fields,
                                 std::string_view default_type);

}  // namespace bailiff::mime
