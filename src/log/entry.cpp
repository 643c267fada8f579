#include "src/log/entry.hpp"

#include <bailiff/ensure.hpp>

#include <algorithm>
#include <optional>

#include "src/log/lines.hpp"

namespace bailiff::log {
namespace {

constexpr std::string_view version = "evlog/1";
constexpr std::size_t minute_size = 16;  // 2026-11-24T03:02

bool is_kind(std::string_view word) {
    return std::ranges::find(entry_kinds, word) != entry_kinds.end();
}

std::optional<Digest> digest_of_hex(std::string_view text) {
    Digest digest;
    if (text.size() != 2 * digest.bytes.size()) return std::nullopt;
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto value = digits.find(text[i]);
        if (value == std::string_view::npos) return std::nullopt;
        auto& byte = digest.bytes[i / 2];
        byte = static_cast<std::uint8_t>(static_cast<unsigned>(byte) << 4U | value);
    }
    return digest;
}

Failure corrupt(const std::string& why) {
    return fail(Fault::corrupt, "no entry of the log: " + why);
}

}  // namespace

std::string entry_text(const Entry& entry) {
    BAILIFF_ENSURE(is_kind(entry.kind));
    std::string text(version);
    text.append("\n").append(entry.kind).append("\n").append(entry.digest.hex()).append("\n");
    return text + to_rfc3339(entry.at).substr(0, minute_size) + "Z\n";
}

Result<Entry> parse_entry(std::string_view text) {
    auto rest = text;
    const auto first = take_line(rest);
    if (first != version) return corrupt("its first line is not 'evlog/1'");
    const auto kind = take_line(rest);
    if (!kind || !is_kind(*kind)) return corrupt("its kind is none of ours");
    const auto hex = take_line(rest);
    const auto digest = hex ? digest_of_hex(*hex) : std::nullopt;
    if (!digest) return corrupt("its digest is not 64 lower-case hexadecimal digits");
    const auto minute = take_line(rest);
    if (!minute || minute->size() != minute_size + 1 || !minute->ends_with('Z'))
        return corrupt("its time is not like 2026-11-24T03:02Z");
    const auto at = parse_rfc3339(std::string(minute->substr(0, minute_size)) + ":00Z");
    if (!at) return corrupt("its time is not like 2026-11-24T03:02Z");
    Entry entry{std::string(*kind), *digest, *at};
    if (entry_text(entry) != text) return corrupt("it is not written as we write it");
    return entry;
}

}  // namespace bailiff::log
