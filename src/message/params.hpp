#pragma once
// Content-Type and Content-Disposition: a value and its parameters (RFC 2045, RFC 2231).

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff::mime {

struct Parameters {
    std::string value;  ///< lower case: "text/html", "attachment"; may be empty
    std::vector<std::pair<std::string, std::string>> all;  ///< names in lower case; bytes as sent,
                                                           ///< continuations joined, as UTF-8
    bool cut = false;                                      ///< more than field_bytes_read of it

    /// The first of that name; empty if there is none.
    [[nodiscard]] std::string_view first(std::string_view name) const;
};

inline constexpr std::size_t field_bytes_read = 64U << 10;  ///< of one MIME field [HEADERS_CUT]

/// Reads what clients read: missing semicolons and quotes, comments, continuations in any order.
[[nodiscard]] Parameters read_parameters(std::string_view unfolded);

}  // namespace bailiff::mime
