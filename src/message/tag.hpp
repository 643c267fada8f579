#pragma once
// HTML as a run of texts and tags.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff::html {

struct Tag {
    std::string name;  ///< lower case; what is longer than a name of HTML is cut
    /// Those that may name an address, and "content"; values as in the text.
    std::vector<std::pair<std::string, std::string_view>> attributes;
    bool is_end = false;
    bool is_text = false;  ///< it was no tag at all: a '<' that is shown
};

/// Never goes back: what was found to be missing once is not looked for again, so that the work
/// stays linear when nothing is ever closed.
class TagReader {
public:
    explicit TagReader(std::string_view html) : html_(html) {}

    [[nodiscard]] bool at_end() const { return at_ >= html_.size(); }

    /// Everything up to the next '<'.
    [[nodiscard]] std::string_view text();

    /// At a '<'. False: a comment or declaration, which is passed over, or no tag (`is_text`).
    bool read(Tag& tag);

    /// Past the "</name" that ends a script; to the end if there is none.
    void skip_to_end_of(std::string_view name);

private:
    void skip_declaration();
    void read_attributes(Tag& tag);
    [[nodiscard]] std::string_view value();
    [[nodiscard]] std::string_view quoted(char quote);
    void skip_spaces();

    std::string_view html_;
    std::size_t at_ = 0;
    bool more_comment_ends_ = true;
};

}  // namespace bailiff::html
