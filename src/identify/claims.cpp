#include "src/identify/claims.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace bailiff {
namespace {

constexpr std::size_t claims_max = 32;
constexpr std::size_t path_levels_max = 16;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string lower(std::string_view text) {
    std::string result(text.substr(0, 255));
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

/// "Shop <orders@Shop.Example>" gives "shop.example"; no address gives nothing.
std::string domain_in(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return {};
    const auto rest = address.substr(at + 1);
    return lower(rest.substr(0, rest.find_first_of("> \t\r\n,;\"")));
}

std::string_view leading_digits(std::string_view text) {
    return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
}

/// "/home/blog/www/x.php" gives itself and each folder above it.
std::vector<std::string> path_and_parents(std::string_view path) {
    std::vector<std::string> paths;
    path = path.substr(0, path.find_first_of(" \t\r\n"));
    while (path.size() > 1 && paths.size() < path_levels_max) {
        paths.emplace_back(path.substr(0, 400));
        const auto slash = path.rfind('/');
        if (slash == std::string_view::npos) break;
        path = path.substr(0, slash);
    }
    return paths;
}

/// "userid 33001" within a Received line.
std::string_view userid_in(std::string_view received) {
    constexpr std::string_view key = "from userid ";
    const auto at = received.find(key);
    return at == std::string_view::npos ? std::string_view{}
                                        : leading_digits(received.substr(at + key.size()));
}

class Collector {
public:
    void add(IdentityKind kind, std::vector<std::string> values, std::string source, Guard guard) {
        std::erase_if(values, [](const std::string& value) { return value.empty(); });
        if (values.empty() || claims_.size() >= claims_max) return;
        claims_.push_back({kind, std::move(values), std::move(source), guard});
    }
    void add_field(const HeaderField& field);
    std::vector<Claim> take() && { return std::move(claims_); }

private:
    std::vector<Claim> claims_;
};

void Collector::add_field(const HeaderField& field) {
    const auto is = [&](std::string_view name) { return equal_ignoring_case(field.name, name); };
    if (is("X-PHP-Originating-Script")) {  // "33001:mailer.php"
        add(IdentityKind::uid, {std::string(leading_digits(field.value))}, field.name,
            Guard::script_header_is_a_claim);
    } else if (is("X-PHP-Script") || is("X-Source") || is("X-Source-Dir")) {
        add(IdentityKind::script, path_and_parents(field.value), field.name,
            Guard::script_header_is_a_claim);
    } else if (is("Received")) {
        add(IdentityKind::uid, {std::string(userid_in(field.value))}, field.name,
            Guard::received_line_is_a_claim);
    } else if (is("X-AuthUser") || is("X-Authenticated-User") || is("X-Authenticated-Sender")) {
        add(IdentityKind::login, {field.value.substr(0, 255)}, field.name,
            Guard::user_header_is_a_claim);
    } else if (is("From") || is("Sender")) {
        add(IdentityKind::domain, {domain_in(field.value)}, field.name,
            Guard::header_from_is_a_claim);
    }
}

}  // namespace

std::vector<Claim> claims_of(const Envelope& envelope, const Message& message) {
    Collector collector;
    collector.add(IdentityKind::login, {envelope.auth_author.substr(0, 255)}, "{auth_author}",
                  Guard::auth_author_is_a_claim);
    collector.add(IdentityKind::domain, {domain_in(envelope.mail_from)}, "MAIL FROM",
                  Guard::mail_from_is_a_claim);
    for (const auto& field : message.fields) collector.add_field(field);
    return std::move(collector).take();
}

}  // namespace bailiff
