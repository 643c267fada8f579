#pragma once

#include <bailiff/result.hpp>
#include <string>

namespace bailiff::lmdb {

class Environment;

/// Walks all pages that the newest transaction reaches: that each is where it says, keeps to its
/// bounds, is reached once and in order, and that no free page is in use. LMDB believes its pages:
/// a flipped bit in one of them would end the process later (fault E09). Bytes of values are not
/// looked at: records have checksums. Reads the trees, not the long messages in them.
/// Errors   corrupt: the page that is wrong.  unavailable: the file cannot be read.
/// Threads  any; another process may write meanwhile.
[[nodiscard]] Result<void> check_pages(const Environment& environment);

}  // namespace bailiff::lmdb
