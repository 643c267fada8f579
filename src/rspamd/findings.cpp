#include "src/rspamd/findings.hpp"

#include "src/rspamd/printable.hpp"

#include <bailiff/limits.hpp>
#include <cstdio>

namespace bailiff {
namespace {

constexpr std::string_view gtube = "GTUBE";
constexpr MilliPoints gtube_points = 100'000;
constexpr std::size_t options_bytes_max = 200;

/// At most two decimals, none that say nothing: 15, 3.2, -0.25.
[[nodiscard]] std::string decimal(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.2f", value);
    std::string out(text);
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
    return out == "-0" ? "0" : out;
}

[[nodiscard]] std::string reason_of(const RspamdSymbol& symbol) {
    auto reason = "rspamd " + symbol.name + " (its own score " + decimal(symbol.score) + ")";
    if (symbol.options.empty()) return reason;
    std::string options;
    for (const auto& option : symbol.options) {
        if (!options.empty()) options += ", ";
        options += option;
    }
    return reason + " [" + printable(options, options_bytes_max) + "]";
}

[[nodiscard]] Finding opinion(const RspamdReply& reply) {
    auto text = "rspamd itself: score " + decimal(reply.score);
    if (reply.required_score) text += " of " + decimal(*reply.required_score);
    return state_finding("RSPAMD_SCORE", text + ", action " + reply.action);
}

/// What symbols weigh, heard or replayed: this is the one place that knows.
template <class Symbols, class Name, class Reason>
[[nodiscard]] Findings weigh(const Symbols& symbols, const Weights& weights, const Name& name_of,
                             const Reason& reason) {
    Findings findings;
    std::size_t cut = 0;
    for (const auto& symbol : symbols) {
        const auto& name = name_of(symbol);
        const auto points = name == gtube ? gtube_points : weights.of(name);
        if (points == 0) continue;
        if (findings.size() == limits::findings_max) {
            ++cut;
            continue;
        }
        findings.push_back({Family::rspamd, name, points, reason(symbol)});
    }
    if (cut > 0)
        findings.push_back(
            state_finding("FINDINGS_CUT", std::to_string(cut) + " more symbols of rspamd"));
    return findings;
}

}  // namespace

Findings to_findings(const RspamdReply& reply, const Weights& weights) {
    auto findings = weigh(
        reply.symbols, weights,
        [](const RspamdSymbol& symbol) -> const std::string& { return symbol.name; }, reason_of);
    findings.push_back(opinion(reply));
    return findings;
}

Findings reweigh(const std::vector<std::string>& symbols, const Weights& weights) {
    auto findings = weigh(
        symbols, weights, [](const std::string& name) -> const std::string& { return name; },
        [](const std::string&) { return std::string(); });
    findings.push_back(state_finding("RSPAMD_SCORE", ""));
    return findings;
}

Finding unavailable(const std::string& reason) {
    return state_finding("RSPAMD_UNAVAILABLE", "rspamd was not heard: " + printable(reason, 300));
}

}  // namespace bailiff
