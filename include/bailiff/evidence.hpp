#pragma once
// What is kept of a case so that a stranger can check it.

#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/ids.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// Where the raw message of a case stands in its bag, below data/.
inline constexpr std::string_view message_path = "4-content/msg-0001.eml";
inline constexpr std::string_view recipients_path = "3-traffic/recipients.full.jsonl";
inline constexpr std::string_view holder_path = "1-subscriber/holder.json";

/// One file of a bag. Its bytes stand beside it, plain or sealed to the keys of the vault; what it
/// says here is of the plain bytes, so that a bag can be signed by somebody who cannot read them.
struct Exhibit {
    std::string path;  ///< below data/, "5-analysis/verdict.json"
    Digest digest;
    std::uint64_t size = 0;
    bool operator==(const Exhibit&) const = default;
};

/// A bag of a case that was signed: number 0, and for what happened later its addenda.
struct Seal {
    std::uint32_t number = 0;
    Instant at{};
    std::string bag_info;      ///< bag-info.txt
    std::string manifest;      ///< manifest-sha256.txt
    std::string tag_manifest;  ///< tagmanifest-sha256.txt: what is signed and stamped
    std::string signature;     ///< SSHSIG, in its armour
    Digest salt;               ///< the leaf says SHA-256 of the tag manifest and this
    std::uint64_t leaf = 0;    ///< its number in the log
    std::string stamp;         ///< RFC 3161 reply; empty: pending
    std::string stamp_chain;   ///< certificates that the reply names, PEM
    Instant stamped{};         ///< what the stamp says
    bool operator==(const Seal&) const = default;
};

/// A case that has changed since its last seal.
struct Unsealed {
    CaseId case_id;
    std::uint64_t changes = 0;  ///< counts up with each change
    bool operator==(const Unsealed&) const = default;
};

/// A seal without a time stamp.
struct Unstamped {
    CaseId case_id;
    std::uint32_t number = 0;
    bool operator==(const Unstamped&) const = default;
};

/// What remains of something sealed when nobody shall ever read it again: no wraps, no content.
inline constexpr std::string_view erased_bytes{"bailiff-sealed-1\n\0", 18};

/// Seals a file of a case's bag, by its path below data/, so that only others can read it; none:
/// files are kept as they are.
using FileSealer =
    std::function<std::string(std::string_view plain, const CaseId& id, std::string_view path)>;

/// Under what a part of a case is sealed: nothing that was sealed as one thing opens as another.
[[nodiscard]] inline std::string vault_context(const CaseId& id, std::string_view path) {
    return "bailiff " + id.text() + " " + std::string(path);
}

}  // namespace bailiff
