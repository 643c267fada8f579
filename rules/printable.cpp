#include <rules/plan.hpp>

namespace bailiff::rules {

std::string printable(std::string_view text, std::size_t bytes_max) {
    std::string out;
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const unsigned first = byte(at);
        const unsigned second = byte(at + 1);
        const bool pair = first >= 0xC2 && first <= 0xC9 && (second & 0xC0U) == 0x80;
        const unsigned letter = pair ? (first & 0x1FU) << 6U | (second & 0x3FU) : 0;
        std::string_view piece = "?";
        if (first == ' ' || (first >= '\t' && first <= '\r'))
            piece = " ";
        else if (first > ' ' && first < 0x7F)
            piece = text.substr(at, 1);
        else if (letter >= 0xA1 && letter != 0xAD)
            piece = text.substr(at, 2);  // 0xAD: invisible
        if (piece.size() == 2) ++at;
        if (piece == " " && (out.empty() || out.back() == ' ')) continue;
        if (out.size() + piece.size() > bytes_max) break;
        out += piece;
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

}  // namespace bailiff::rules
