#pragma once

#include <atomic>
#include <bailiff/ports/ledger.hpp>

#include "lmdb/codec.hpp"
#include "lmdb/ledger_tables.hpp"

namespace bailiff::lmdb {

/// What both kinds of transaction stand on.
struct LedgerContext {
    const Environment& environment;
    const LedgerTables& tables;
    std::atomic<std::uint64_t>& corrupt_seen;  ///< records that a listing had to pass over
};

/// All reading functions of the ledger, for `Port` = LedgerView or LedgerTxn.
/// Errors   corrupt: the record asked for fails its checksum. Listings of many cases (cases(),
///          outbox()) pass over such a record and count it: the rest is served.
template <class Port>
class LedgerReads : public Port {
public:
    LedgerReads(const LedgerContext& context, Txn& txn) : context_(context), txn_(txn) {}

    [[nodiscard]] Result<std::optional<Case>> find_case(const CaseId& id) const override;
    [[nodiscard]] Result<std::vector<Case>> cases(const CaseFilter& filter) const override;
    [[nodiscard]] Result<std::optional<CaseId>> case_by_fingerprint(
        const Digest& fingerprint) const override;
    [[nodiscard]] Result<std::optional<CaseId>> open_case(const ServiceRef& service,
                                                          std::string_view path) const override;
    [[nodiscard]] Result<std::string> message(const CaseId& id) const override;
    [[nodiscard]] Result<StandingRow> standing(const ServiceRef& service) const override;
    [[nodiscard]] Result<StandingRow> standing(const AccountId& account) const override;
    [[nodiscard]] Result<std::optional<Action>> find_action(const ActionId& id) const override;
    [[nodiscard]] Result<std::vector<Action>> actions_of(const CaseId& id) const override;
    [[nodiscard]] Result<std::vector<Action>> outbox(std::size_t count) const override;
    [[nodiscard]] Result<std::uint64_t> effects_since(Instant since, Instant until) const override;
    [[nodiscard]] Result<std::vector<EffectRow>> effects(Instant since,
                                                         Instant until) const override;
    [[nodiscard]] Result<ActionBreaker> breaker() const override;
    [[nodiscard]] Result<std::optional<RuleAge>> rule_age(std::string_view rule) const override;
    [[nodiscard]] Result<std::uint64_t> holds_since(Instant since, Instant until) const override;
    [[nodiscard]] Result<std::vector<Leaf>> leaves(std::uint64_t first,
                                                   std::size_t count) const override;
    [[nodiscard]] Result<std::vector<Exhibit>> exhibits(const CaseId& id,
                                                        std::uint32_t bag) const override;
    [[nodiscard]] Result<std::string> exhibit(const CaseId& id, std::uint32_t bag,
                                              std::string_view path) const override;
    [[nodiscard]] Result<std::vector<Seal>> seals(const CaseId& id) const override;
    [[nodiscard]] Result<std::vector<Unsealed>> unsealed(const CaseId& after,
                                                         std::size_t count) const override;
    [[nodiscard]] Result<std::uint64_t> changes_since_seal(const CaseId& id) const override;
    [[nodiscard]] Result<std::vector<Unstamped>> unstamped(std::size_t count) const override;
    [[nodiscard]] Result<LedgerStats> stats() const override;

protected:
    const LedgerContext& context_;
    Txn& txn_;

private:
    template <class Record>
    [[nodiscard]] Result<std::optional<Record>> find(Table table, std::string_view key) const;
    [[nodiscard]] Result<std::optional<CaseId>> newest(Table table, std::string_view prefix) const;
    [[nodiscard]] Result<std::uint64_t> count_in(Table table, Instant since, Instant until) const;
    /// All records of `table` whose keys begin with `prefix`.
    template <class Record>
    [[nodiscard]] Result<std::vector<Record>> list_of(Table table, std::string_view prefix) const;
    [[nodiscard]] Result<StandingRow> standing_at(Table table, std::string_view key) const;
    /// The record behind one entry of a listing; none if it must be passed over.
    [[nodiscard]] Result<std::optional<Case>> listed_case(const Entry& entry,
                                                          const CaseFilter& filter) const;
    [[nodiscard]] Result<std::optional<Action>> listed_action(const Entry& entry) const;
};

extern template class LedgerReads<LedgerView>;
extern template class LedgerReads<LedgerTxn>;

/// A read transaction as the port shows it.
using LmdbView = LedgerReads<LedgerView>;

}  // namespace bailiff::lmdb
