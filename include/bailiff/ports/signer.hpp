#pragma once
// Who signs: the one process that holds the keys, and opens no environment.

#include <bailiff/digest.hpp>
#include <bailiff/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// How the log has grown since the checkpoint that was signed last.
struct LogGrowth {
    std::uint64_t old_size = 0;  ///< of that checkpoint; 0: none was
    std::vector<Digest> proof;   ///< consistency of the two, RFC 6962, 2.1.2
    std::uint64_t size = 0;
    Digest root;
};

/// The checkpoint that was signed last; size 0: none was.
struct LastCheckpoint {
    std::uint64_t size = 0;
    std::string note;  ///< as it was signed
};

/// Errors   unavailable: not now.  invalid_input: it does not sign this, and says why.
/// Threads  one at a time.
class Signer {
public:
    virtual ~Signer() = default;
    /// The SSH signature of a tag manifest, in its armour.
    [[nodiscard]] virtual Result<std::string> sign_bag(std::string_view tag_manifest) = 0;
    /// The checkpoint as a signed note. Never of a log that is not the last one grown.
    [[nodiscard]] virtual Result<std::string> sign_checkpoint(const LogGrowth& growth) = 0;
    [[nodiscard]] virtual Result<LastCheckpoint> last_checkpoint() = 0;
};

}  // namespace bailiff
