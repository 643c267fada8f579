#pragma once
// Which of the panel's names stand for a service or an account of ours.

#include <bailiff/action_kind.hpp>
#include <bailiff/result.hpp>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff::panel {

/// Without a file our ids are the panel's names.
class TargetMap {
public:
    TargetMap() = default;

    /// CSV with the header `what,id,panel`: what is `service` or `account`; an id may have several
    /// rows. No quotes; lines that are empty or begin with '#' are left out.
    /// Errors   invalid_input: the first wrong line, with `file`, its number and what was expected.
    [[nodiscard]] static Result<TargetMap> parse(std::string_view text, std::string_view file);

    /// Whether there is no file.
    [[nodiscard]] bool empty() const { return file_.empty(); }

    /// Errors   invalid_input: the id is empty, or the file does not have it.
    [[nodiscard]] Result<std::vector<std::string>> find(ActionTarget what,
                                                        const std::string& id) const;

private:
    std::string file_;  ///< empty: there is none
    std::map<std::pair<ActionTarget, std::string>, std::vector<std::string>> names_;
};

}  // namespace bailiff::panel
