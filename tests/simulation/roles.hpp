#pragma once
// The two roles with all that is real in them: the judge, the enforcer and its desk.

#include <memory>
#include <optional>

#include "src/memory/counters.hpp"
#include "src/pipeline/carry_out.hpp"
#include "src/pipeline/desk.hpp"
#include "src/pipeline/judge.hpp"
#include "src/pipeline/own_time.hpp"
#include "src/pipeline/routed_effect.hpp"
#include "tests/simulation/panel.hpp"
#include "tests/simulation/post_queue.hpp"
#include "tests/simulation/shelf.hpp"
#include "tests/simulation/watched_queue.hpp"

namespace bailiff::simulation {

/// What an event of the journal leaves in the chronicle; a dead role says nothing.
class Diary final : public Journal {
public:
    Diary(const Life& life, Sky& sky) : life_(life), sky_(sky) {}
    void event(Severity severity, std::string_view name,
               std::initializer_list<Field> fields) noexcept override;

private:
    const Life& life_;
    Sky& sky_;
};

/// Judges messages; a dead one is born again with the next message, and remembers nothing.
class Milter {
public:
    Milter(Ledger& disk, const Directory& directory, SentMail& notes, Sky& sky,
           const Settings& settings);

    /// Nothing: it died, and the connection is lost.
    std::optional<Reply> take(const Submission& submission, bool asked_at_mail);

    Life life;
    Shelf shelf;

private:
    void be_born();
    void be_born_later();

    const Directory& directory_;
    SentMail& notes_;
    Sky& sky_;
    Diary diary_;
    Snapshots snapshots_;
    std::unique_ptr<RemoteInspector> rspamd_;
    std::unique_ptr<OwnTime> time_;
    std::unique_ptr<MemoryCounters> counters_;
    std::unique_ptr<Judge> judge_;
    int busy_ = 0;  ///< messages that it judges at this moment
};

/// Carries out, and is the desk. Whoever owns it lets it be born again.
class Enforcer {
public:
    Enforcer(Ledger& disk, const Directory& directory, const SentMail& notes, Sky& sky,
             Panel::Watch watch);

    void be_born(const CarryOut::Options& options);
    void end();
    [[nodiscard]] bool lives() const { return carry_out_ != nullptr && !life.dead(); }
    void run();
    /// Errors   those of the desk; unavailable: it is dead, or died over it.
    Result<CaseFile> decide(const CaseId& id, Decision decision);
    Result<ActionBreaker> reset_breaker();
    /// Its own time.
    [[nodiscard]] Instant now() const { return time_->now(); }

    Life life;
    Shelf shelf;
    Panel panel;
    PostQueue queue;
    WatchedQueue::Eyes eyes;  ///< on the queue's effect

private:
    const Directory& directory_;
    const SentMail& notes_;
    Sky& sky_;
    Diary diary_;
    std::unique_ptr<OwnTime> time_;
    std::unique_ptr<WatchedQueue> of_queue_;
    std::unique_ptr<RoutedEffect> effect_;
    std::unique_ptr<CarryOut> carry_out_;
    std::chrono::hours claim_window_{};
};

}  // namespace bailiff::simulation
