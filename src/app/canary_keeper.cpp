#include "src/app/canary_keeper.hpp"

#include "rules/rule_set.hpp"
#include "src/app/files.hpp"
#include "src/app/role.hpp"

namespace bailiff {
namespace {

constexpr std::size_t order_bytes_max = 64U << 10;
constexpr auto write_every = std::chrono::seconds(10);

Result<std::shared_ptr<const RuleSet>> shadow_of(const CanaryOrder& order) {
    BAILIFF_TRY(auto rules, RuleSet::load_dir(order.rules).within("the canary's rules"));
    if (rules->digest() != order.digest)
        return fail(Fault::invalid_input,
                    order.rules + ": the rules read otherwise than when the canary was ordered");
    return rules;
}

}  // namespace

std::string canary_order_path(const Settings& settings) {
    return counters_path(settings) + "/canary.order";
}

std::string canary_story_path(const Settings& settings) {
    return counters_path(settings) + "/canary.json";
}

CanaryKeeper::CanaryKeeper(const Settings& settings, Canary& canary, const Clock& clock,
                           Journal& journal)
    : order_path_(canary_order_path(settings)),
      story_path_(canary_story_path(settings)),
      canary_(canary),
      clock_(clock),
      journal_(journal) {}

void CanaryKeeper::look() {
    if (first_) {
        first_ = false;
        if (const auto text = read_file(story_path_))
            if (auto told = read_canary_story(*text)) story_ = *std::move(told);
    }
    const auto text = read_file(order_path_, order_bytes_max).value_or("");
    if (text != seen_) {
        seen_ = text;
        if (const auto order = read_canary_order(text))
            take(*order);
        else if (!text.empty())
            journal_.event(Severity::alarm, "canary_refused", {{"why", order.error().what}});
    }
    if (story_.state != "runs") return;
    if (auto why = canary_.too_slow(); !why.empty())
        return end("too_slow", std::move(why), Severity::alarm);
    if (clock_.now() >= story_.order.until) return end("ended", "", Severity::info);
    if (clock_.steady() - written_ >= write_every) write();
}

void CanaryKeeper::take(const CanaryOrder& order) {
    const bool same = order.begun == story_.order.begun && story_.state != "none";
    if (same && story_.state != "runs") return;  // it has ended, and a restart changes nothing
    if (!order.stopped_by.empty()) {
        if (!same) return;
        story_.order.stopped_by = order.stopped_by;
        return end("stopped", "", Severity::info);
    }
    if (!same) {
        canary_.stop();
        story_ = {};
    }
    begin(order);
}

void CanaryKeeper::begin(const CanaryOrder& order) {
    story_.order = order;
    if (clock_.now() >= order.until) return end("ended", "", Severity::info);
    auto shadow = shadow_of(order);
    if (!shadow) return end("refused", shadow.error().what, Severity::alarm);
    story_.state = "runs";
    canary_.start(*std::move(shadow), story_.report);
    journal_.event(Severity::info, "canary_runs",
                   {{"rules", order.rules},
                    {"digest", order.digest},
                    {"by", order.by},
                    {"until", to_rfc3339(order.until)}});
    write();
}

void CanaryKeeper::end(const char* state, std::string why, Severity severity) {
    if (canary_.runs() || !canary_.too_slow().empty()) story_.report = canary_.report();
    canary_.stop();
    story_.state = state;
    story_.why = std::move(why);
    journal_.event(severity, std::string("canary_") + state,
                   {{"rules", story_.order.rules},
                    {"messages", std::to_string(story_.report.messages)},
                    {"changed", std::to_string(story_.report.changed)},
                    {"why", story_.why}});
    write();
}

void CanaryKeeper::write() {
    if (canary_.runs()) story_.report = canary_.report();
    story_.at = clock_.now();
    written_ = clock_.steady();
    const auto done = replace_file(story_path_, to_json(story_));
    if (!done)
        journal_.event(Severity::warning, "canary_not_written", {{"why", done.error().what}});
}

void CanaryKeeper::leave() {
    if (story_.state == "runs") write();
}

}  // namespace bailiff
