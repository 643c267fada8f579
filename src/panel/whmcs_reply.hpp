#pragma once
// What the API of WHMCS answers. Pure; the only place that knows that format.

#include "src/panel/panel_api.hpp"

#include <bailiff/result.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::panel {

struct WhmcsVerdict {
    bool done = false;    ///< result is "success"
    std::string message;  ///< one line
};

/// Nothing, if `result` is neither "success" nor "error".
[[nodiscard]] std::optional<WhmcsVerdict> read_whmcs_verdict(std::string_view body);

struct WhmcsProduct {
    std::string service;  ///< its number
    std::string client;
    Look look;
};

/// One page of a list.
template <class Row>
struct WhmcsPage {
    std::vector<Row> rows;
    std::size_t total = 0;  ///< of all pages
};

/// GetClientsProducts.  Shape  `body` has said yes. It holds passwords: nothing else of it is kept.
/// Errors   unavailable: rows are missing, or lack their numbers or status.
[[nodiscard]] Result<WhmcsPage<WhmcsProduct>> read_whmcs_products(std::string_view body);

/// GetTickets: their subjects.  Shape and errors as above.
[[nodiscard]] Result<WhmcsPage<std::string>> read_whmcs_tickets(std::string_view body);

}  // namespace bailiff::panel
