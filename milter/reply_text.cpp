#include "milter/reply_text.hpp"

#include <optional>

namespace bailiff {
namespace {

std::string one_line(std::string_view text) {
    std::string line(text.substr(0, reply_bytes_max));
    for (auto& c : line)
        if (c < ' ' || c > '~') c = (c == '\r' || c == '\n' || c == '\t') ? ' ' : '?';
    return line;
}

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t count = 0;
    while (at + count < text.size() && text[at + count] >= '0' && text[at + count] <= '9') ++count;
    return count;
}

/// Length of "5.7.1" at the front of `text`, when it is followed by a blank and of this class.
std::optional<std::size_t> enhanced_code(std::string_view text, char wanted_class) {
    if (text.size() < 2 || text[0] != wanted_class || text[1] != '.') return std::nullopt;
    const auto subject = digits_at(text, 2);
    if (subject < 1 || subject > 3 || text.size() <= 2 + subject || text[2 + subject] != '.')
        return std::nullopt;
    const auto detail = digits_at(text, 3 + subject);
    const auto end = 3 + subject + detail;
    if (detail < 1 || detail > 3 || (end < text.size() && text[end] != ' ')) return std::nullopt;
    return end;
}

std::string percent_doubled(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 8);
    for (const char c : text) out.append(c == '%' ? 2 : 1, c);  // Postfix halves it again
    return out;
}

}  // namespace

SmtpReply smtp_reply(const Reply& reply) {
    const bool permanent = reply.kind == Reply::Kind::reject;
    SmtpReply out{permanent ? "550" : "451", permanent ? "5.7.1" : "4.7.1", {}};
    const auto line = one_line(reply.text);
    std::string_view rest = line;
    if (const auto length = enhanced_code(rest, out.code.front())) {
        out.enhanced = rest.substr(0, *length);
        rest.remove_prefix(*length);
    }
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    if (rest.empty()) rest = permanent ? "Refused" : "Try again later";
    out.text = percent_doubled(rest);
    return out;
}

std::string quarantine_reason(std::string_view text) {
    auto line = one_line(text);
    return line.find_first_not_of(' ') == std::string::npos ? "held by bailiff" : line;
}

}  // namespace bailiff
