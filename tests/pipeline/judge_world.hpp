#pragma once
// A judge with everything real but the outside: memory ledger, directory and counters, rules and an
// rspamd that say what the test wants.

#include <bailiff/digest.hpp>
#include <string>
#include <utility>
#include <vector>

#include "src/memory/counters.hpp"
#include "src/memory/directory.hpp"
#include "src/memory/ledger.hpp"
#include "src/message/parse.hpp"
#include "src/pipeline/judge.hpp"
#include "src/seal/ids.hpp"

namespace bailiff::judging {

class StillClock final : public Clock {
public:
    Instant instant = *parse_rfc3339("2026-06-01T12:00:00Z");
    SteadyInstant steady_instant{};
    [[nodiscard]] Instant now() const override { return instant; }
    [[nodiscard]] SteadyInstant steady() const override { return steady_instant; }
    void pass(std::chrono::milliseconds time) {
        instant += time;
        steady_instant += time;
    }
};

class CountingEntropy final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes) byte = next_++;
    }

private:
    std::uint8_t next_ = 1;
};

class SilentJournal final : public Journal {
public:
    std::vector<std::string> alarms;
    void event(Severity severity, std::string_view name,
               std::initializer_list<Field>) noexcept override {
        if (severity == Severity::alarm) alarms.emplace_back(name);
    }
};

/// Says the same of every message.
class FixedRules final : public Inspector {
public:
    explicit FixedRules(Findings findings) : findings_(std::move(findings)) {}
    [[nodiscard]] Findings inspect(const Submission&, const Message&) const override {
        return findings_;
    }

private:
    Findings findings_;
};

/// Answers at once, or lets the clock run past every deadline first.
class FixedRspamd final : public RemoteInspector {
public:
    FixedRspamd(Findings findings, StillClock& clock)
        : findings_(std::move(findings)), clock_(clock) {}
    std::chrono::milliseconds delay{0};

    [[nodiscard]] std::unique_ptr<PendingFindings> ask(const Submission&, SteadyInstant) override {
        struct Pending final : PendingFindings {
            FixedRspamd& witness;
            explicit Pending(FixedRspamd& of) : witness(of) {}
            [[nodiscard]] Findings wait() override {
                witness.clock_.steady_instant += witness.delay;
                return witness.findings_;
            }
        };
        return std::make_unique<Pending>(*this);
    }

private:
    Findings findings_;
    StillClock& clock_;
};

/// A ledger whose writes fail while `broken`, and reads while `silent`.
class FragileLedger final : public Ledger {
public:
    bool broken = false;
    bool silent = false;
    bool gives_up = false;  ///< commits, and tells its caller that the outcome is not known
    std::function<void()> before_change;  ///< what happens while the change is queued
    [[nodiscard]] Result<void> update(LedgerChange change, LedgerChange unheard = {}) override {
        if (broken) return fail(Fault::exhausted, "the map is full");
        if (before_change) before_change();
        auto done = inner_.update(std::move(change));
        if (!gives_up || !unheard) return done;
        BAILIFF_CHECK(inner_.update(std::move(unheard)));
        return fail(Fault::internal, "the outcome is not known");
    }
    [[nodiscard]] Result<void> read(
        const std::function<Result<void>(const LedgerView&)>& look) const override {
        if (silent) return fail(Fault::internal, "the ledger cannot be read");
        return inner_.read(look);
    }

private:
    MemoryLedger inner_;
};

inline Service service(const char* id, const char* login, const char* uid,
                       const char* created = "2024-01-01") {
    Service result;
    result.id = *ServiceId::parse(id);
    result.account = *AccountId::parse(std::string("acct-") + id);
    result.created = *parse_rfc3339(created);
    result.identities = {{IdentityKind::login, login, {}, {}}, {IdentityKind::uid, uid, {}, {}}};
    return result;
}

inline Settings settings(Mode mode) {
    Settings result;
    result.mode = mode;
    result.milter.holds_per_hour = 20;
    result.rspamd.deadline = std::chrono::seconds(3);
    result.behaviour.messages_per_minute = 1000;
    result.paths = {
        {"zero_tolerance", {ActionKind::service_terminate, ActionKind::account_suspend}},
        {"compromised", {ActionKind::credential_reset}}};
    return result;
}

inline const Findings spam{{Family::rules, "SPAMMY", 9000, "looks like spam"}};
inline const Findings more_spam{{Family::rspamd, "PHISHING", 9000, "so it does"}};

struct World {
    StillClock clock;
    CountingEntropy entropy;
    SilentJournal journal;
    MemoryDirectory directory;
    FragileLedger ledger;
    MemoryCounters counters;
    FixedRspamd rspamd;
    Snapshots snapshots;
    int woken = 0;
    int sealed = 0;  ///< files
    Judge judge;

    World(Settings with, Findings rules, Findings remote,
          std::vector<Service> services = {service("shop", "shop@shop.example", "33001"),
                                           service("blog", "blog@blog.example", "33002")})
        : directory(std::move(services), clock.now()),
          rspamd(std::move(remote), clock),
          snapshots(std::make_shared<const Snapshot>(Snapshot{
              std::move(with), std::make_shared<FixedRules>(std::move(rules)), "digest", {}})),
          judge({.snapshots = snapshots,
                 .directory = directory,
                 .ledger = ledger,
                 .counters = counters,
                 .rspamd = &rspamd,
                 .clock = clock,
                 .journal = journal,
                 .makers = {[this] { return new_case_id(entropy); }, action_id,
                            [this](std::string_view plain, const CaseId&, std::string_view) {
                                ++sealed;
                                return std::string(plain);
                            }},
                 .wake_enforcer = [this] { ++woken; }}) {
        prepare_parser();
    }

    [[nodiscard]] std::vector<Case> cases() const {
        std::vector<Case> found;
        (void)ledger.read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(found, view.cases({}));
            return {};
        });
        return found;
    }
    [[nodiscard]] std::vector<Action> actions() const {
        std::vector<Action> found;
        (void)ledger.read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(found, view.outbox(100));
            return {};
        });
        return found;
    }
    [[nodiscard]] ActionBreaker breaker() const {
        ActionBreaker found;
        (void)ledger.read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(found, view.breaker());
            return {};
        });
        return found;
    }
    [[nodiscard]] Standing standing(const Service& of) const {
        StandingRow row;
        (void)ledger.read([&](const LedgerView& view) -> Result<void> {
            BAILIFF_TRY(row, view.standing(of.ref()));
            return {};
        });
        return row.standing;
    }
    /// How a person's decision reaches the ledger.
    void set_case_state(const CaseId& id, CaseState state) {
        (void)ledger.update([=](LedgerTxn& txn) -> Result<void> {
            BAILIFF_TRY(auto record, txn.find_case(id));
            record->state = state;
            BAILIFF_CHECK(txn.put_standing(record->service, StandingRow{}));
            return txn.put_case(*record);
        });
    }
};

inline Submission mail(Door door, const std::string& login, std::optional<std::uint32_t> uid,
                       const std::string& text = "Buy now") {
    Submission submission;
    auto& envelope = submission.envelope;
    envelope.door = door;
    envelope.login = login;
    envelope.uid = uid;
    envelope.client_address = door == Door::local ? "127.0.0.1" : "198.51.100.7";
    envelope.mail_from = "sender@shop.example";
    envelope.rcpt_to = {"victim@dest.example"};
    envelope.rcpt_count = 1;
    envelope.queue_id = "4jQUEUEID1";
    envelope.received = *parse_rfc3339("2026-06-01T12:00:00Z");
    submission.raw = "Subject: " + text + "\r\nFrom: sender@shop.example\r\n\r\n" + text + "\r\n";
    return submission;
}
inline Submission by_login(const std::string& login, const std::string& text = "Buy now") {
    return mail(Door::submission, login, {}, text);
}
inline Submission by_uid(std::uint32_t uid, const std::string& text = "Buy now") {
    return mail(Door::local, "", uid, text);
}

}  // namespace bailiff::judging
