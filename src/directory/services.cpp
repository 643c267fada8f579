// Rows → services.

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "src/directory/fields.hpp"
#include "src/directory/import.hpp"
#include "src/directory/rows.hpp"
#include "src/directory/text.hpp"

namespace bailiff {
namespace {

constexpr std::array identity_kinds{IdentityKind::login, IdentityKind::client_ip, IdentityKind::uid,
                                    IdentityKind::script, IdentityKind::domain};

std::optional<IdentityKind> identity_kind(std::string_view text) {
    const auto* at =
        std::ranges::find_if(identity_kinds, [&](auto kind) { return to_text(kind) == text; });
    if (at == identity_kinds.end()) return std::nullopt;
    return *at;
}

/// Takes `value` in its canonical form, or says what was expected.
std::string_view take_value(Identity& identity, std::string_view value) {
    if (value.empty() || value.size() > identity_bytes_max || !is_printable(value))
        return "1 to 400 bytes without control characters";
    identity.value = value;
    switch (identity.kind) {
        case IdentityKind::login:
            return {};
        case IdentityKind::client_ip: {
            auto canonical = canonical_address(value);
            if (canonical.text) identity.value = std::move(*canonical.text);
            return canonical.expected;
        }
        case IdentityKind::uid:
            return expected_uid(value);
        case IdentityKind::script:
            return value.front() == '/' ? "" : "the start of an absolute path";
        case IdentityKind::domain:
            identity.value = to_lower(value);
            return expected_domain(identity.value);
    }
    return {};
}

constexpr std::array<std::string_view, 12> service_columns{
    "service",   "account", "holder",    "plan", "created", "test",
    "protected", "login",   "client_ip", "uid",  "script",  "domain"};

/// Reads the fields of rows into one service.
class ServiceReader {
public:
    explicit ServiceReader(ImportComplaints& complaints) : complaints_(complaints) {}

    Service read(const RawRow& row) {
        service_ = {};
        line_ = row.line;
        for (const auto& field : row.fields) take(field);
        for (const std::string_view name : {"service", "account", "created"})
            if (std::ranges::find(row.fields, name, &RawField::name) == row.fields.end())
                complaints_.add(row.line, name, "expected a value: the field is required");
        return std::move(service_);
    }

private:
    void take(const RawField& field) {
        const FieldReader reader{field, complaints_};
        if (field.name == "service")
            reader.id(service_.id);
        else if (field.name == "account")
            reader.id(service_.account);
        else if (field.name == "holder")
            reader.optional_id(service_.holder);
        else if (field.name == "plan")
            reader.text(service_.plan);
        else if (field.name == "created")
            reader.instant(service_.created);
        else if (field.name == "test")
            reader.truth(service_.test);
        else if (field.name == "protected")
            reader.truth(service_.is_protected);
        else if (field.name == "identities")
            identities(field);
        else if (const auto kind = identity_kind(field.name); kind)
            column(*kind, field);
        else
            reader.wrong(
                "a field of a service (README of src/directory); personal data belongs "
                "into the file of holders");
    }

    /// JSON: a list of objects.
    void identities(const RawField& field) {
        if (field.kind != RawField::Kind::rows) {
            complaints_.add(field.line, field.name, "expected a list of objects");
            return;
        }
        for (const auto& row : field.rows) identity(row);
    }

    void identity(const RawRow& row) {
        Identity identity;
        const RawField* value = nullptr;
        bool has_kind = false;
        for (const auto& field : row.fields) {
            const FieldReader reader{field, complaints_};
            if (field.name == "kind")
                has_kind = kind(identity, reader);
            else if (field.name == "value")
                value = &field;
            else if (field.name == "from")
                reader.optional_instant(identity.from);
            else if (field.name == "until")
                reader.optional_instant(identity.until);
            else
                reader.wrong("kind, value, from or until");
        }
        if (value == nullptr || value->kind != RawField::Kind::text)
            complaints_.add(value == nullptr ? row.line : value->line, "value", "expected text");
        else if (has_kind)
            add(std::move(identity), value->value, value->line);
        else
            complaints_.add(row.line, "kind", expected_kind);
    }

    static bool kind(Identity& identity, const FieldReader& reader) {
        const auto read = identity_kind(reader.field.value);
        if (read && reader.field.kind == RawField::Kind::text) identity.kind = *read;
        return read.has_value() && reader.field.kind == RawField::Kind::text;
    }

    /// CSV: values with ';' between them, each with its period in brackets, if it has one.
    void column(IdentityKind kind, const RawField& field) {
        if (field.kind != RawField::Kind::cell) {
            complaints_.add(field.line, field.name, "expected it as an entry of identities");
            return;
        }
        std::string_view rest = field.value;
        while (true) {
            const auto end = rest.find(';');
            cell_value(kind, trimmed(rest.substr(0, end)), field.line);
            if (end == std::string_view::npos) return;
            rest.remove_prefix(end + 1);
        }
    }

    void cell_value(IdentityKind kind, std::string_view value, std::size_t line) {
        Identity identity{.kind = kind, .value = {}, .from = {}, .until = {}};
        if (value.ends_with(']') && value.find('[') != std::string_view::npos) {
            const auto open = value.rfind('[');
            if (!period(identity, value.substr(open + 1, value.size() - open - 2))) {
                complaints_.add(line, to_text(kind),
                                "expected a period as in [2026-01-01..2026-06-01]; either end may "
                                "be left out");
                return;
            }
            value = trimmed(value.substr(0, open));
        }
        add(std::move(identity), value, line);
    }

    static bool period(Identity& identity, std::string_view text) {
        const auto dots = text.find("..");
        if (dots == std::string_view::npos) return false;
        return end(identity.from, trimmed(text.substr(0, dots))) &&
               end(identity.until, trimmed(text.substr(dots + 2)));
    }

    static bool end(std::optional<Instant>& instant, std::string_view text) {
        if (text.empty()) return true;
        const auto read = parse_rfc3339(text);
        if (read) instant = *read;
        return read.has_value();
    }

    void add(Identity identity, std::string_view value, std::size_t line) {
        const auto expected = take_value(identity, value);
        const auto name = to_text(identity.kind);
        if (!expected.empty())
            complaints_.add(line, name,
                            "'" + shown(value) + "': expected " + std::string(expected));
        else if (identity.from && identity.until && *identity.from >= *identity.until)
            complaints_.add(line, name, "expected an end after the start of its period");
        else if (std::ranges::find(service_.identities, identity) != service_.identities.end())
            complaints_.add(line, name, "'" + shown(value) + "': expected each identity once");
        else
            service_.identities.push_back(std::move(identity));
    }

    static constexpr std::string_view expected_kind =
        "expected login, client_ip, uid, script or domain";
    ImportComplaints& complaints_;
    Service service_;
    std::size_t line_ = 0;
};

}  // namespace

Result<std::vector<Service>> read_services(std::string_view text, std::string_view file) {
    ImportComplaints complaints;
    ServiceReader reader(complaints);
    std::vector<Service> services;
    FirstLines<ServiceId> seen;
    for (const auto& row : read_rows(text, file, service_columns, complaints)) {
        services.push_back(reader.read(row));
        seen.check(services.back().id, row.line, "service", complaints);
    }
    if (!complaints.empty()) return Failure(std::move(complaints).error(file));
    return services;
}

}  // namespace bailiff
