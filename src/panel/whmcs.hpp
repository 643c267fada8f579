#pragma once
// The services of WHMCS: README.md has the calls.

#include "src/panel/panel_api.hpp"
#include "src/panel/target_map.hpp"
#include "src/panel/whmcs_calls.hpp"
#include "src/panel/whmcs_reply.hpp"

#include <string>
#include <vector>

namespace bailiff::panel {

/// A thing is a service, named by its number; an account is a client with all its services.
/// Threads  as `calls`.
class Whmcs final : public PanelApi {
public:
    /// Both, and what `access` refers to, outlive it.
    Whmcs(WhmcsAccess access, const TargetMap& map) : access_(access), map_(map) {}

    [[nodiscard]] Result<std::vector<Thing>> find(const Calls& calls, const Order& order) override;
    [[nodiscard]] Result<std::vector<std::string>> names_of_service(
        const std::string& service) const override {
        return map_.find(ActionTarget::service, service);
    }
    /// find() refuses a service of another client.
    [[nodiscard]] bool is_of_account(const std::string&, const std::string&) const override {
        return true;
    }
    [[nodiscard]] Result<Look> look(const Calls& calls, const std::string& name) override;
    /// None: a service is one service.
    [[nodiscard]] Result<std::string> objection(const Calls&, const std::string&) override {
        return std::string();
    }
    [[nodiscard]] Done suspend(const Calls& calls, const std::string& name,
                               const std::string& reason) override;
    [[nodiscard]] Done lift(const Calls& calls, const std::string& name) override;
    /// Never called: WHMCS knows of no mail apart.
    [[nodiscard]] Done stop_mail(const Calls&, const std::string&) override { return {}; }
    [[nodiscard]] Done let_mail_go(const Calls&, const std::string&) override { return {}; }
    [[nodiscard]] Done destroy(const Calls& calls, const std::string& name) override;

private:
    using Products = std::vector<WhmcsProduct>;

    [[nodiscard]] Result<Products> products_of_client(const Calls& calls,
                                                      const std::string& client) const;
    [[nodiscard]] Result<Products> product(const Calls& calls, const std::string& service) const;
    [[nodiscard]] Result<Thing> find_service(const Calls& calls, const Order& order,
                                             const std::string& service) const;
    [[nodiscard]] Form service(const std::string& number) const;

    WhmcsAccess access_;
    const TargetMap& map_;
};

/// The client that stands for an account.
/// Errors   invalid_input: none, several, or no number.
[[nodiscard]] Result<std::string> whmcs_client(const TargetMap& map, const AccountId& account);

}  // namespace bailiff::panel
