#pragma once
// What a panel can do to one thing it runs: a cPanel account, a service of a billing system.

#include "src/panel/calls.hpp"

#include <bailiff/ports/effect.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bailiff::panel {

/// How a thing stands, as the panel tells.
struct Look {
    enum class Stand : std::uint8_t {
        absent,  ///< the panel knows nothing of that name
        active,
        suspended,  ///< by whom and what for says the reason
        purged,     ///< the panel keeps a record of what it has destroyed
        other,      ///< anything else: a person must look
    };
    Stand stand = Stand::other;
    std::string word;                    ///< of `other`: the panel's own, in lower case
    std::string reason;                  ///< of `suspended`
    std::optional<bool> mail_stopped{};  ///< none: the panel does not tell it apart
};

struct Thing {
    std::string name;
    Look look;
};

/// How a call that changes something has ended.
struct Done {
    enum class Kind : std::uint8_t {
        done,      ///< the panel says so, in the form in which it says it
        refused,   ///< the panel says no, in that form; not every no is true
        not_done,  ///< not heard, or turned away before anything was done
        unknown,   ///< anything else
    };
    Kind kind = Kind::unknown;
    std::string why;
};

/// Each call asks once and repeats nothing.  Threads  as `calls`.
class PanelApi {
public:
    virtual ~PanelApi() = default;

    /// What the order's target stands for, and how each of it stands; at least one.
    /// Errors   invalid_input: the target is refused, nothing was sent.  unavailable: no answer,
    ///          or none in the form in which the panel answers.
    [[nodiscard]] virtual Result<std::vector<Thing>> find(const Calls& calls,
                                                          const Order& order) = 0;
    /// The same of one of them.
    [[nodiscard]] virtual Result<Look> look(const Calls& calls, const std::string& name) = 0;
    /// The names of what a service of ours stands for, without asking the panel.
    /// Errors   invalid_input: it stands for nothing.
    [[nodiscard]] virtual Result<std::vector<std::string>> names_of_service(
        const std::string& service) const = 0;
    /// Whether stopping the account stops this one, too; also without asking.
    [[nodiscard]] virtual bool is_of_account(const std::string& account,
                                             const std::string& name) const = 0;
    /// Why this must not be stopped by us; empty: it may.
    /// Errors   unavailable: cannot be told.
    [[nodiscard]] virtual Result<std::string> objection(const Calls& calls,
                                                        const std::string& name) = 0;

    /// Also puts another reason in the place of one that is there.
    [[nodiscard]] virtual Done suspend(const Calls& calls, const std::string& name,
                                       const std::string& reason) = 0;
    [[nodiscard]] virtual Done lift(const Calls& calls, const std::string& name) = 0;
    /// Only for panels that tell `mail_stopped`.
    [[nodiscard]] virtual Done stop_mail(const Calls& calls, const std::string& name) = 0;
    [[nodiscard]] virtual Done let_mail_go(const Calls& calls, const std::string& name) = 0;
    /// Destroys content. Only with a credential of its own.
    [[nodiscard]] virtual Done destroy(const Calls& calls, const std::string& name) = 0;
};

}  // namespace bailiff::panel
