#include "src/app/rules_diff.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>

#include "rules/rule_set.hpp"
#include "src/app/message_file.hpp"
#include "src/app/role.hpp"
#include "src/app/system_clock.hpp"
#include "src/config/load.hpp"
#include "src/decide/decide.hpp"
#include "src/message/parse.hpp"

namespace bailiff {
namespace {

namespace fs = std::filesystem;

struct Change {
    std::size_t messages = 0, changed = 0, moved = 0;
    std::array<std::array<std::size_t, 4>, 4> levels{};                ///< [old][new]
    std::map<std::string, std::pair<std::size_t, std::size_t>> rules;  ///< newly hit, no longer
};

Result<std::vector<std::string>> files_in(const std::vector<std::string>& given) {
    std::vector<std::string> files;
    for (const auto& path : given) {
        std::error_code wrong;
        if (!fs::is_directory(path, wrong)) {
            files.push_back(path);
            continue;
        }
        const auto first = files.size();
        for (fs::recursive_directory_iterator at(path, wrong), end; !wrong && at != end;
             at.increment(wrong))
            if (at->is_regular_file(wrong)) files.push_back(at->path().string());
        if (wrong) return fail(Fault::unavailable, path + ": " + wrong.message());
        std::sort(files.begin() + static_cast<std::ptrdiff_t>(first), files.end());
    }
    return files;
}

std::map<std::string, MilliPoints> scores(const Findings& findings) {
    std::map<std::string, MilliPoints> result;
    for (const auto& finding : findings) result[finding.symbol] = finding.score;
    return result;
}

std::string points(MilliPoints score) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", static_cast<double>(score) / 1000.0);
    return text;
}

/// " +NEW 3.0 -GONE OTHER 1.0->2.0"; empty: the same rules with the same scores.
std::string symbols_text(const Findings& before, const Findings& after, Change& all) {
    const auto old_ones = scores(before), new_ones = scores(after);
    std::string text;
    for (const auto& [symbol, score] : new_ones) {
        const auto old = old_ones.find(symbol);
        if (old == old_ones.end()) {
            ++all.rules[symbol].first;
            text += " +" + symbol + " " + points(score);
        } else if (old->second != score) {
            text += " " + symbol + " " + points(old->second) + "->" + points(score);
        }
    }
    for (const auto& [symbol, score] : old_ones) {
        if (new_ones.contains(symbol)) continue;
        ++all.rules[symbol].second;
        text += " -" + symbol;
    }
    return text;
}

void print_summary(const Change& all) {
    constexpr std::array names{Level::pass, Level::suspect, Level::spam, Level::confirmed};
    std::printf("%zu messages: %zu with other rules or scores, %zu with another verdict\n",
                all.messages, all.changed, all.moved);
    for (const auto from : names)
        for (const auto to : names) {
            const auto count =
                all.levels[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
            if (from != to && count > 0)
                std::printf("  %s -> %s: %zu\n", std::string(to_text(from)).c_str(),
                            std::string(to_text(to)).c_str(), count);
        }
    for (const auto& [symbol, hits] : all.rules)
        std::printf("  %s: %zu newly, %zu no longer\n", symbol.c_str(), hits.first, hits.second);
    std::printf(
        "Judged on the rules alone: without rspamd, rates and sender nothing is more than "
        "spam.\n");
}

}  // namespace

Result<int> rules_diff(const RulesDiff& options) {
    auto settings = default_settings();
    if (!options.config.empty()) {
        BAILIFF_TRY(settings, settings_from(options.config));
    }
    BAILIFF_TRY(const auto before, RuleSet::load_dir(options.old_rules));
    BAILIFF_TRY(const auto after, RuleSet::load_dir(options.new_rules));
    BAILIFF_TRY(const auto files, files_in(options.files));
    prepare_parser();
    Change all;
    for (const auto& file : files) {
        BAILIFF_TRY(auto submission, submission_in(file));
        submission.envelope.mail_from = from_address(submission.raw);
        submission.envelope.received = SystemClock().now();
        const auto message = parse(submission.raw);
        const auto said = [&](const RuleSet& rules) {
            return decide(settings.policy, {}, rules.inspect(submission, message),
                          {.door = submission.envelope.door, .at = submission.envelope.received});
        };
        const auto then = said(*before), now = said(*after);
        const auto symbols = symbols_text(then.findings, now.findings, all);
        ++all.messages;
        ++all.levels[static_cast<std::size_t>(then.level)][static_cast<std::size_t>(now.level)];
        all.moved += then.level == now.level ? 0 : 1;
        if (symbols.empty() && then.level == now.level) continue;
        ++all.changed;
        std::printf("%s: %s -> %s:%s\n", file.c_str(), std::string(to_text(then.level)).c_str(),
                    std::string(to_text(now.level)).c_str(), symbols.c_str());
    }
    print_summary(all);
    return 0;
}

}  // namespace bailiff
