#pragma once
// The macros that the MTA has sent on one connection, by the stage they were sent for.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "milter/macros.hpp"

namespace bailiff {

/// Threads  one at a time.
class Symbols final : public MacroSource {
public:
    /// Those of `stage`, a command of the protocol, replace what that stage and all later ones had.
    /// Shape    `pairs`: names and values by turns, each ended by NUL; false: not of this shape.
    ///          Those of a stage that we do not know are left out.
    [[nodiscard]] bool put(char stage, std::string_view pairs);
    /// At MAIL: what an earlier MAIL brought is forgotten, unless this one brought its own.
    void begin_message() noexcept;
    void clear() noexcept { clear_from(0); }

    [[nodiscard]] std::string_view get(const char* name) const override;

private:
    struct Symbol {
        std::string name;  ///< without braces
        std::string value;
    };
    static constexpr std::string_view stages = "CHMRTLNBE";  // in their order
    void clear_from(std::size_t stage) noexcept;

    std::array<std::vector<Symbol>, stages.size()> by_stage_;
    bool of_this_mail_ = false;
};

}  // namespace bailiff
