#pragma once

#include "lmdb/ledger_reads.hpp"

namespace bailiff::lmdb {

/// Beyond this share of the map no new raw message is taken: the rest is kept for the outbox and
/// what people decide (fault E03).
inline constexpr std::uint64_t message_share_percent = 80;

/// A write transaction as the port shows it.
/// Errors   invalid_input: an empty id.  exhausted: map, disk or a record's bound.
class LmdbTxn final : public LedgerReads<LedgerTxn> {
public:
    using LedgerReads::LedgerReads;

    [[nodiscard]] Result<void> put_case(const Case& changed) override;
    [[nodiscard]] Result<void> put_message(const CaseId& id, std::string_view raw) override;
    [[nodiscard]] Result<void> put_action(const Action& action) override;
    [[nodiscard]] Result<void> put_standing(const ServiceRef& service,
                                            const StandingRow& row) override;
    [[nodiscard]] Result<void> put_standing(const AccountId& account,
                                            const StandingRow& row) override;
    [[nodiscard]] Result<void> count_effect(const EffectRow& effect) override;
    [[nodiscard]] Result<void> put_breaker(const ActionBreaker& breaker) override;
    [[nodiscard]] Result<void> put_rule_age(std::string_view rule, const RuleAge& age) override;
    [[nodiscard]] Result<void> count_hold(const CaseId& id, Instant at) override;
    [[nodiscard]] Result<std::uint64_t> append_leaf(const Leaf& leaf) override;
    [[nodiscard]] Result<void> put_exhibit(const CaseId& id, std::uint32_t bag,
                                           const Exhibit& exhibit,
                                           std::string_view bytes) override;
    [[nodiscard]] Result<void> put_seal(const CaseId& id, const Seal& seal) override;
    [[nodiscard]] Result<void> set_sealed(const CaseId& id, std::uint64_t changes) override;

private:
    template <class Record>
    [[nodiscard]] Result<void> store(Table table, std::string_view key, const Record& record);
    [[nodiscard]] Result<void> unlist(const Case& before);
    [[nodiscard]] Result<void> list(const Case& record);
    [[nodiscard]] Result<void> unlist(const Action& before);
    [[nodiscard]] Result<void> list(const Action& action);
    [[nodiscard]] Result<void> store_bytes(Table table, std::string_view key,
                                           std::string_view bytes);
    [[nodiscard]] Result<void> note_change(const CaseId& id);
    [[nodiscard]] Result<void> require_room(std::string_view stored) const;
};

}  // namespace bailiff::lmdb
