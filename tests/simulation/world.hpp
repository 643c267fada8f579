#pragma once
// One simulated world: some days, some customers, twenty incidents, and everything that goes wrong.

#include <map>
#include <set>

#include "src/memory/ledger.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/purges.hpp"
#include "tests/simulation/queue_oracle.hpp"
#include "tests/simulation/roles.hpp"

namespace bailiff::simulation {

/// A mistake put into the world itself, so that the oracle is seen to find it.
enum class Plant {
    none,
    forgets,  ///< the milter's ledger calls durable what it has not written
    sleeps,   ///< the enforcer does nothing for ten minutes after the panel is back
    drifts,   ///< somebody terminates a service at the panel, and nobody knows
};

class World {
public:
    static constexpr int incidents = 20;
    static constexpr Duration span = std::chrono::hours(48);
    static constexpr Duration afterwards = std::chrono::hours(30);

    World(std::uint64_t seed, Plant plant);

    /// Of its history; before run().
    void keep_lines(std::size_t most) { sky_.chronicle.lines_max = most; }
    /// All of it, from the first incident to the last check.
    const Chronicle& run();

private:
    using Work = std::function<void()>;
    /// One mail, however often it is offered.
    struct Mail {
        ServiceId sender;
        std::string raw;
        bool by_login = false, by_uid = false;
        bool is_spam = false;  ///< two witnesses, in time
        bool has_script = false;
        int tries_left = 6;
    };

    // Time: world.cpp
    void wait(Duration time);
    void at(Duration when, Work work) { alone_.emplace(when, std::move(work)); }
    void any_time(Work work) { at(Duration(chance_time()), std::move(work)); }
    std::int64_t chance_time();
    bool step(Duration until);
    void pass_until(Duration when);
    void enforce();
    Duration next_poll() const;
    void see_to_the_enforcer();
    void start_enforcer();
    void become_calm();
    void end_calm();
    void bring_everything_back();

    // Customers, mail, persons: people.cpp
    void settle_customers();
    void plan_incident(int number);
    void plan_honest_mail();
    void send_honest(std::size_t sender, Duration when);
    void queue_up(const Mail& mail, const Envelope& envelope, bool held);
    void queue_shared(std::size_t sender);
    void offer(Mail mail);
    void promise(const Reply& reply);
    void decide_something();
    void order_purge();
    void look_at_breaker();
    void decide(const CaseId& id, Decision decision, int tries_left);
    std::optional<Case> some_case();

    // What goes wrong: faults.cpp
    void plan_faults();
    void plan_spells();
    void spell(int times, Duration least, Duration most, const Work& begins, const Work& ends);
    void plan_directory();
    void plan_clock();
    void plan_deaths();
    void unless_calm(const Work& work);
    void panel_is_away();
    void panel_is_back();
    std::size_t somebody_pending();
    void forge();
    void forge_case(Strength strength, Mode mode);
    void forge_purge();
    void forge_of_queue();
    void bring_back();
    std::optional<Action> some_purge();
    [[nodiscard]] std::size_t number_of(const ServiceId& id) const;
    void put(const Case* record, const Action& action);

    const Plant plant_;
    Sky sky_;
    Settings settings_;
    CarryOut::Options options_;
    MemoryLedger disk_;
    Tenants tenants_;
    Truth truth_;
    Oracle oracle_;
    Purges purges_;
    SentNotes notes_;
    Milter milter_;
    Enforcer enforcer_;
    QueueOracle queue_oracle_;

    std::multimap<Duration, Work> alone_;       ///< between the enforcer's runs
    std::multimap<Duration, Work> concurrent_;  ///< also while somebody waits
    Duration enforcer_at_{0};
    Duration calm_until_{-1};
    bool ended_ = false;
    bool asleep_ = false;
    bool starts_ = false;  ///< a dead enforcer is to be born again
    int waiting_ = 0;
    std::uint64_t serial_ = 0, honest_ = 0;
    std::uint32_t forged_ = 77;  ///< generation of the last forged entry; none overwrites another
    std::optional<Weather> before_calm_;
};

}  // namespace bailiff::simulation
