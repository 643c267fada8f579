#include "src/pipeline/canary.hpp"

#include <algorithm>
#include <bailiff/guard.hpp>
#include <exception>
#include <numeric>

#include "src/decide/decide.hpp"

namespace bailiff {
namespace {

constexpr std::size_t symbols_max = 8;

bool of_rules(const Finding& finding) {
    return finding.families.is_only(Family::rules);
}

/// All that the other witnesses said, behind what the shadow set says.
Findings replaced(Findings shadow, const Findings& real) {
    std::ranges::copy_if(real, std::back_inserter(shadow),
                         [](const Finding& finding) { return !of_rules(finding); });
    return shadow;
}

std::vector<std::string> symbols_of(const Verdict& verdict) {
    std::vector<std::string> symbols;
    for (const auto& finding : verdict.findings)
        if (of_rules(finding) && symbols.size() < symbols_max) symbols.push_back(finding.symbol);
    return symbols;
}

ServiceRef service_of(const Attribution& attribution) {
    if (attribution.service) return attribution.service->ref();
    return attribution.vouched ? attribution.vouched->ref() : ServiceRef{};
}

AccountId account_of(const Attribution& attribution) {
    if (attribution.service) return attribution.service->account;
    return attribution.vouched ? attribution.vouched->account : AccountId{};
}

bool stops(const Plan& plan) {
    return plan.reply != Reply::Kind::proceed;
}

void gain(std::uint64_t& gained, std::uint64_t& lost, bool before, bool after) {
    if (after && !before) ++gained;
    if (before && !after) ++lost;
}

/// The row of a service; a full list gives up the one that was not seen for longest.
CanaryService& row_of(CanaryReport& report, const ServiceRef& service) {
    const auto found = report.services.find(service);
    if (found != report.services.end()) return found->second;
    if (report.services.size() >= CanaryReport::services_max) {
        report.services.erase(std::ranges::min_element(
            report.services, {}, [](const auto& row) { return row.second.last; }));
        ++report.unlisted;
    }
    return report.services[service];
}

}  // namespace

void Canary::start(std::shared_ptr<const Inspector> shadow, CanaryReport so_far) {
    const Lock lock(mutex_);
    shadow_ = std::move(shadow);
    report_ = std::move(so_far);
    times_.clear();
    too_slow_.clear();
    runs_ = true;
}

void Canary::stop() {
    const Lock lock(mutex_);
    runs_ = false;
    shadow_.reset();
}

std::string Canary::too_slow() const {
    const Lock lock(mutex_);
    return too_slow_;
}

CanaryReport Canary::report() const {
    const Lock lock(mutex_);
    return report_;
}

std::optional<ShadowSaid> Canary::compare(const Policy& policy, const Circumstances& now,
                                          const Submission& submission, const Message& message,
                                          const Judgement& real) noexcept {
    try {
        std::shared_ptr<const Inspector> shadow;
        {
            const Lock lock(mutex_);
            if (!shadow_) return std::nullopt;
            if (real.verdict.late) {
                ++report_.skipped;
                return std::nullopt;
            }
            shadow = shadow_;
        }
        return judge(*shadow, policy, now, submission, message, real);
    } catch (const std::exception&) {
        const Lock lock(mutex_);
        ++report_.errors;
        return std::nullopt;
    }
}

std::optional<ShadowSaid> Canary::judge(const Inspector& shadow, const Policy& policy,
                                        const Circumstances& now, const Submission& submission,
                                        const Message& message, const Judgement& real) {
    const auto begun = clock_.steady();
    auto findings = shadow.inspect(submission, message);
    const auto us =
        std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady() - begun).count();
    ShadowSaid said;
    said.verdict =
        decide(policy, real.attribution, replaced(std::move(findings), real.verdict.findings),
               {.door = now.door, .at = now.at, .on_probation = now.on_probation});
    auto enforced = now;
    enforced.strikes = 0;  // how many messages are suspect depends on the rules
    said.plan = plan(said.verdict, real.attribution, enforced);
    enforced.mode = Mode::enforce;
    const auto before = plan(real.verdict, real.attribution, enforced);
    const auto after = plan(said.verdict, real.attribution, enforced);
    const Lock lock(mutex_);
    if (shadow_.get() != &shadow) return said;  // ended, or another one, meanwhile
    took(us);
    add(submission, real, said, before, after);
    return said;
}

void Canary::took(std::int64_t us) {
    report_.us_total += static_cast<std::uint64_t>(us);
    report_.us_max = std::max(report_.us_max, static_cast<std::uint64_t>(us));
    times_.push_back(us);
    if (times_.size() > mean_of) times_.pop_front();
    const auto sum = std::accumulate(times_.begin(), times_.end(), std::int64_t{0});
    const auto one_max = std::chrono::microseconds(one_message_max).count();
    const auto sum_max = std::chrono::microseconds(mean_max).count() * std::int64_t{mean_of};
    if (us > one_max)
        too_slow_ = "one message took " + std::to_string(us / 1000) + " ms";
    else if (times_.size() == mean_of && sum > sum_max)
        too_slow_ = "the last " + std::to_string(mean_of) + " messages took " +
                    std::to_string(sum / std::int64_t{mean_of} / 1000) + " ms each";
    else
        return;
    runs_ = false;
    shadow_.reset();
}

void Canary::add(const Submission& submission, const Judgement& real, const ShadowSaid& said,
                 const Plan& before, const Plan& after) {
    ++report_.messages;
    ++report_.levels[static_cast<std::size_t>(real.verdict.level)]
                    [static_cast<std::size_t>(said.verdict.level)];
    for (const auto& finding : said.verdict.findings)
        if (of_rules(finding)) ++report_.hits[finding.symbol];
    gain(report_.stops_gained, report_.stops_lost, stops(before), stops(after));
    gain(report_.holds_gained, report_.holds_lost, before.hold_service, after.hold_service);
    if (real.verdict.level == said.verdict.level && before.path == after.path &&
        before.reply == after.reply && before.hold_service == after.hold_service)
        return;
    ++report_.changed;
    auto& row = row_of(report_, service_of(real.attribution));
    row.account = account_of(real.attribution);
    ++row.changed;
    gain(row.holds_gained, row.holds_lost, before.hold_service, after.hold_service);
    row.last = submission.envelope.received;
    row.door = submission.envelope.door;
    row.before = real.verdict.level;
    row.after = said.verdict.level;
    row.symbols = symbols_of(said.verdict);
}

void run_canary(Canary& canary, const Policy& policy, const Circumstances& now,
                const Submission& submission, const Message& message, Judgement& judgement) {
    auto said = canary.compare(policy, now, submission, message, judgement);
    if (!said || !guard_removed(Guard::canary_has_no_effect)) return;
    judgement.verdict = std::move(said->verdict);
    judgement.plan = judgement.if_late = std::move(said->plan);
}

}  // namespace bailiff
