#pragma once
// Where a session finds what the MTA vouches for.

#include <string_view>

namespace bailiff {

/// The macros of one connection, of all stages so far, newest stage first.
/// Shape    names as on the wire: "i", "{auth_authen}". Values are raw bytes; a macro without a
///          value is never sent, so empty means absent. A view lives until the callback ends.
class MacroSource {
public:
    virtual ~MacroSource() = default;
    [[nodiscard]] virtual std::string_view get(const char* name) const = 0;
    /// The same, once: an MTA that sends nothing with the next MAIL must not repeat this value.
    [[nodiscard]] virtual std::string_view take(const char* name) = 0;
};

}  // namespace bailiff
