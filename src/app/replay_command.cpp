#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>

#include "lmdb/feature_reader.hpp"
#include "src/app/canary_order.hpp"
#include "src/app/commands.hpp"
#include "src/app/load_snapshot.hpp"
#include "src/app/replay_json.hpp"
#include "src/app/replay_run.hpp"
#include "src/app/role.hpp"
#include "src/config/load.hpp"
#include "src/replay/answer.hpp"
#include "src/replay/books.hpp"
#include "src/rspamd/findings.hpp"

namespace bailiff {
namespace {

struct ReplayOptions {
    std::string config = configuration_file;
    std::string rules;
    std::string policy;
    std::string since;
    double canary_hours = 0;
    std::string by;
    bool json = false;
};

/// "[section] key = value" of each line.
std::vector<std::string> lines_of(const Settings& settings) {
    std::vector<std::string> lines;
    std::string section;
    const auto text = effective_configuration(settings);
    for (std::size_t from = 0; from < text.size();) {
        const auto end = std::min(text.find('\n', from), text.size());
        const auto line = text.substr(from, end - from);
        from = end + 1;
        if (line.starts_with('['))
            section = line + " ";
        else if (!line.empty() && !line.starts_with('#'))
            lines.push_back(section + line);
    }
    return lines;
}

std::vector<std::string> differences(const Settings& before, const Settings& after) {
    const auto known = lines_of(before);
    std::multiset<std::string> old(known.begin(), known.end());
    std::vector<std::string> changed;
    for (const auto& line : lines_of(after)) {
        const auto same = old.find(line);
        if (same == old.end())
            changed.push_back(line);
        else
            old.erase(same);
    }
    return changed;
}

ReplayRules rules_of(const Settings& settings, const Loaded& loaded) {
    std::optional<Digest> traps;
    if (!loaded.snapshot->traps.empty()) traps = loaded.snapshot->book->traps;
    return {.rules = *loaded.rules,
            .weigh =
                [weights = loaded.weights](const std::vector<std::string>& symbols) {
                    return reweigh(symbols, *weights);
                },
            .policy = settings.policy,
            .behaviour = settings.behaviour,
            .paths = settings.paths,
            .trap_score = settings.reputation.score,
            .traps = traps,
            .hears_rspamd = settings.rspamd.enabled};
}

int refuse(const Refused& refused, const RuleSet& rules, const std::string& directory) {
    for (const auto& [symbol, changed] : refused.atoms)
        std::fprintf(stderr,
                     "bailiff: not answerable from features: rule %s has a %s pattern (%s/%s)\n",
                     symbol.c_str(), changed ? "changed" : "new", directory.c_str(),
                     rules.place_of(symbol).c_str());
    if (refused.traps)
        std::fprintf(stderr,
                     "bailiff: not answerable from features: reputation.traps is another list\n");
    if (refused.answerable_since)
        std::fprintf(stderr, "bailiff: messages of a later time can be asked: --since %s\n",
                     to_rfc3339(*refused.answerable_since).c_str());
    if (!refused.atoms.empty())
        std::fprintf(stderr,
                     "bailiff: try it on live mail: bailiff replay --rules %s --canary HOURS --by "
                     "NAME; on files: bailiff rules diff OLD NEW FILE...\n",
                     directory.c_str());
    return 2;
}

int wrong_use(const Error& error) {
    std::fprintf(stderr, "bailiff: %s\n", error.what.c_str());
    return 2;
}

Result<int> replay(const ReplayOptions& options) {
    Instant since{};
    if (!options.since.empty()) {
        const auto parsed = parse_rfc3339(options.since).within("--since");
        if (!parsed) return wrong_use(parsed.error());
        since = *parsed;
    }
    BAILIFF_TRY(const auto config, settings_from(options.config));
    auto policy = config;
    if (!options.policy.empty()) {
        BAILIFF_TRY(policy, settings_from(options.policy).within("--policy"));
    }
    auto asked = asked_settings(config, policy);
    asked.rules.dir = options.rules.empty() ? config.rules.dir : options.rules;
    return run_replay(config, asked, since, options.json);
}

}  // namespace

Settings asked_settings(const Settings& config, const Settings& policy) {
    auto asked = config;
    asked.policy = policy.policy;
    asked.behaviour = policy.behaviour;
    asked.reputation = policy.reputation;
    asked.paths = policy.paths;
    asked.rspamd.weights = policy.rspamd.weights;
    asked.rules = policy.rules;
    asked.rspamd.enabled = policy.rspamd.enabled;
    return asked;
}

Result<int> run_replay(const Settings& config, const Settings& asked, Instant since, bool json) {
    BAILIFF_TRY(const auto loaded, load_snapshot(asked));
    auto reader = FeatureReader::open(counters_path(config));
    if (!reader && reader.error().fault == Fault::not_found)
        return fail(Fault::not_found,
                    "the milter has kept no features yet: " + reader.error().what);
    if (!reader) return Failure(std::move(reader).error());

    Replay again(rules_of(asked, loaded));
    BAILIFF_TRY(const auto books, (*reader)->books());
    const auto refused = learn_books(again, books, since);
    if (refused.any()) return refuse(refused, *loaded.rules, asked.rules.dir);
    Answer answer;
    BAILIFF_TRY(const auto passed,
                (*reader)->each(since, [&](std::uint32_t book, const FeatureRow& row) {
                    answer.add(row, again.judge(book, row));
                }));
    answer.corrupt = passed.corrupt;
    const auto text = json ? replayed_json : replayed_text;
    std::printf("%s", text(answer, differences(config, asked)).c_str());
    return 0;
}

void add_replay_command(CLI::App& app, Chosen& chosen) {
    auto* command =
        app.add_subcommand("replay", "Who would have been stopped by other rules or lines");
    const auto options = std::make_shared<ReplayOptions>();
    command->add_option("-c,--config", options->config, "Configuration file of the running milter");
    auto* rules = command->add_option("--rules", options->rules,
                                      "Folder of rules instead of the configured one");
    auto* policy =
        command->add_option("--policy", options->policy,
                            "A whole bailiff.toml: its decide, behaviour, reputation, path, and of "
                            "rspamd enabled and weights");
    auto* since =
        command->add_option("--since", options->since, "Messages from 2026-11-23T01:26:55Z on");
    command->add_flag("--json", options->json, "One JSON object");
    auto* canary = command->add_option("--canary", options->canary_hours,
                                       "Have the milter run these rules beside its own for so many "
                                       "hours, as `canary start` does");
    canary->needs(rules)->excludes(policy)->excludes(since);
    canary->needs(command->add_option("--by", options->by, "Who asks for the canary"));
    command->callback([&chosen, options] {
        chosen = [options] {
            if (options->canary_hours == 0) return replay(*options);
            return order_canary(options->config, options->rules, options->canary_hours,
                                options->by);
        };
    });
}

}  // namespace bailiff
