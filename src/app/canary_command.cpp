#include <climits>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "rules/rule_set.hpp"
#include "src/app/canary_keeper.hpp"
#include "src/app/canary_order.hpp"
#include "src/app/commands.hpp"
#include "src/app/files.hpp"
#include "src/app/role.hpp"
#include "src/app/system_clock.hpp"

namespace bailiff {
namespace {

constexpr double hours_max = 24.0 * 14;
constexpr auto patience = std::chrono::seconds(5);

struct CanaryOptions {
    std::string config = configuration_file;
    std::string rules;
    std::string by;
    double hours = 0;
    bool json = false;
};

Result<CanaryStory> story_of(const Settings& settings) {
    BAILIFF_TRY(const auto text, read_file(canary_story_path(settings)));
    return read_canary_story(text);
}

/// What the milter made of the order; the order waits for it if it does not run.
Result<int> wait_for(const Settings& settings, const CanaryOrder& order, const char* state) {
    const SystemClock clock;
    const auto until = clock.steady() + patience;
    do {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        const auto story = story_of(settings);
        if (!story || story->order.begun != order.begun) continue;
        if (story->state == "refused") return fail(Fault::invalid_input, story->why);
        if (story->state != state) continue;
        std::printf("%s: canary %s until %s\n", order.rules.c_str(), state,
                    to_rfc3339(order.until).c_str());
        return 0;
    } while (clock.steady() < until);
    std::printf("ordered; no milter has taken it up yet\n");
    return 0;
}

Result<int> stop(const CanaryOptions& options) {
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    BAILIFF_CHECK(become(settings, settings.milter.user));
    const auto text = read_file(canary_order_path(settings));
    if (!text) return fail(Fault::not_found, "no canary was ever ordered");
    BAILIFF_TRY(auto order, read_canary_order(*text));
    if (const auto story = story_of(settings);
        story && story->order.begun == order.begun && story->state != "runs")
        return fail(Fault::not_found, "no canary runs: the last one is " + story->state);
    order.stopped_by = options.by;
    BAILIFF_CHECK(replace_file(canary_order_path(settings), to_json(order)));
    return wait_for(settings, order, "stopped");
}

Result<int> show(const CanaryOptions& options) {
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    const auto story = story_of(settings);
    if (!story && story.error().fault == Fault::not_found)
        return fail(Fault::not_found, "no canary has run yet");
    if (!story) return Failure(story.error());
    std::printf("%s", (options.json ? to_json(*story) : canary_text(*story)).c_str());
    return 0;
}

}  // namespace

Result<int> order_canary(const std::string& config, const std::string& rules, double hours,
                         const std::string& by) {
    if (!(hours > 0 && hours <= hours_max))
        return fail(Fault::invalid_input, "hours: expected more than 0, and 336 at most");
    BAILIFF_TRY(const auto settings, settings_from(config));
    BAILIFF_CHECK(become(settings, settings.milter.user));
    char full[PATH_MAX];
    if (realpath(rules.c_str(), full) == nullptr)
        return fail(Fault::not_found,
                    rules + ": cannot be read by the milter's user " + settings.milter.user);
    BAILIFF_TRY(const auto shadow, RuleSet::load_dir(full).within("read by the milter's user " +
                                                                  settings.milter.user));
    CanaryOrder order;
    order.begun = SystemClock().now();
    order.until = order.begun + std::chrono::milliseconds(static_cast<std::int64_t>(hours * 3.6e6));
    order.rules = full;
    order.digest = shadow->digest();
    order.by = by;
    BAILIFF_CHECK(replace_file(canary_order_path(settings), to_json(order)));
    return wait_for(settings, order, "runs");
}

void add_canary_command(CLI::App& app, Chosen& chosen) {
    auto* canary = app.add_subcommand("canary", "Try rules on live mail, without any effect");
    canary->require_subcommand(1);
    const auto options = std::make_shared<CanaryOptions>();
    const auto add = [&](const char* name, const char* help,
                         Result<int> (*run)(const CanaryOptions&)) {
        auto* command = canary->add_subcommand(name, help);
        command->add_option("-c,--config", options->config, "Configuration file of the milter");
        command->callback(
            [&chosen, options, run] { chosen = [options, run] { return run(*options); }; });
        return command;
    };
    auto* start = add("start", "The milter runs these rules beside its own; replaces the last one",
                      [](const CanaryOptions& with) {
                          return order_canary(with.config, with.rules, with.hours, with.by);
                      });
    start->add_option("--rules", options->rules, "Folder of rules")->required();
    start->add_option("--hours", options->hours, "For how long")->required();
    start->add_option("--by", options->by, "Who asks for it")->required();
    add("show", "What came of it so far, at most ten seconds old", show)
        ->add_flag("--json", options->json, "One JSON object");
    add("stop", "End it before its time", stop)
        ->add_option("--by", options->by, "Who ends it")
        ->required();
}

}  // namespace bailiff
