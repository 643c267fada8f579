// What goes wrong in one world, and when.
#include "tests/simulation/world.hpp"

#include <utility>

#include "src/pipeline/crash_point.hpp"
#include "src/seal/ids.hpp"

namespace bailiff::simulation {

namespace {

/// Those of judge.cpp; the stations have points of their own.
const std::vector<std::string> milter_points{"eom",       "ask",       "parse",  "identify",
                                             "rules",     "behaviour", "rspamd", "decide",
                                             "recording", "recorded"};

}  // namespace

void World::plan_faults() {
    plan_spells();
    plan_directory();
    plan_clock();
    plan_deaths();
    for (int i = 0; i < 3; ++i) any_time([this] { unless_calm([this] { forge(); }); });
    for (int i = 0; i < 2; ++i) any_time([this] { unless_calm([this] { forge_purge(); }); });
    for (int i = 0; i < 4; ++i) any_time([this] { unless_calm([this] { forge_of_queue(); }); });
    if (sky_.chance.below(2) == 0)
        for (int i = 0; i < 6; ++i) any_time([this] { bring_back(); });
}

/// While the oracle waits for what must be resolved, nothing else goes wrong.
void World::unless_calm(const Work& work) {
    if (ended_) return;
    if (sky_.clock.passed() > calm_until_) return work();
    at(calm_until_ + sky_.chance.between(1s, 10min), [this, work] { unless_calm(work); });
}

void World::spell(int times, Duration least, Duration most, const Work& begins, const Work& ends) {
    for (int i = 0; i < times; ++i)
        any_time([this, least, most, begins, ends] {
            unless_calm([this, least, most, begins, ends] {
                begins();
                at(sky_.clock.passed() + sky_.chance.between(least, most), ends);
            });
        });
}

void World::plan_spells() {
    auto& weather = sky_.weather;
    spell(
        5, 2min, 6h, [this] { panel_is_away(); }, [this] { panel_is_back(); });
    spell(
        2, 10s, 10min,
        [this, &weather] {
            weather.ledger_away = true;
            sky_.chronicle.meet("ledger away");
        },
        [&weather] { weather.ledger_away = false; });
    spell(
        1, 1min, 2h,
        [this, &weather] {
            weather.directory_away = true;
            sky_.chronicle.meet("directory away");
        },
        [&weather] { weather.directory_away = false; });
    spell(
        2, 1min, 2h,
        [this, &weather] {
            weather.queue_away = true;
            sky_.chronicle.meet("queue away");
        },
        [&weather] { weather.queue_away = false; });
    if (sky_.chance.below(2) == 0) return;
    spell(
        1, 1h, 6h,
        [this] {
            sky_.chronicle.meet("mode observe");
            truth_.mode = Mode::observe;
            start_enforcer();
        },
        [this] {
            truth_.mode = Mode::enforce;
            start_enforcer();
        });
}

void World::panel_is_away() {
    sky_.weather.panel_away = true;
    sky_.note("the panel is away");
    sky_.chronicle.meet("panel away");
}

/// Then, more often than not, ten calm minutes in which everything must be asked.
void World::panel_is_back() {
    if (ended_) return;
    sky_.weather.panel_away = false;
    sky_.note("the panel is back");
    if (sky_.chance.below(4) == 0) return;
    become_calm();
    asleep_ = plant_ == Plant::sleeps;
    at(sky_.clock.passed() + 10min, [this, until = calm_until_] {
        if (calm_until_ != until) return;  // it went away and came back once more
        sky_.chronicle.meet("asked after the panel was back");
        oracle_.check_resolved(enforcer_.panel);
        asleep_ = false;
        end_calm();
    });
}

/// Imports, protection that comes and goes, and ids that a new customer gets.
void World::plan_directory() {
    auto& chance = sky_.chance;
    Duration stops = span, goes_on = span;
    if (chance.below(2) == 0) {
        stops = Duration(chance_time()) / 3;
        goes_on = stops + 25h + chance.between(0s, 12h);
        sky_.chronicle.meet("imports stop");
    }
    for (Duration when{0}; when < span; when += chance.between(30min, 3h))
        if (when < stops || when > goes_on)
            at(when, [this] { tenants_.imported = sky_.clock.truth(); });
    for (int i = 0; i < 5; ++i)
        any_time([this] {
            const auto which = somebody_pending();
            tenants_.rows[which].is_protected = true;
            sky_.note(tenants_.rows[which].id.text() + " is protected");
            sky_.chronicle.meet("protection comes");
            at(sky_.clock.passed() + sky_.chance.between(10min, 8h),
               [this, which] { tenants_.rows[which].is_protected = false; });
        });
    for (int i = 0; i < 3; ++i)
        any_time([this] {
            auto which = somebody_pending();
            if (const auto purge = some_purge(); purge && sky_.chance.below(2) == 0) {
                sky_.chronicle.meet("id of a new customer before its purge");
                which = number_of(purge->service.id);
            }
            auto& row = tenants_.rows[which];
            row.created = sky_.clock.truth();
            enforcer_.panel.give_away(row.id.text());
            purges_.given_away(row.id.text());
            sky_.note(row.id.text() + " is a new customer's");
            sky_.chronicle.meet("id of a new customer");
        });
}

/// Any service; where something is under way, rather the one that it is about.
std::size_t World::somebody_pending() {
    std::vector<Action> pending;
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(pending, view.outbox(10));
        return {};
    });
    const auto any = sky_.chance.below(tenants_.rows.size());
    if (pending.empty() || sky_.chance.below(4) == 0) return any;
    return number_of(sky_.chance.one_of(pending).service.id);
}

std::size_t World::number_of(const ServiceId& id) const {
    return static_cast<std::size_t>(&tenants_.of(id) - tenants_.rows.data());
}

void World::plan_clock() {
    if (sky_.chance.below(3) != 0) return;
    any_time([this] {
        auto by = sky_.chance.below(2) == 0 ? sky_.chance.between(1s, 50s)
                                            : sky_.chance.between(2min, 5h);
        truth_.clock_set = by;
        if (sky_.chance.below(2) == 0) by = -by;
        sky_.clock.set_ahead(by);
        sky_.note("the clock is set by " + std::to_string(by.count()) + " ms");
        sky_.chronicle.meet(by.count() < 0 ? "clock set back" : "clock set ahead");
    });
}

void World::plan_deaths() {
    const auto deaths = [this](int times, Life& life, const std::vector<std::string>& points) {
        for (int i = 0; i < times; ++i)
            any_time([this, &life, point = sky_.chance.one_of(points)] {
                unless_calm([this, &life, point] {
                    const auto most = point.empty() ? 60U : 3U;
                    life.die_at(point, static_cast<int>(1 + sky_.chance.below(most)));
                });
            });
    };
    std::vector<std::string> points(crash_points.begin(), crash_points.end());
    points.insert(points.end(), 4, "");
    deaths(20, enforcer_.life, points);
    points = milter_points;
    points.insert(points.end(), 2, "");
    deaths(6, milter_.life, points);
}

/// The milter's user can write the outbox: entries that no case bears.
void World::forge() {
    const auto victim = sky_.chance.one_of(tenants_.rows);
    const auto genuine = some_case();
    Action action;
    action.service = {victim.id, victim.created};
    action.account = victim.account;
    action.kind = ActionKind::service_terminate;
    action.target = victim.id.text();
    action.due = action.changed = sky_.clock.now();
    action.sequence = 90;
    sky_.chronicle.meet("forged entry");
    switch (sky_.chance.below(4)) {
        case 0:  // without a case
            action.case_id = *truth_.orphans.insert(new_case_id(sky_.chance)).first;
            return put(nullptr, action);
        case 1:
            return forge_case(Strength::asserted, Mode::enforce);
        case 2:
            return forge_case(Strength::proven, Mode::observe);
        default:  // of a case of somebody else, or of one that does not bear it
            if (!genuine) return;
            action.case_id = genuine->id;
            if (sky_.chance.below(3) == 0) action.direction = Direction::undo;
            return put(nullptr, action);
    }
}

void World::forge_case(Strength strength, Mode mode) {
    const auto victim = sky_.chance.one_of(tenants_.rows);
    Case record;
    record.id = new_case_id(sky_.chance);
    record.opened = sky_.clock.now();
    record.path = settings_.paths[0].name;
    record.mode = mode;
    record.strength = strength;
    record.service = {victim.id, victim.created};
    record.account = victim.account;
    Action action;
    action.case_id = record.id;
    action.service = record.service;
    action.account = record.account;
    action.kind = settings_.paths[0].actions.front().kind;
    action.target =
        action.kind == ActionKind::account_suspend ? victim.account.text() : victim.id.text();
    action.due = action.changed = sky_.clock.now();
    put(&record, action);
}

/// Of a case that may well be rejected, and whose purge a person may well have ordered.
void World::forge_purge() {
    auto genuine = some_case();
    for (int looks = 0; genuine && looks < 4; ++looks) {
        if (truth_.purges_ordered.contains(genuine->id)) break;
        genuine = some_case();
    }
    if (!genuine) return;
    sky_.chronicle.meet("forged purge");
    Action action;
    action.case_id = genuine->id;
    action.service = genuine->service;
    action.account = genuine->account;
    action.kind = ActionKind::service_purge;
    action.target = genuine->service.id.text();
    action.due = action.changed = sky_.clock.now();
    action.sequence = sky_.chance.below(2) == 0 ? 0 : 91;  // before the genuine one, or behind it
    put(nullptr, action);
}

/// Of mail that a case names, or of any other.
void World::forge_of_queue() {
    const auto genuine = some_case();
    const auto& queued = enforcer_.queue.all();
    if (!genuine || queued.empty()) return;
    sky_.chronicle.meet("forged order for the queue");
    Action action;
    action.case_id = genuine->id;
    action.service = genuine->service;
    action.account = genuine->account;
    action.kind = sky_.chance.below(2) == 0 ? ActionKind::queue_delete : ActionKind::queue_release;
    const auto some = static_cast<std::ptrdiff_t>(sky_.chance.below(queued.size()));
    action.target = std::next(queued.begin(), some)->first;
    if (!genuine->held.empty() && sky_.chance.below(4) != 0)
        action.target = sky_.chance.one_of(genuine->held).queue_id;
    action.due = action.changed = sky_.clock.now();
    action.sequence = 92;
    put(nullptr, action);
}

/// A purge that is ordered and has not been carried out.
std::optional<Action> World::some_purge() {
    std::vector<Action> pending;
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(pending, view.outbox(100));
        return {};
    });
    std::erase_if(pending,
                  [](const Action& action) { return action.kind != ActionKind::service_purge; });
    if (pending.empty()) return std::nullopt;
    return sky_.chance.one_of(pending);
}

/// In the panel, what bailiff is about to destroy.
void World::bring_back() {
    const auto purge = some_purge();
    if (!purge) return;
    const auto& id = purge->target;
    if (enforcer_.panel.at(ActionTarget::service, id) != "terminated") return;
    enforcer_.panel.bring_back(id);
    purges_.changed({}, id, "active");
    sky_.note(id + " is brought back by hand");
    sky_.chronicle.meet("brought back by hand before its purge");
}

void World::put(const Case* record, const Action& action) {
    auto entry = action;
    entry.id = action_id(entry.case_id, entry.direction, entry.kind, entry.target, ++forged_);
    (void)disk_.update([&](LedgerTxn& txn) -> Result<void> {
        if (record != nullptr) {
            BAILIFF_CHECK(txn.put_case(*record));
            BAILIFF_CHECK(txn.put_message(record->id, "forged"));
        }
        return txn.put_action(entry);
    });
    sky_.note("forged: " + std::string(to_text(entry.kind)) + " " + entry.target + " for " +
              entry.case_id.text());
}

}  // namespace bailiff::simulation
