#pragma once
// Text with signatures below it (c2sp.org/signed-note), and what ours says: how large the log is
// and which root it has (c2sp.org/tlog-checkpoint).

#include <bailiff/digest.hpp>
#include <bailiff/ed25519.hpp>
#include <bailiff/result.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff::log {

/// A note above this size, or with more signatures, is refused; a log has some witnesses.
inline constexpr std::size_t note_bytes_max = 1'000'000;
inline constexpr std::size_t note_signatures_max = 100;

struct Checkpoint {
    std::string origin;  ///< one line, the same for the life of the log
    std::uint64_t size = 0;
    Digest root;
    bool operator==(const Checkpoint&) const = default;
};

/// "<origin>\n<size>\n<base64 of root>\n".
[[nodiscard]] std::string checkpoint_text(const Checkpoint& checkpoint);

/// Errors   corrupt: anything that checkpoint_text() does not write, extension lines included.
[[nodiscard]] Result<Checkpoint> parse_checkpoint(std::string_view text);

/// An Ed25519 key by the name under which it signs.
struct VKey {
    std::string name;  ///< UTF-8, not empty, without spaces and '+'
    PublicKey key;
    bool operator==(const VKey&) const = default;
};

using KeyId = std::array<std::uint8_t, 4>;

/// The first bytes of SHA-256 of name, line end, 0x01 and key.
[[nodiscard]] KeyId key_id(const VKey& key);

/// "<name>+<hex of key id>+<base64 of 0x01 and key>", as an auditor receives it.
[[nodiscard]] std::string vkey_text(const VKey& key);

/// Errors   invalid_input: anything else, other kinds of keys included.
[[nodiscard]] Result<VKey> parse_vkey(std::string_view text);

/// `text`, an empty line and one signature line.
/// Errors   invalid_input: a text that is empty, has no line end at its end, is no UTF-8 or has
///          control characters; a name that VKey does not allow.
/// Threads  any.
[[nodiscard]] Result<std::string> sign_note(std::string_view text, std::string_view name,
                                            const SigningKey& key);

/// The note with one more signature line; those it has are not checked.
/// Errors   corrupt: `note` is none; invalid_input: a bad name; exhausted: it is full.
[[nodiscard]] Result<std::string> add_signature(std::string_view note, std::string_view name,
                                                const SigningKey& key);

struct NoteSignature {
    std::string name;
    KeyId id{};
    std::string bytes;  ///< behind the key id; 64 of them from Ed25519
};

struct Note {
    std::string text;  ///< with its last line end: what is signed
    std::vector<NoteSignature> signatures;
};

/// Errors   corrupt: not a note; exhausted: larger than the limits above.
[[nodiscard]] Result<Note> parse_note(std::string_view note);

/// What a note says that at least one of `keys` signed. Signatures of other keys do not count.
/// The caller compares the origin with that of the log he asked.
/// Errors   corrupt: no note or no checkpoint; invalid_input: no signature by one of `keys`, or one
///          in the name of one of them that is wrong.
/// Threads  any.
[[nodiscard]] Result<Checkpoint> open_checkpoint(std::string_view note, std::span<const VKey> keys);

/// Every note of this log that stands in `text`, as they were signed, in order: a file to which
/// checkpoints are appended, or a saved letter; what is not a note is passed over.
[[nodiscard]] std::vector<std::string> notes_within(std::string_view text, std::string_view origin);

}  // namespace bailiff::log
