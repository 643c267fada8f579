#pragma once
// Judges what is done to queued mail: whose it is, by which decision, and that all of it is
// accounted for. Shares no rule with the source.

#include <bailiff/ports/effect.hpp>
#include <bailiff/ports/ledger.hpp>
#include <optional>

#include "tests/simulation/post_queue.hpp"
#include "tests/simulation/tenants.hpp"
#include "tests/simulation/truth.hpp"

namespace bailiff::simulation {

class QueueOracle {
public:
    QueueOracle(const Ledger& disk, const Tenants& tenants, const PostQueue& queue,
                const SentNotes& sent, const Truth& truth, Sky& sky)
        : disk_(disk), tenants_(tenants), queue_(queue), sent_(sent), truth_(truth), sky_(sky) {}

    /// The effect is called; what the queue does from here on is done for this order.
    void see(const Order& order);
    /// One message is held, released or deleted.
    void see(PostQueue::Deed deed, const Post& post);
    /// The effect says that what was ordered is so.
    void hear(const Order& order) const;
    void check_end() const;

private:
    void breach(const std::string& what) const;
    [[nodiscard]] std::optional<Case> case_of(const CaseId& id) const;
    [[nodiscard]] std::string why_not_held(const Post& post) const;
    [[nodiscard]] std::string why_not_decided(CaseState wanted) const;
    [[nodiscard]] std::string why_not_ordered(const Post& post, ActionKind kind) const;
    void hear_held(const Order& order) const;
    void check_end_of(const Case& record, const std::vector<Action>& actions) const;

    const Ledger& disk_;
    const Tenants& tenants_;
    const PostQueue& queue_;
    const SentNotes& sent_;
    const Truth& truth_;
    Sky& sky_;
    Order order_;  ///< the last one
};

}  // namespace bailiff::simulation
