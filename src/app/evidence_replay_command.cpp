#include <bailiff/version.hpp>
#include <cstdio>
#include <memory>

#include "src/app/bag_reader.hpp"
#include "src/app/commands.hpp"
#include "src/message/parse.hpp"
#include "src/replay/case_replay.hpp"

#include <rules/rule_set.hpp>

namespace bailiff {
namespace {

Result<RecordedVerdict> recorded_in(const BagReader& bag) {
    BAILIFF_TRY(const auto engine, bag.read(engine_path));
    BAILIFF_TRY(const auto verdict, bag.read(verdict_path));
    BAILIFF_TRY(const auto hits, bag.read(hits_path));
    BAILIFF_TRY(const auto access, bag.read(access_path));
    BAILIFF_TRY(const auto transactions, bag.read(transactions_path));
    return recorded_verdict({.engine = engine,
                             .verdict = verdict,
                             .hits = hits,
                             .access = access,
                             .transactions = transactions});
}

/// Other rules than those of then would be another verdict, not this one again.
Result<std::shared_ptr<const RuleSet>> rules_of(const std::string& folder,
                                                const EngineFacts& engine) {
    BAILIFF_TRY(auto rules, RuleSet::load_dir(folder).within("--rules"));
    if (rules->digest() != engine.rule_set)
        return fail(Fault::invalid_input, folder + ": these rules are " + rules->digest() +
                                              ", the verdict was reached with " + engine.rule_set);
    return rules;
}

/// In an export they lie beside the bags.
std::string rules_beside(const std::string& bag, const EngineFacts& engine) {
    return bag + "/../rules/" + engine.rule_set;
}

Result<int> replay(const std::string& folder, const std::string& rules_folder) {
    BAILIFF_TRY(const auto bag, BagReader::open(folder));
    BAILIFF_TRY(const auto recorded, recorded_in(bag));
    BAILIFF_TRY(auto raw, bag.read(message_path));
    const auto& engine = recorded.engine;
    const auto place = rules_folder.empty() ? rules_beside(folder, engine) : rules_folder;
    BAILIFF_TRY(const auto rules, rules_of(place, engine));
    prepare_parser();
    const auto again = replay_case(recorded, std::move(raw), *rules);
    std::printf("recorded: %s, %d thousandths of a point, by bailiff %s\n",
                std::string(to_text(recorded.verdict.level)).c_str(), recorded.verdict.score,
                engine.version.c_str());
    std::printf("now:      %s, %d thousandths of a point, by bailiff %s\n",
                std::string(to_text(again.verdict.level)).c_str(), again.verdict.score,
                program_version);
    for (const auto& difference : again.differences) std::printf("%s\n", difference.c_str());
    std::puts(again.differences.empty() ? "the same" : "NOT THE SAME");
    return again.differences.empty() ? 0 : 1;
}

}  // namespace

void add_evidence_replay(CLI::App& group, Chosen& chosen) {
    auto* command = group.add_subcommand("replay", "Reach the verdict of a bag once more");
    struct Options {
        std::string bag, rules;
    };
    const auto options = std::make_shared<Options>();
    command->add_option("BAG", options->bag, "Folder of a case's first bag, with its message")
        ->required();
    command->add_option("--rules", options->rules,
                        "Folder of the rules of then; without it those beside the bag");
    command->callback([&chosen, options] {
        chosen = [options] { return replay(options->bag, options->rules); };
    });
}

}  // namespace bailiff
