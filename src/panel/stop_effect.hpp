#pragma once
// Suspends, terminates and purges through a panel, and takes the first two back.

#include "src/panel/panel_api.hpp"
#include "src/panel/way_back.hpp"

#include <bailiff/ports/effect.hpp>
#include <functional>
#include <memory>

namespace bailiff::panel {

/// Reads the state, acts, and after a refusal reads it again; what is already as wanted is left
/// alone. Takes back only what the reason names as done by the very case, or by one of the others
/// that has ended: way_back.hpp.
/// Order    `terminate` suspends first and stops mail then; the way back is the other way round, so
///          whatever is interrupted shows as `terminating`.
/// Errors   retry: nothing has been changed.  never: nothing has been changed, and a person must
///          look.  unknown: anything else.  state: unavailable, as PanelApi::find().
/// Threads  one.
class StopEffect final : public Effect {
public:
    struct Options {
        std::function<Calls()> calls;  ///< for the requests of one verb
        bool may_purge = false;        ///< there is a credential that destroys
    };
    StopEffect(std::unique_ptr<PanelApi> api, Options options)
        : api_(std::move(api)), calls_(std::move(options.calls)), may_purge_(options.may_purge) {}

    [[nodiscard]] bool knows(ActionKind kind) const override;
    [[nodiscard]] Outcome act(const Order& order) override;
    [[nodiscard]] Outcome undo(const Order& order) override;
    [[nodiscard]] Result<std::optional<std::string>> state(const Order& order) override;

private:
    struct Step;
    using Work = Step (StopEffect::*)(const Calls&, const Order&, const Thing&);

    [[nodiscard]] Outcome each(const Order& order, Work work);
    [[nodiscard]] Step stop(const Calls& calls, const Order& order, const Thing& thing);
    [[nodiscard]] Step stop_active(const Calls& calls, const Order& order, const Thing& thing);
    [[nodiscard]] Step purge(const Calls& calls, const Order& order, const Thing& thing);
    [[nodiscard]] Step take_back(const Calls& calls, const Order& order, const Thing& thing);
    [[nodiscard]] WayBack back_of(const Order& order, const Thing& thing) const;
    [[nodiscard]] std::vector<OtherClaim> claims_on(const Order& order, const Thing& thing) const;
    [[nodiscard]] std::string state_on_way_back(const Order& order,
                                                const std::vector<Thing>& things) const;
    [[nodiscard]] Step after(const Calls& calls, const Order& order, const Thing& thing,
                             const Done& done, std::string_view wanted);

    std::unique_ptr<PanelApi> api_;
    std::function<Calls()> calls_;
    bool may_purge_;
};

}  // namespace bailiff::panel
