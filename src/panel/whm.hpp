#pragma once
// WHM API 1 of cPanel: README.md has the calls.

#include "src/panel/panel_api.hpp"
#include "src/panel/secret.hpp"
#include "src/panel/target_map.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace bailiff::panel {

/// One server. A thing is a cPanel account, named by its user.
/// Shape    a user is 1 to 32 of a-z 0-9 _ -, begins with a letter and is none of the system's.
/// Threads  as `calls`.
class Whm final : public PanelApi {
public:
    /// All three outlive it.
    Whm(const PanelSettings& settings, const Secrets& secrets, const TargetMap& map)
        : settings_(settings), secrets_(secrets), map_(map) {}

    [[nodiscard]] Result<std::vector<Thing>> find(const Calls& calls, const Order& order) override;
    [[nodiscard]] Result<std::vector<std::string>> names_of_service(
        const std::string& service) const override {
        return map_.find(ActionTarget::service, service);
    }
    [[nodiscard]] bool is_of_account(const std::string& account,
                                     const std::string& name) const override {
        const auto names = map_.find(ActionTarget::account, account);
        return names && std::ranges::count(*names, name) > 0;
    }
    [[nodiscard]] Result<Look> look(const Calls& calls, const std::string& name) override;
    [[nodiscard]] Result<std::string> objection(const Calls& calls,
                                                const std::string& name) override;
    [[nodiscard]] Done suspend(const Calls& calls, const std::string& name,
                               const std::string& reason) override;
    [[nodiscard]] Done lift(const Calls& calls, const std::string& name) override;
    [[nodiscard]] Done stop_mail(const Calls& calls, const std::string& name) override;
    [[nodiscard]] Done let_mail_go(const Calls& calls, const std::string& name) override;
    [[nodiscard]] Done destroy(const Calls& calls, const std::string& name) override;

private:
    struct Request;

    [[nodiscard]] CallEnd send(const Calls& calls, const Request& request) const;
    [[nodiscard]] Result<std::string> read(const Calls& calls, const Request& request) const;
    [[nodiscard]] Done change(const Calls& calls, const Request& request) const;

    const PanelSettings& settings_;
    const Secrets& secrets_;
    const TargetMap& map_;
};

}  // namespace bailiff::panel
