#include "src/report/plain_text.hpp"

#include <algorithm>

#include "src/report/visible.hpp"

namespace bailiff {
namespace {

std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string shown(const Sentence& text, Language language) {
    const auto words = visible(in(language, text));
    return language == Language::fr ? french_blanks(words) : words;
}

}  // namespace

std::string wrapped(const Sentence& paragraph, Language language, const Margin& margin) {
    const auto text = shown(paragraph, language);
    std::string out = margin.first;
    std::size_t column = width(margin.first);
    bool begins = true;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto word = std::string_view(text).substr(at, end - at);
        at = end + 1;
        if (!begins && column + 1 + width(word) > text_columns) {
            out += "\n" + std::string(margin.rest, ' ');
            column = margin.rest;
            begins = true;
        }
        if (!begins) out += ' ';
        out += word;
        column += width(word) + (begins ? 0 : 1);
        begins = false;
    }
    return out + "\n";
}

std::string heading(const Sentence& title, Language language) {
    const auto text = shown(title, language);
    return "\n" + text + "\n" + std::string(width(text), '-') + "\n\n";
}

}  // namespace bailiff
