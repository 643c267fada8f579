#include <rules/header_text.hpp>
#include <rules/address_list.hpp>
#include <algorithm>
#include <array>

namespace bailiff::rules {
namespace {

using Source = HeaderTarget::Source;
using Form = HeaderTarget::Form;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool is_named(const HeaderField& field, std::string_view lower_name) {
    return field.name.size() == lower_name.size() &&
           std::equal(field.name.begin(), field.name.end(), lower_name.begin(),
                      [](char c, char wanted) { return lower(c) == wanted; });
}

/// Fields without encoded words, which SpamAssassin therefore does not decode.
bool is_structured(const HeaderField& field) {
    constexpr std::array<std::string_view, 9> names{
        "received",     "message-id", "resent-message-id", "date",        "resent-date",
        "mime-version", "references", "in-reply-to",       "x-message-id"};
    return lowered(field.name.substr(0, 5)) == "list-" ||
           std::any_of(names.begin(), names.end(),
                       [&](auto name) { return is_named(field, name); });
}

std::string unfolded(std::string_view raw) {
    std::string out;
    for (const char c : raw) {
        if (c == '\n') {
            while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
            out += ' ';
        } else if ((c == ' ' || c == '\t') && !out.empty() && out.back() == ' ') {
            continue;
        } else {
            out += c;
        }
    }
    const auto first = out.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    const auto last = out.find_last_not_of(" \t");
    return out.substr(first, last - first + 1);
}

std::string value_of(const HeaderField& field) {
    return is_structured(field) ? unfolded(field.raw) : field.value;
}

void append(std::string& out, const HeaderField& field, Form form) {
    if (form == Form::raw || form == Form::decoded) {
        out += form == Form::raw ? field.raw : value_of(field);
        out += '\n';
        return;
    }
    for (const auto& listed : read_addresses(field.raw)) {
        const auto& piece = form == Form::address ? listed.address : listed.name;
        if (piece.empty()) continue;
        if (!out.empty()) out += '\n';
        out += piece;
    }
}

std::optional<std::string> named(const Message& message, std::string_view lower_name, Form form) {
    std::optional<std::string> out;
    for (const auto& field : message.fields) {
        if (!is_named(field, lower_name)) continue;
        if (!out) out.emplace();
        append(*out, field, form);
    }
    return out;
}

template <std::size_t Count>
std::optional<std::string> first_to_last(const Message& message, Form form,
                                         const std::array<std::string_view, Count>& names) {
    std::optional<std::string> out;
    for (const auto name : names) {
        const auto one = named(message, name, form);
        if (!one || one->find_first_not_of('\n') == std::string::npos) continue;
        if (!out) out.emplace();
        const bool parted = out->empty() || out->back() == '\n';
        *out += parted ? *one : "\n" + *one;
    }
    return out;
}

std::optional<std::string> all(const Message& message, Form form) {
    std::string out;
    for (const auto& field : message.fields) {
        out += field.name;
        out += form == Form::raw ? ":" : ": ";
        append(out, field, form);
    }
    return out;
}

Failure wrong(std::string what) {
    return fail(Fault::invalid_input, std::move(what));
}

Result<Form> parse_form(std::string_view text) {
    if (text.empty()) return Form::decoded;
    if (text == ":raw") return Form::raw;
    if (text == ":addr") return Form::address;
    if (text == ":name") return Form::name;
    return wrong("unknown modifier " + std::string(text) + ", expected :raw, :addr or :name");
}

}  // namespace

Result<HeaderTarget> parse_header_target(std::string_view text) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto header = text.substr(0, colon);
    HeaderTarget target;
    BAILIFF_TRY(target.form, parse_form(text.substr(colon)));
    const bool printable =
        std::all_of(header.begin(), header.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (header.empty() || !printable) return wrong("expected a header name");
    if (header == "ALL")
        target.source = Source::all;
    else if (header == "ToCc")
        target.source = Source::to_cc;
    else if (header == "MESSAGEID")
        target.source = Source::message_id;
    else if (header == "EnvelopeFrom")
        target.source = Source::envelope_from;
    else
        target.header = lowered(header);
    const bool whole = target.source == Source::all;
    if (whole && target.form != Form::decoded && target.form != Form::raw) {
        return wrong("ALL has no :addr or :name, expected ALL or ALL:raw");
    }
    if (header.starts_with("X-Spam-Relays-") || header.starts_with("ALL-")) {
        return wrong("the pseudo-header " + std::string(header) + " is not supported yet");
    }
    return target;
}

std::optional<std::string> find_header_text(const HeaderTarget& target,
                                            const Submission& submission, const Message& message) {
    constexpr std::array<std::string_view, 2> to_cc{"to", "cc"};
    constexpr std::array<std::string_view, 4> message_id{"x-message-id", "resent-message-id",
                                                         "x-original-message-id", "message-id"};
    switch (target.source) {
        case Source::named:
            return named(message, target.header, target.form);
        case Source::all:
            return all(message, target.form);
        case Source::to_cc:
            return first_to_last(message, target.form, to_cc);
        case Source::message_id:
            return first_to_last(message, target.form, message_id);
        case Source::envelope_from:
            if (submission.envelope.mail_from.empty()) return std::nullopt;
            return submission.envelope.mail_from;
    }
    return std::nullopt;
}

}  // namespace bailiff::rules
