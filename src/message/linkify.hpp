#pragma once
// Links in plain text, as mail clients see them.

#include <cstddef>
#include <optional>
#include <string_view>

namespace bailiff::uri {

struct Link {
    std::string_view prefix;  ///< "http://", "ftp://", "mailto:" where the text leaves it out
    std::string_view text;
};

/// Goes through the text once. A link is http(s)://, ftp://, www., ftp., a mail address, or a bare
/// host name with a listed public suffix; it ends at white space, quotes, brackets, and before
/// punctuation that ends a sentence.
class Linkifier {
public:
    explicit Linkifier(std::string_view text) : text_(text) {}
    [[nodiscard]] std::optional<Link> next();

private:
    [[nodiscard]] std::optional<Link> link_of(std::string_view run);
    [[nodiscard]] std::optional<Link> mail_address(std::string_view local);
    [[nodiscard]] std::optional<Link> to_token_end(std::size_t begin, std::string_view prefix);

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t token_begin_ = 0;  ///< nothing before it can belong to a link any more
};

}  // namespace bailiff::uri
