#include "src/message/part_digests.hpp"

#include <bailiff/limits.hpp>

#include "src/message/structure.hpp"
#include "src/message/transfer.hpp"

namespace bailiff {

std::vector<Digest> part_digests(std::string_view raw) {
    const auto structure = mime::split(raw.substr(0, limits::message_bytes_max));
    std::vector<Digest> digests;
    for (const auto& leaf : structure.leaves) {
        if (digests.size() == part_digests_max) break;
        // Decoded text is never longer than encoded: nothing is cut.
        digests.push_back(sha256(mime::decode(leaf.encoding, leaf.bytes, leaf.bytes.size()).bytes));
    }
    return digests;
}

}  // namespace bailiff
