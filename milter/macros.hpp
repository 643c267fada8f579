#pragma once
// Where a session finds what the MTA vouches for.

#include <string_view>

namespace bailiff {

/// The macros of one connection, of all stages so far, newest stage first; those of MAIL and later
/// are of this message only.
/// Shape    names as on the wire: "i", "{auth_authen}". Values are raw bytes; a macro without a
///          value is never sent, so empty means absent. A view lives until the event is dealt with.
class MacroSource {
public:
    virtual ~MacroSource() = default;
    [[nodiscard]] virtual std::string_view get(const char* name) const = 0;
};

}  // namespace bailiff
