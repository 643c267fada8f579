#include "tests/simulation/world.hpp"

#include <algorithm>
#include <utility>

namespace bailiff::simulation {

namespace {

using K = ActionKind;

/// What one path terminates or suspends, the other may suspend.
Settings settings_of(Chance& chance) {
    Settings settings;
    settings.mode = Mode::enforce;
    settings.milter.holds_per_hour = chance.below(4) == 0 ? 2 : 20;
    settings.rspamd.deadline = 3s;
    settings.behaviour.messages_per_minute = 1000;
    const std::vector<std::vector<PathStep>> zero_tolerance{
        {K::service_terminate, K::account_suspend, K::notify_team},
        {K::notify_team, K::service_terminate},
        {K::service_terminate, K::credential_reset, K::account_suspend},
        {K::service_suspend, K::service_terminate},
        {K::service_suspend, K::ticket_open},
        {{K::script_block, When::script}, K::service_terminate, K::notify_team},
        {K::account_suspend}};
    const auto harsh = chance.below(zero_tolerance.size());
    const bool suspends = chance.below(2) == 0;
    // Mostly, what is in the queue is held before anything else.
    const auto held_first = [&](std::vector<PathStep> steps) {
        if (chance.below(4) != 0) steps.insert(steps.begin(), K::queue_hold);
        return steps;
    };
    settings.paths = {{"zero_tolerance", held_first(zero_tolerance[harsh])},
                      {"compromised",
                       held_first({suspends ? K::service_suspend : K::credential_reset,
                                   {K::script_block, When::script},
                                   K::notify_team}),
                       chance.below(4) == 0}};
    return settings;
}

CarryOut::Options options_of(const Settings& settings, Chance& chance) {
    const std::vector<std::int64_t> budgets{1, 2, 4, 100};
    const std::vector<std::chrono::hours> claim_windows{1h, 3h, 8h};
    return {.mode = Mode::enforce,
            .budgets = {.actions_per_hour = chance.one_of(budgets),
                        .actions_per_rule = 1'000,
                        .terminations_per_day = 1'000},
            .claim_window = chance.one_of(claim_windows),
            .retry_first = 2s,
            .retry_ceiling = 10min,
            .paths = settings.paths};
}

}  // namespace

World::World(std::uint64_t seed, Plant plant)
    : plant_(plant),
      sky_(seed),
      settings_(settings_of(sky_.chance)),
      options_(options_of(settings_, sky_.chance)),
      tenants_(sky_),
      oracle_(disk_, tenants_, truth_, sky_),
      purges_(truth_, sky_),
      notes_(sky_),
      milter_(disk_, tenants_, notes_, sky_, settings_),
      enforcer_(disk_, tenants_, notes_, sky_,
                [this](const Order& order, Direction direction) {
                    oracle_.see(order, direction);
                    purges_.see(order, direction, enforcer_.panel);
                }),
      queue_oracle_(disk_, tenants_, enforcer_.queue, notes_, truth_, sky_) {
    sky_.wait = [this](Duration time) { wait(time); };
    sky_.later = [this](Duration delay, Work work) {
        concurrent_.emplace(sky_.clock.passed() + delay, std::move(work));
    };
    sky_.panel_goes_away = [this] {
        panel_is_away();
        at(sky_.clock.passed() + sky_.chance.between(2min, 6h), [this] { panel_is_back(); });
    };
    enforcer_.panel.changed = [this](const Order& order, const std::string& now) {
        purges_.changed(order.case_id, order.target, now);
    };
    enforcer_.queue.watch = [this](PostQueue::Deed deed, const Post& post) {
        queue_oracle_.see(deed, post);
    };
    enforcer_.eyes.says = [this](const Order& order) { queue_oracle_.hear(order); };
    enforcer_.eyes.acts = [this](const Order& order) {
        if (order.kind == ActionKind::queue_hold) oracle_.see(order, Direction::act);
        queue_oracle_.see(order);
    };
    for (const auto& path : settings_.paths) truth_.paths[path.name] = path.actions;
    truth_.claim_window = options_.claim_window;
    truth_.actions_per_hour = options_.budgets.actions_per_hour;
    enforcer_.panel.resets_tell = sky_.chance.below(2) == 0;
    milter_.shelf.forgets = plant == Plant::forgets;
    settle_customers();
    plan_honest_mail();
    for (int number = 0; number < incidents; ++number) plan_incident(number);
    plan_faults();
    at(1h, [this] { look_at_breaker(); });
}

const Chronicle& World::run() {
    start_enforcer();
    while (sky_.chronicle.found.empty() && step(span)) {
    }
    if (!sky_.chronicle.found.empty()) return sky_.chronicle;
    bring_everything_back();
    pass_until(span + 11min);
    oracle_.check_resolved(enforcer_.panel);
    pass_until(span + afterwards);
    if (!sky_.chronicle.found.empty()) return sky_.chronicle;
    if (plant_ == Plant::drifts) enforcer_.panel.drift(tenants_.rows.front().id.text());
    oracle_.check_end(enforcer_.panel);
    queue_oracle_.check_end();
    (void)disk_.read([this](const LedgerView& view) -> Result<void> {
        purges_.check_end(view, tenants_, enforcer_.panel);
        return {};
    });
    return sky_.chronicle;
}

std::int64_t World::chance_time() {
    return static_cast<std::int64_t>(sky_.chance.below(static_cast<std::size_t>(span.count())));
}

void World::wait(Duration time) {
    constexpr int depth_max = 3;
    const auto until = sky_.clock.passed() + time;
    ++waiting_;
    while (waiting_ <= depth_max && !concurrent_.empty() && concurrent_.begin()->first <= until) {
        auto event = concurrent_.extract(concurrent_.begin());
        if (event.key() > sky_.clock.passed()) sky_.clock.pass(event.key() - sky_.clock.passed());
        event.mapped()();
    }
    --waiting_;
    if (until > sky_.clock.passed()) sky_.clock.pass(until - sky_.clock.passed());
}

/// The next thing that happens before `until`.  Returns whether there was one.
bool World::step(Duration until) {
    const auto first = [](const auto& events) {
        return events.empty() ? Duration::max() : events.begin()->first;
    };
    const auto enforcer_at = enforcer_.lives() ? enforcer_at_ : Duration::max();
    const auto next = std::min({first(alone_), first(concurrent_), enforcer_at});
    if (next > until) return false;
    if (next > sky_.clock.passed()) sky_.clock.pass(next - sky_.clock.passed());
    ++sky_.chronicle.step;
    if (next == enforcer_at) {
        enforce();
    } else {
        auto& events = first(concurrent_) == next ? concurrent_ : alone_;
        auto event = events.extract(events.begin());
        event.mapped()();
        enforcer_at_ = std::min(enforcer_at_, sky_.clock.passed() + 1s);
    }
    see_to_the_enforcer();
    if (sky_.chronicle.step % 64 == 0) oracle_.check_promises();
    return true;
}

void World::pass_until(Duration when) {
    while (sky_.chronicle.found.empty() && step(when)) {
    }
    if (when > sky_.clock.passed()) sky_.clock.pass(when - sky_.clock.passed());
}

void World::enforce() {
    if (!asleep_) enforcer_.run();
    if (enforcer_.lives()) enforcer_at_ = sky_.clock.passed() + next_poll();
}

/// In a run, or over a decision at its desk.
void World::see_to_the_enforcer() {
    if (enforcer_.lives() || starts_) return;
    sky_.chronicle.meet("enforcer died");
    starts_ = true;
    const auto starts =
        std::max(sky_.clock.passed() + sky_.chance.between(1s, 60s), enforcer_.panel.hook_ends());
    at(starts, [this] { start_enforcer(); });
}

/// The role polls each second; here it sleeps as long as nothing can come due.
Duration World::next_poll() const {
    Duration wait = 10min;
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto first, view.outbox(1));
        if (!first.empty()) wait = std::clamp<Duration>(first[0].due - enforcer_.now(), 1s, 30s);
        return {};
    });
    return wait;
}

void World::start_enforcer() {
    if (truth_.clock_set > 1min) truth_.restarted_after_set = true;
    options_.mode = truth_.mode;
    starts_ = false;
    enforcer_.be_born(options_);
    enforcer_at_ = sky_.clock.passed();
    sky_.note("an enforcer starts in mode " + std::string(to_text(truth_.mode)));
}

void World::become_calm() {
    if (!before_calm_) before_calm_ = sky_.weather;
    sky_.weather = {.panel = 0, .state = 0, .ledger = 0, .queue = 0};
    calm_until_ = sky_.clock.passed() + 11min;
    enforcer_.life.disarm();
    milter_.life.disarm();
}

void World::end_calm() {
    if (ended_ || !before_calm_) return;
    sky_.weather = *std::exchange(before_calm_, std::nullopt);
    sky_.weather.panel_away = sky_.weather.ledger_away = sky_.weather.directory_away = false;
    sky_.weather.queue_away = false;
}

/// No more faults, and an enforcer that may act.
void World::bring_everything_back() {
    sky_.note("everything is back");
    become_calm();
    ended_ = true;
    calm_until_ = span + afterwards;
    sky_.clock.set_ahead(0ms);
    truth_.mode = Mode::enforce;
    start_enforcer();
    for (Duration time{0}; time < afterwards; time += std::chrono::hours(1))
        at(span + time, [this] { tenants_.imported = sky_.clock.truth(); });
}

}  // namespace bailiff::simulation
