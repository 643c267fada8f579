#pragma once
// Events of a case that tell who had access to what.

#include <bailiff/case.hpp>
#include <string>
#include <string_view>

namespace bailiff {

/// What an access is called in a case's history: "custody export authority", "custody view
/// 4-content/msg-0001.eml".
inline constexpr std::string_view event_custody = "custody ";

struct CustodyWords {
    std::string action;  ///< view, export, erase, legal-hold, ...
    std::string object;  ///< what of
};

[[nodiscard]] inline bool is_custody_event(const CaseEvent& event) {
    return event.what.starts_with(event_custody);
}

[[nodiscard]] inline CustodyWords custody_words(const CaseEvent& event) {
    const auto rest = std::string_view(event.what).substr(event_custody.size());
    const auto space = rest.find(' ');
    return {std::string(rest.substr(0, space)),
            space == std::string_view::npos ? "" : std::string(rest.substr(space + 1))};
}

}  // namespace bailiff
