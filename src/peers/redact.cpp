#include "src/peers/redact.hpp"

#include <bailiff/digest.hpp>
#include <bailiff/limits.hpp>

#include <bailiff/ascii.hpp>
#include "src/peers/redactor.hpp"

namespace bailiff {
namespace {

using namespace ascii;

enum class Delimiter { none, next, last };

Delimiter delimiter(std::string_view line, std::string_view boundary) {
    if (!line.starts_with("--") || !line.substr(2).starts_with(boundary)) return Delimiter::none;
    line.remove_prefix(2 + boundary.size());
    const bool is_last = line.starts_with("--");
    const auto rest = is_last ? line.substr(2) : line;
    if (!trim(rest).empty()) return Delimiter::none;
    return is_last ? Delimiter::last : Delimiter::next;
}

}  // namespace

/// Text as it stands: line by line, then as a whole.
std::string Redactor::text(std::string_view body) const {
    std::string kept;
    for (auto rest = body; !rest.empty();) {
        const auto line = first_line(rest);
        rest.remove_prefix(line.size());
        const auto end = line.ends_with("\r\n") ? 2U : line.ends_with('\n') ? 1U : 0U;
        kept += value(line.substr(0, line.size() - end));
        kept += line.substr(line.size() - end);
    }
    if (!words_.hides_in(kept)) return kept;
    return std::string(redacted_mark) + "\r\n";
}

Result<std::string> Redactor::encoded(std::string_view body, const std::string& why) {
    if (options_.body != BodyRule::drop_encoded_bodies)
        return fail(Fault::invalid_input,
                    "a body that is " + why + " cannot be kept: who stands in it is not seen");
    return "[" + std::to_string(body.size()) + " bytes, SHA-256 " + sha256(body).hex() + "]\r\n";
}

Result<std::string> Redactor::multipart(std::string_view body, std::string_view boundary,
                                        std::size_t depth) {
    std::string out;
    auto kind = Delimiter::none;  // of what stands before
    std::size_t begin = 0;
    const auto flush = [&](std::size_t end) -> Result<void> {
        const auto piece = body.substr(begin, end - begin);
        if (kind == Delimiter::next) {
            BAILIFF_TRY(const auto part, entity(piece, depth + 1));
            out += part;
        } else {
            out += text(piece);
        }
        return {};
    };
    for (std::size_t at = 0; at < body.size() && kind != Delimiter::last;) {
        const auto line = first_line(body.substr(at));
        const auto found = delimiter(line, boundary);
        if (found != Delimiter::none) {
            BAILIFF_CHECK(flush(at));
            const auto masked = words_.without(line);
            if (words_.hides_in(masked))
                return fail(Fault::invalid_input, "a boundary hides a recipient");
            out += masked;
            kind = found;
            begin = at + line.size();
        }
        at += line.size();
    }
    BAILIFF_CHECK(flush(body.size()));
    return out;
}

Result<std::string> Redactor::body(std::string_view body, const BodyForm& form, std::size_t depth) {
    if (depth >= limits::mime_depth_max || ++parts_ > limits::mime_parts_max)
        return encoded(body, "too deep, or one of too many,");
    switch (form.kind) {
        case BodyForm::Kind::encoded:
            return encoded(body, form.why);
        case BodyForm::Kind::multipart:
            return multipart(body, form.boundary, depth);
        case BodyForm::Kind::message:
            return entity(body, depth + 1);
        case BodyForm::Kind::text:
            break;
    }
    return text(body);
}

Result<std::string> Redactor::entity(std::string_view entity, std::size_t depth) {
    const auto read = header_fields(entity);
    const auto form = body_form(read.fields);
    std::string out;
    for (const auto& field : read.fields) {
        const auto name = to_lower(field.name);
        if (form.kind == BodyForm::Kind::encoded && name == "content-transfer-encoding") {
            out += std::string(field.name) + ": 7bit" + std::string(field.line_end);
            continue;
        }
        out += this->field(field);
        if (form.kind == BodyForm::Kind::multipart && name == "content-type" &&
            trim(std::string_view(out).substr(out.rfind(':') + 1)) == redacted_mark)
            return fail(Fault::invalid_input, "the field of a boundary hides a recipient");
    }
    out += read.gap;
    BAILIFF_TRY(const auto kept, body(read.body, form, depth));
    return out + kept;
}

Result<std::string> redacted_message(std::string_view raw, const RedactOptions& options) {
    auto read = header_fields(raw.substr(0, limits::header_bytes_max));
    const auto shown = std::min(read.fields.size(), limits::header_count_max);
    Redactor redactor(options, read.fields);
    if (options.body != BodyRule::headers_only) {
        if (raw.size() > redact_body_bytes_max)
            return fail(Fault::exhausted, "a body of more than " +
                                              std::to_string(redact_body_bytes_max) +
                                              " bytes cannot be kept");
        return redactor.entity(raw, 0);
    }
    std::string out;
    for (std::size_t i = 0; i < shown; ++i) out += redactor.field(read.fields[i]);
    const bool is_cut = raw.size() > limits::header_bytes_max && read.gap.empty();
    if (is_cut || shown < read.fields.size()) out += "X-Redacted: [+]\r\n";
    out += read.gap;
    return out;
}

std::string redacted_value(std::string_view value, const std::vector<std::string>& recipients) {
    const RedactOptions options{recipients, {}, BodyRule::headers_only};
    return Redactor(options, {}).value(value);
}

}  // namespace bailiff
