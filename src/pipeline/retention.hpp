#pragma once
// Walks the ledger for what is due to be erased, and erases it.

#include <bailiff/ports/desk.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/retention.hpp>

#include "src/retention/due.hpp"

namespace bailiff {

/// What an erasure of the job is signed with in a case's history.
inline constexpr std::string_view retention_name = "retention";

/// Some of the cases, in order of opening.
struct RetentionPage {
    std::vector<RetentionLine> lines;
    std::uint64_t cases = 0, unreadable = 0;
    std::uint64_t erased_in_a_day = 0;  ///< by the job
    std::uint64_t next = 0;             ///< leaf where the next page begins
    bool end = false;
};

/// The cases whose first leaf is among `count` leaves from number `from` on, in one short read.
/// Parts that are due are looked at: what is not there is not due.
/// Errors   those of the ledger; a case that fails its checksum is only counted.
[[nodiscard]] Result<RetentionPage> retention_page(const Ledger& ledger, std::uint64_t from,
                                                   std::size_t count, const RetentionTerms& terms,
                                                   Instant now);

/// When the newest leaf was written; the epoch: there is none.
[[nodiscard]] Result<Instant> newest_leaf(const LedgerView& view);

/// All cases. Blocks for many short reads.
[[nodiscard]] Result<RetentionReport> retention_report(const Ledger& ledger,
                                                       const RetentionTerms& terms,
                                                       KnownClock clock, Instant now);

/// Erases one part if it is still due: all is looked at again within the transaction. An event of
/// the case, by `by`, with the rule in its reason, and the leaf.
/// Returns  false: it is not due any more, or gone.
[[nodiscard]] Result<bool> erase_due(Ledger& ledger, const RetentionLine& line,
                                     const RetentionTerms& terms, const DecidedBy& by, Instant now);

/// What a named person orders: one step of it.
/// Errors   invalid_input: the clock is not to be believed.
[[nodiscard]] Result<RetentionRun> run_retention(Ledger& ledger, const RetentionTerms& terms,
                                                 KnownClock clock, const DecidedBy& by,
                                                 const RetentionStep& step, Instant now);

}  // namespace bailiff
