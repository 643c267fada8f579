#include "src/peers/header_fields.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <bailiff/ascii.hpp>

namespace bailiff {
namespace {

using namespace ascii;

constexpr std::size_t boundary_bytes_max = 200;  // RFC 2046 has 70

std::string_view end_of_line(std::string_view line) {
    const std::size_t bytes = line.ends_with("\r\n") ? 2 : line.ends_with('\n') ? 1 : 0;
    return line.substr(line.size() - bytes);
}

HeaderField field_of(std::string_view whole) {
    HeaderField field;
    field.line_end = end_of_line(whole);
    field.value = whole.substr(0, whole.size() - field.line_end.size());
    const auto colon = field.value.find(':');
    if (colon == std::string_view::npos) return field;
    const auto name = field.value.substr(0, field.value.find_first_of(" \t:"));
    const auto between = field.value.substr(name.size(), colon - name.size());
    const bool is_name = !name.empty() &&
                         between.find_first_not_of(" \t") == std::string_view::npos &&
                         std::ranges::all_of(name, [](char c) { return c > 0x20 && c < 0x7f; });
    if (!is_name) return field;
    field.name = name;
    field.value.remove_prefix(colon + 1);
    return field;
}

struct Parameters {
    std::string value;  // lower case
    std::vector<std::pair<std::string, std::string>> all;
    bool is_plain = true;
};

/// Only what every client reads alike is plain: no comments, no continuations, nothing twice.
Parameters parameters_of(std::string_view text) {
    Parameters read;
    bool is_first = true;
    while (!text.empty() || is_first) {
        std::size_t end = 0;
        bool quoted = false;
        for (; end < text.size() && (quoted || text[end] != ';'); ++end) {
            quoted = quoted != (text[end] == '"');
            if (text[end] == '\\' || (!quoted && (text[end] == '(' || text[end] == ')')))
                read.is_plain = false;
        }
        const auto part = trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = part.find('=');
        if (std::exchange(is_first, false)) {
            read.value = to_lower(part);
            continue;
        }
        if (part.empty()) continue;
        auto value = trim(part.substr(equals == std::string_view::npos ? part.size() : equals + 1));
        if (value.size() > 1 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        read.is_plain = read.is_plain && !quoted && equals != std::string_view::npos;
        read.all.emplace_back(to_lower(trim(part.substr(0, equals))), value);
    }
    return read;
}

bool is_plain_charset(std::string_view charset) {
    constexpr std::array<std::string_view, 8> known{"us-ascii",    "ascii", "utf-8", "iso-8859-",
                                                    "windows-125", "cp125", "koi8-", "utf8"};
    return std::ranges::any_of(known, [&](auto prefix) { return charset.starts_with(prefix); });
}

BodyForm encoded(std::string why) {
    return {BodyForm::Kind::encoded, {}, std::move(why)};
}

BodyForm form_of(const Parameters& type) {
    std::size_t boundaries = 0;
    BodyForm form;
    for (const auto& [name, value] : type.all) {
        if (name == "charset" && !is_plain_charset(to_lower(value)))
            return encoded("in a charset that is not read");
        if (name != "boundary" && !name.starts_with("boundary*")) continue;
        boundaries += name == "boundary" ? 1 : 2;
        form.boundary = value;
    }
    if (type.value.starts_with("message/")) {
        const bool is_mail = type.value == "message/rfc822" || type.value == "message/global";
        form.kind = is_mail ? BodyForm::Kind::message : BodyForm::Kind::text;
    } else if (type.value.starts_with("multipart/")) {
        const auto& boundary = form.boundary;
        if (boundaries != 1 || boundary.empty() || boundary.size() > boundary_bytes_max ||
            std::ranges::any_of(boundary, is_control) || boundary.ends_with(' '))
            return encoded("a multipart without a plain boundary");
        form.kind = BodyForm::Kind::multipart;
    }
    return form;
}

}  // namespace

std::string_view first_line(std::string_view text) {
    const auto end = text.find('\n');
    return text.substr(0, end == std::string_view::npos ? std::string_view::npos : end + 1);
}

HeaderFields header_fields(std::string_view entity) {
    HeaderFields read;
    while (!entity.empty()) {
        auto line = first_line(entity);
        if (line == "\n" || line == "\r\n") {
            read.gap = line;
            read.body = entity.substr(line.size());
            break;
        }
        std::size_t size = line.size();
        while (size < entity.size() && is_blank(entity[size]))
            size += first_line(entity.substr(size)).size();
        read.fields.push_back(field_of(entity.substr(0, size)));
        entity.remove_prefix(size);
    }
    return read;
}

BodyForm body_form(const std::vector<HeaderField>& fields) {
    std::size_t types = 0, encodings = 0;
    Parameters type;
    std::string encoding;
    for (const auto& field : fields) {
        const auto name = to_lower(field.name);
        if (name == "content-type") ++types, type = parameters_of(field.value);
        if (name == "content-transfer-encoding")
            ++encodings, encoding = to_lower(trim(field.value));
    }
    if (types > 1 || encodings > 1) return encoded("described twice");
    if (encodings == 1 && encoding != "7bit" && encoding != "8bit" && encoding != "binary")
        return encoded(encoding == "base64" || encoding == "quoted-printable"
                           ? encoding
                           : "in an encoding that is not read");
    if (!type.is_plain) return encoded("of a type that is not plainly written");
    return form_of(type);
}

}  // namespace bailiff
