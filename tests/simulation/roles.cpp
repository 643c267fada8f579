#include "tests/simulation/roles.hpp"

#include <utility>

#include "src/message/parse.hpp"
#include "src/seal/ids.hpp"

namespace bailiff::simulation {

namespace {

bool says(const Submission& submission, std::string_view mark) {
    return submission.raw.find(mark) != std::string::npos;
}

/// The first witness: believes what the message says of itself.
class Rules final : public Inspector {
public:
    [[nodiscard]] Findings inspect(const Submission& submission, const Message&) const override {
        if (!says(submission, "rules=spam")) return {};
        return {{Family::rules, "SPAMMY", 9000, "looks like spam"}};
    }
};

/// The second one; a slow one answers when nobody waits any more.
class Rspamd final : public RemoteInspector {
public:
    explicit Rspamd(Sky& sky) : sky_(sky) {}
    [[nodiscard]] std::unique_ptr<PendingFindings> ask(const Submission& submission,
                                                       SteadyInstant) override {
        struct Pending final : PendingFindings {
            Pending(Sky& of, const Submission& what) : sky(of), submission(what) {}
            Sky& sky;
            const Submission& submission;
            [[nodiscard]] Findings wait() override {
                const bool slow = says(submission, "rspamd=slow");
                sky.wait(slow ? sky.chance.between(8500ms, 12s) : sky.chance.between(5ms, 2s));
                if (!slow && !says(submission, "rspamd=spam")) return {};
                return {{Family::rspamd, "PHISHING", 9000, "so it does"}};
            }
        };
        return std::make_unique<Pending>(sky_, submission);
    }

private:
    Sky& sky_;
};

}  // namespace

void Diary::event(Severity severity, std::string_view name,
                  std::initializer_list<Field> fields) noexcept {
    if (life_.dead()) return;
    std::string line = severity == Severity::alarm ? "  ALARM " : "  ";
    line += name;
    for (const auto& field : fields)
        line.append(" ").append(field.key).append("=").append(field.value.substr(0, 80));
    sky_.note(line);
    if (severity == Severity::alarm) sky_.chronicle.meet("alarm");
    if (name == "held_by_another_case" || name == "breaker_open" || name == "directory_is_stale" ||
        name == "service_is_protected" || name == "service_is_another" ||
        name == "case_is_not_right" || name == "claim_window_is_open" ||
        name == "service_is_not_terminated")
        sky_.chronicle.meet("stopped: " + std::string(name));
}

Milter::Milter(Ledger& disk, const Directory& directory, SentMail& notes, Sky& sky,
               const Settings& settings)
    : life(sky.chronicle),
      shelf(disk, life, sky),
      directory_(directory),
      notes_(notes),
      sky_(sky),
      diary_(life, sky),
      snapshots_(std::make_shared<const Snapshot>(
          Snapshot{settings, std::make_shared<Rules>(), "digest", {}})),
      rspamd_(std::make_unique<Rspamd>(sky)) {
    prepare_parser();
    be_born();
}

void Milter::be_born() {
    shelf.forget();
    life.be_born();
    counters_ = std::make_unique<MemoryCounters>();
    time_ = std::make_unique<OwnTime>(sky_.clock);
    judge_ = std::make_unique<Judge>(
        JudgeParts{.snapshots = snapshots_,
                   .directory = directory_,
                   .ledger = shelf,
                   .counters = *counters_,
                   .rspamd = rspamd_.get(),
                   .clock = *time_,
                   .journal = diary_,
                   .makers = {[this] { return new_case_id(sky_.chance); }, action_id},
                   .wake_enforcer = {},
                   .sent = &notes_});
}

std::optional<Reply> Milter::take(const Submission& submission, bool asked_at_mail) {
    if (life.dead()) return std::nullopt;  // its last call has not returned yet
    const Living as_this(life);
    ++busy_;
    auto reply = asked_at_mail ? judge_->admit(submission.envelope) : Reply{};
    if (reply.kind == Reply::Kind::proceed) reply = judge_->judge(submission);
    --busy_;
    if (!life.dead()) return reply;
    sky_.note("the milter has died");
    be_born_later();
    return std::nullopt;
}

void Milter::be_born_later() {
    sky_.later(1s, [this] {
        if (!life.dead()) return;
        if (busy_ > 0) return be_born_later();
        be_born();
    });
}

Enforcer::Enforcer(Ledger& disk, const Directory& directory, const SentMail& notes, Sky& sky,
                   Panel::Watch watch)
    : life(sky.chronicle),
      shelf(disk, life, sky),
      panel(life, sky, std::move(watch)),
      queue(life, sky),
      directory_(directory),
      notes_(notes),
      sky_(sky),
      diary_(life, sky) {}

void Enforcer::be_born(const CarryOut::Options& options) {
    end();
    life.be_born();
    claim_window_ = options.claim_window;
    time_ = std::make_unique<OwnTime>(sky_.clock);
    of_queue_ =
        std::make_unique<WatchedQueue>(QueueEffect(queue, directory_, &notes_, *time_), eyes, sky_);
    effect_ = std::make_unique<RoutedEffect>(panel, *of_queue_);
    carry_out_ = std::make_unique<CarryOut>(shelf, directory_, *effect_, *time_, diary_,
                                            sky_.chance, options);
}

void Enforcer::end() {
    shelf.forget();
    carry_out_.reset();
}

void Enforcer::run() {
    const Living as_this(life);
    carry_out_->run_due();
    if (!life.dead()) return;
    sky_.note("the enforcer has died");
    end();
}

Result<ActionBreaker> Enforcer::reset_breaker() {
    if (!lives()) return fail(Fault::unavailable, "the enforcer is away");
    const Living as_this(life);
    try {
        LedgerDesk desk(shelf, *time_, *effect_, {.action_id = action_id});
        return desk.reset_breaker({"a person", "looked at all"});
    } catch (const Died&) {
        return fail(Fault::unavailable, "the connection is lost");
    }
}

Result<CaseFile> Enforcer::decide(const CaseId& id, Decision decision) {
    if (!lives()) return fail(Fault::unavailable, "the enforcer is away");
    const Living as_this(life);
    try {
        LedgerDesk desk(shelf, *time_, *effect_,
                        {.action_id = action_id, .claim_window = claim_window_});
        return desk.decide(id, decision, {"a person", "looked at it"});
    } catch (const Died&) {
        return fail(Fault::unavailable, "the connection is lost");
    }
}

}  // namespace bailiff::simulation
