#pragma once
// One request to the API of WHMCS, and whether its answer is a yes.

#include "src/panel/calls.hpp"
#include "src/panel/form.hpp"
#include "src/panel/panel_api.hpp"
#include "src/panel/secret.hpp"

#include <bailiff/panel_settings.hpp>
#include <string>

namespace bailiff::panel {

/// Where all requests go, and by which credential. Both outlive it.
struct WhmcsAccess {
    const PanelSettings& settings;
    const Secrets& secrets;
};

struct WhmcsRequest {
    std::string_view action;
    Form form{};
    bool purges = false;  ///< by the credential that may
};

/// The body of an answer that says yes.
/// Errors   unavailable: anything else.
[[nodiscard]] Result<std::string> read_whmcs(const WhmcsAccess& access, const Calls& calls,
                                             const WhmcsRequest& request);

[[nodiscard]] Done change_whmcs(const WhmcsAccess& access, const Calls& calls,
                                const WhmcsRequest& request);

/// A number of WHMCS as text: 1 to 10 digits, the first none of them 0.
[[nodiscard]] bool is_whmcs_id(std::string_view text);

}  // namespace bailiff::panel
