#pragma once
// Rendered HTML grows here: blanks collapse, blocks break.

#include <string>
#include <string_view>

namespace bailiff::html {

/// Writes into `out`, which must outlive it.
class TextFlow {
public:
    explicit TextFlow(std::string& out) : out_(out) {}

    /// Text between two tags: references decoded, runs of white space one space.
    void add(std::string_view text);

    void space();      ///< td, li, h1, ...
    void line();       ///< br, div
    void paragraph();  ///< p, hr, ...

private:
    void blank();
    void trim();

    std::string& out_;
};

}  // namespace bailiff::html
