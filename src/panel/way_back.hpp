#pragma once
// What the way back from a stop is for one thing: whose the stop is, and who still wants it. Pure.

#include "src/panel/panel_api.hpp"

#include <bailiff/ports/effect.hpp>
#include <span>
#include <string>

namespace bailiff::panel {

/// What is to be done to one thing when an order is undone.
struct WayBack {
    enum class Do : std::uint8_t {
        nothing,  ///< it is as it shall be
        refuse,   ///< it is stopped by somebody else, and was not before: a person must look
        lift,     ///< nobody wants it stopped any more
        relabel,  ///< stays suspended, for `reason`
    };
    Do what = Do::nothing;
    std::string why;            ///< of `nothing` and `refuse`: completes "the thing ..."
    std::string reason;         ///< of `relabel`
    bool lets_mail_go = false;  ///< its mail was stopped with it
};

/// A panel keeps one reason, though several cases may have stopped the same; those that have are
/// named in `order.others`. What one of them has written, and wants no more, is as good as ours.
/// Args     claims: those of `order.others` that are about this very thing.
/// Shape    a reason that neither this case nor one of the others has written is somebody else's.
[[nodiscard]] WayBack way_back(const Order& order, const Look& look,
                               std::span<const OtherClaim> claims);

}  // namespace bailiff::panel
