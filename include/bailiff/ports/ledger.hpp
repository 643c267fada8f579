#pragma once
// Cases, outbox, standings and log, changed together or not at all.

#include <bailiff/breaker.hpp>
#include <bailiff/case.hpp>
#include <bailiff/evidence.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// Why a service or an account stands as it does.
struct StandingRow {
    Standing standing = Standing::active;
    CaseId case_id;
    Instant since{};
    Instant probation_until{};  ///< lines are lower before it; long past: never reinstated
    bool operator==(const StandingRow&) const = default;
};

/// One leaf of the append-only log. Kind, digest and minute are published: no personal data.
struct Leaf {
    std::string kind;     ///< "case-open", "action", "seal": src/log/README.md has all
    std::string subject;  ///< case or action id; stays here
    Digest digest;        ///< SHA-256 of what it proves, and of `salt` behind it
    Instant at{};
    Digest salt{};  ///< random: nobody finds out by guessing what a digest is of
    bool operator==(const Leaf&) const = default;
};

/// A leaf that proves `content`, with a salt of its own.
[[nodiscard]] inline Leaf new_leaf(std::string kind, std::string subject, std::string content,
                                   Instant at) {
    const auto salt = fresh_salt();
    content.append(salt.bytes.begin(), salt.bytes.end());
    return {std::move(kind), std::move(subject), sha256(content), at, salt};
}

struct CaseFilter {
    std::optional<CaseState> state{};
    std::optional<ServiceId> service{};
    std::optional<Mode> mode{};
    std::optional<Instant> since{};  ///< opened then or later
    std::string rule{};              ///< a finding of this symbol weighs in it; empty: any
    std::string path{};              ///< empty: any
    std::size_t count = 100;         ///< at most
};

/// What the indexes cannot tell: `state` and `service` are theirs.
[[nodiscard]] inline bool fits(const Case& record, const CaseFilter& filter) {
    const auto weighs = [&](const Finding& finding) {
        return finding.symbol == filter.rule && finding.score > 0;
    };
    return (!filter.since || record.opened >= *filter.since) &&
           (!filter.mode || record.mode == *filter.mode) &&
           (filter.path.empty() || record.path == filter.path) &&
           (filter.rule.empty() || std::ranges::any_of(record.verdict.findings, weighs));
}

struct LedgerStats {
    std::uint64_t cases = 0;
    std::uint64_t leaves = 0;
    std::uint64_t outbox = 0;   ///< actions due or running
    std::uint64_t waiting = 0;  ///< actions that wait for a person: waiting, unknown, dead
    std::uint64_t unsealed = 0, unstamped = 0;
    std::uint64_t map_bytes = 0;
    std::uint64_t map_bytes_used = 0;
    std::uint64_t oldest_reader_lag = 0;  ///< transactions behind the last commit
};

/// Errors, all functions: corrupt (a record fails its checksum: the rest is served), unavailable.
class LedgerView {
public:
    virtual ~LedgerView() = default;
    [[nodiscard]] virtual Result<std::optional<Case>> find_case(const CaseId& id) const = 0;
    /// Newest first.
    [[nodiscard]] virtual Result<std::vector<Case>> cases(const CaseFilter& filter) const = 0;
    /// The case that a retry of the same content by the same service joins.
    [[nodiscard]] virtual Result<std::optional<CaseId>> case_by_fingerprint(
        const Digest& fingerprint) const = 0;
    /// The open case of this service on this path; `service.id` may be empty (nobody).
    [[nodiscard]] virtual Result<std::optional<CaseId>> open_case(const ServiceRef& service,
                                                                  std::string_view path) const = 0;
    /// The raw message of a case, or what it is sealed as.  Errors   not_found.
    [[nodiscard]] virtual Result<std::string> message(const CaseId& id) const = 0;
    /// Active, if nothing was ever written.
    [[nodiscard]] virtual Result<StandingRow> standing(const ServiceRef& service) const = 0;
    [[nodiscard]] virtual Result<StandingRow> standing(const AccountId& account) const = 0;
    [[nodiscard]] virtual Result<std::optional<Action>> find_action(const ActionId& id) const = 0;
    /// In order of sequence.
    [[nodiscard]] virtual Result<std::vector<Action>> actions_of(const CaseId& id) const = 0;
    /// Actions in state `due` or `running`, in order of due time, all accounts.
    [[nodiscard]] virtual Result<std::vector<Action>> outbox(std::size_t count) const = 0;
    /// How many actions on services and accounts were started at or after `since`, and not after
    /// `until`: what a clock that was set back has left in the future counts no more then.
    [[nodiscard]] virtual Result<std::uint64_t> effects_since(
        Instant since, Instant until = Instant::max()) const = 0;
    /// The same ones, oldest first.
    [[nodiscard]] virtual Result<std::vector<EffectRow>> effects(
        Instant since, Instant until = Instant::max()) const = 0;
    /// How many services were put to `held` by the milter in that time.
    [[nodiscard]] virtual Result<std::uint64_t> holds_since(
        Instant since, Instant until = Instant::max()) const = 0;
    /// Closed, if nothing was ever written.
    [[nodiscard]] virtual Result<ActionBreaker> breaker() const = 0;
    [[nodiscard]] virtual Result<std::optional<RuleAge>> rule_age(std::string_view rule) const = 0;
    /// Leaves from number `first` on, at most `count`.
    [[nodiscard]] virtual Result<std::vector<Leaf>> leaves(std::uint64_t first,
                                                           std::size_t count) const = 0;
    /// Of one bag, in order of path, without the message.
    [[nodiscard]] virtual Result<std::vector<Exhibit>> exhibits(const CaseId& id,
                                                                std::uint32_t bag) const = 0;
    /// The bytes of one, or what they are sealed as.  Errors   not_found.
    [[nodiscard]] virtual Result<std::string> exhibit(const CaseId& id, std::uint32_t bag,
                                                      std::string_view path) const = 0;
    /// In order of number.
    [[nodiscard]] virtual Result<std::vector<Seal>> seals(const CaseId& id) const = 0;
    /// Cases with changes that no seal covers, in order of id, those behind `after`.
    [[nodiscard]] virtual Result<std::vector<Unsealed>> unsealed(const CaseId& after,
                                                                 std::size_t count) const = 0;
    /// Of one case; 0: its seal covers all.
    [[nodiscard]] virtual Result<std::uint64_t> changes_since_seal(const CaseId& id) const = 0;
    [[nodiscard]] virtual Result<std::vector<Unstamped>> unstamped(std::size_t count) const = 0;
    [[nodiscard]] virtual Result<LedgerStats> stats() const = 0;
};

/// A write transaction: sees its own writes. No computing, waiting or I/O inside it.
class LedgerTxn : public LedgerView {
public:
    /// Inserts or replaces; keeps the indexes (fingerprint, open case, outbox) right. The case is
    /// `unsealed` then, as it is after put_action().
    [[nodiscard]] virtual Result<void> put_case(const Case& changed) = 0;
    [[nodiscard]] virtual Result<void> put_message(const CaseId& id, std::string_view raw) = 0;
    [[nodiscard]] virtual Result<void> put_action(const Action& action) = 0;
    [[nodiscard]] virtual Result<void> put_standing(const ServiceRef& service,
                                                    const StandingRow& row) = 0;
    [[nodiscard]] virtual Result<void> put_standing(const AccountId& account,
                                                    const StandingRow& row) = 0;
    /// One more effect was started, or one more service held: what budgets count.
    [[nodiscard]] virtual Result<void> count_effect(const EffectRow& effect) = 0;
    [[nodiscard]] virtual Result<void> count_hold(const CaseId& id, Instant at) = 0;
    [[nodiscard]] virtual Result<void> put_breaker(const ActionBreaker& breaker) = 0;
    [[nodiscard]] virtual Result<void> put_rule_age(std::string_view rule, const RuleAge& age) = 0;
    /// Returns its number.
    [[nodiscard]] virtual Result<std::uint64_t> append_leaf(const Leaf& leaf) = 0;
    /// Inserts or replaces one file of a bag; `bytes` may be sealed.
    [[nodiscard]] virtual Result<void> put_exhibit(const CaseId& id, std::uint32_t bag,
                                                   const Exhibit& exhibit,
                                                   std::string_view bytes) = 0;
    /// Inserts or replaces; unstamped as long as its stamp is empty.
    [[nodiscard]] virtual Result<void> put_seal(const CaseId& id, const Seal& seal) = 0;
    /// All of the case's changes up to this count are covered: others keep it `unsealed`.
    [[nodiscard]] virtual Result<void> set_sealed(const CaseId& id, std::uint64_t changes) = 0;
};

/// What is done to the ledger.
using LedgerChange = std::function<Result<void>(LedgerTxn&)>;

/// Threads  any.
class Ledger {
public:
    virtual ~Ledger() = default;

    /// Runs `change` in one write transaction, on the writer's thread; durable when it returns.
    /// Whatever `change` returns as an error aborts the transaction. `change` may run after the
    /// caller has given up only if the error was not `unavailable`; it must own what it touches.
    /// Errors   those of `change`; unavailable: not written, within limits::commit_wait_max;
    ///          exhausted: map or disk full; internal: the outcome is not known. In this last case
    ///          `unheard` runs as soon as it can be written, in a transaction of its own and
    ///          whether or not `change` was committed: it finds out, and must own what it touches.
    [[nodiscard]] virtual Result<void> update(LedgerChange change, LedgerChange unheard = {}) = 0;

    /// Runs `look` in one read transaction. Keep it short.
    [[nodiscard]] virtual Result<void> read(
        const std::function<Result<void>(const LedgerView&)>& look) const = 0;
};

}  // namespace bailiff
