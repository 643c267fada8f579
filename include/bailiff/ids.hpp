#pragma once
// Identifiers that cannot be swapped for one another, nor built from text that is none.

#include <algorithm>
#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <compare>
#include <string>
#include <string_view>

namespace bailiff {

/// Text that satisfies `Tag::valid`; or empty, which stands for "none".
template <class Tag>
class Id {
public:
    Id() = default;

    /// Errors   invalid_input: names the kind of id and what was expected.
    [[nodiscard]] static Result<Id> parse(std::string_view text) {
        if (Tag::valid(text)) return Id(std::string(text));
        return fail(Fault::invalid_input, "'" + std::string(text.substr(0, 80)) + "' is no " +
                                              std::string(Tag::name) + ": expected " +
                                              std::string(Tag::expected));
    }

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

private:
    explicit Id(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// The panel's own immutable identifiers.
struct PanelIdRule {
    static constexpr std::string_view expected = "1 to 64 of A-Z a-z 0-9 . _ @ -";
    static bool valid(std::string_view text) {
        return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '.' || c == '_' || c == '@' || c == '-';
        });
    }
};
struct HolderTag : PanelIdRule { static constexpr std::string_view name = "holder id"; };
struct AccountTag : PanelIdRule { static constexpr std::string_view name = "account id"; };
struct ServiceTag : PanelIdRule { static constexpr std::string_view name = "service id"; };

struct CaseTag {
    static constexpr std::string_view name = "case id";
    static constexpr std::string_view expected = "B and 16 characters of Crockford base32";
    static constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    static bool valid(std::string_view text) {
        return text.size() == 17 && text.front() == 'B' &&
               text.find_first_not_of(alphabet, 1) == std::string_view::npos;
    }
};

struct ActionTag {
    static constexpr std::string_view name = "action id";
    static constexpr std::string_view expected = "64 hexadecimal digits";
    static bool valid(std::string_view text) {
        return text.size() == 64 &&
               text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    }
};

using HolderId = Id<HolderTag>;
using AccountId = Id<AccountTag>;
using ServiceId = Id<ServiceTag>;
using CaseId = Id<CaseTag>;
using ActionId = Id<ActionTag>;

/// A service for ever: a panel may give the same id to a new customer later (fault G17).
struct ServiceRef {
    ServiceId id;
    Instant created{};
    auto operator<=>(const ServiceRef&) const = default;
};

}  // namespace bailiff
