#pragma once
// The public suffix list, for telling a host name from a file name.

#include <string_view>

namespace bailiff::uri {

/// Loads nothing from disk: the list is the one built into the library.
void prepare_suffixes();

/// "example.co.uk" and below, by a suffix that is really listed; not "co.uk", not "file.txt".
/// Shape    lower case.
[[nodiscard]] bool is_registrable(std::string_view host);

}  // namespace bailiff::uri
