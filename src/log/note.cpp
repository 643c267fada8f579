#include "src/log/note.hpp"

#include <algorithm>
#include <bailiff/base64.hpp>
#include <bailiff/utf8.hpp>
#include <optional>

#include "src/log/lines.hpp"

namespace bailiff::log {
namespace {

constexpr std::string_view dash = "\u2014 ";
constexpr char ed25519 = 1;

/// White space of Unicode beyond ASCII, which a note's name may not hold.
bool is_space(std::uint32_t code) {
    return code == 0x85 || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
           code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

template <class Allowed>
bool all_characters(std::string_view text, const Allowed& allowed) {
    while (!text.empty()) {
        const auto character = first_character(text);
        if (character.bytes == 0 || !allowed(character.code)) return false;
        text.remove_prefix(character.bytes);
    }
    return true;
}

bool is_name(std::string_view name) {
    return !name.empty() && all_characters(name, [](std::uint32_t code) {
        return code > 0x20 && code != 0x7f && code != '+' && !is_space(code);
    });
}

bool is_text(std::string_view text) {
    return text.ends_with('\n') && all_characters(text, [](std::uint32_t code) {
               return (code >= 0x20 && code != 0x7f) || code == '\n';
           });
}

Failure refused(const std::string& why) {
    return fail(Fault::invalid_input, why);
}

Failure corrupt(const std::string& why) {
    return fail(Fault::corrupt, why);
}

std::string typed(const PublicKey& key) {
    return std::string(1, ed25519).append(raw(key));
}

std::string_view bytes_of(const KeyId& id) {
    return {reinterpret_cast<const char*>(id.data()), id.size()};
}

std::string hex(const KeyId& id) {
    Digest wide;
    std::ranges::copy(id, wide.bytes.begin());
    return wide.hex().substr(0, 2 * id.size());
}

Result<std::string> signature_line(std::string_view text, std::string_view name,
                                   const SigningKey& key) {
    if (!is_name(name)) return refused("a key's name is not empty and has neither spaces nor '+'");
    std::string bytes(bytes_of(key_id({std::string(name), key.public_key()})));
    bytes += raw(key.sign(text));
    return std::string(dash).append(name).append(" ") + to_base64(bytes) + "\n";
}

std::optional<NoteSignature> parse_signature(std::string_view line) {
    if (!line.starts_with(dash)) return std::nullopt;
    line.remove_prefix(dash.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_name(line.substr(0, space))) return std::nullopt;
    NoteSignature signature{std::string(line.substr(0, space)), {}, {}};
    const auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= signature.id.size()) return std::nullopt;
    std::copy_n(bytes->begin(), signature.id.size(), signature.id.begin());
    signature.bytes = bytes->substr(signature.id.size());
    return signature;
}

bool is_by(const NoteSignature& signature, const VKey& key) {
    return signature.name == key.name && signature.id == key_id(key);
}

bool verifies(const NoteSignature& signature, const VKey& key, std::string_view text) {
    Signature bytes;
    if (!is_by(signature, key) || signature.bytes.size() != bytes.bytes.size()) return false;
    std::ranges::copy(signature.bytes, bytes.bytes.begin());
    return verify(key.key, text, bytes);
}

}  // namespace

std::string checkpoint_text(const Checkpoint& checkpoint) {
    return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
           to_base64(raw(checkpoint.root)) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    Checkpoint checkpoint;
    const auto origin = take_line(text);
    if (!origin || origin->empty()) return corrupt("a checkpoint without an origin");
    checkpoint.origin = *origin;
    const auto size = decimal(take_line(text).value_or(""));
    if (!size) return corrupt("a checkpoint whose second line is no size");
    checkpoint.size = *size;
    const auto root = digest_of_base64(take_line(text).value_or(""));
    if (!root) return corrupt("a checkpoint whose third line is no root");
    checkpoint.root = *root;
    if (!text.empty()) return corrupt("a checkpoint with extension lines");
    return checkpoint;
}

KeyId key_id(const VKey& key) {
    const auto digest = sha256(key.name + "\n" + typed(key.key));
    KeyId id{};
    std::copy_n(digest.bytes.begin(), id.size(), id.begin());
    return id;
}

std::string vkey_text(const VKey& key) {
    return key.name + "+" + hex(key_id(key)) + "+" + to_base64(typed(key.key));
}

Result<VKey> parse_vkey(std::string_view text) {
    const auto first = text.find('+');
    const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos) return refused("expected a key 'name+id+base64'");
    VKey key{std::string(text.substr(0, first)), {}};
    if (!is_name(key.name)) return refused("a key whose name is empty or has spaces");
    const auto bytes = from_base64(text.substr(second + 1));
    if (!bytes || bytes->empty()) return refused("a key that is no base64");
    if (bytes->front() != ed25519) return refused("a key that is not of kind 1, Ed25519");
    if (bytes->size() != 1 + key.key.bytes.size()) return refused("a key that is not 32 bytes");
    std::copy(bytes->begin() + 1, bytes->end(), key.key.bytes.begin());
    if (text.substr(first + 1, second - first - 1) != hex(key_id(key)))
        return refused("a key whose id, " + hex(key_id(key)) + ", is not the one it gives");
    return key;
}

Result<std::string> sign_note(std::string_view text, std::string_view name, const SigningKey& key) {
    if (!is_text(text))
        return refused("a note's text is UTF-8 that ends with a line end and has no controls");
    BAILIFF_TRY(const auto line, signature_line(text, name, key));
    return std::string(text) + "\n" + line;
}

Result<std::string> add_signature(std::string_view note, std::string_view name,
                                  const SigningKey& key) {
    BAILIFF_TRY(const auto parsed, parse_note(note));
    BAILIFF_TRY(const auto line, signature_line(parsed.text, name, key));
    if (parsed.signatures.size() >= note_signatures_max ||
        note.size() + line.size() > note_bytes_max)
        return fail(Fault::exhausted, "a note that can hold no more signatures");
    return std::string(note) + line;
}

Result<Note> parse_note(std::string_view note) {
    if (note.size() > note_bytes_max) return fail(Fault::exhausted, "a note above 1 MB");
    // The last empty line: a text may hold others.
    const auto end = note.rfind("\n\n");
    if (end == std::string_view::npos) return corrupt("a note without signatures");
    Note parsed{std::string(note.substr(0, end + 1)), {}};
    if (!is_text(parsed.text)) return corrupt("a note whose text is no UTF-8 or has controls");
    auto rest = note.substr(end + 2);
    if (rest.empty()) return corrupt("a note without signatures");
    while (!rest.empty()) {
        if (parsed.signatures.size() == note_signatures_max)
            return fail(Fault::exhausted, "a note with more than 100 signatures");
        const auto line = take_line(rest);
        auto signature = line ? parse_signature(*line) : std::nullopt;
        if (!signature) return corrupt("a note with a damaged signature line");
        parsed.signatures.push_back(*std::move(signature));
    }
    return parsed;
}

Result<Checkpoint> open_checkpoint(std::string_view note, std::span<const VKey> keys) {
    BAILIFF_TRY(const auto parsed, parse_note(note));
    bool signed_by_known = false;
    for (const auto& signature : parsed.signatures) {
        if (std::ranges::none_of(keys, [&](const VKey& key) { return is_by(signature, key); }))
            continue;
        if (std::ranges::none_of(
                keys, [&](const VKey& key) { return verifies(signature, key, parsed.text); }))
            return refused("the signature of " + signature.name + " is wrong");
        signed_by_known = true;
    }
    if (!signed_by_known) return refused("no signature by a key that we know");
    return parse_checkpoint(parsed.text);
}

std::vector<std::string> notes_within(std::string_view text, std::string_view origin) {
    constexpr std::string_view signature = "\u2014 ";
    std::vector<std::string> notes;
    std::string note;
    enum class In { nothing, said, signatures } in = In::nothing;
    const auto end = [&] {
        if (in == In::signatures) notes.push_back(note);
        in = In::nothing;
        note.clear();
    };
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);  // a letter on its way
        if (in == In::signatures && !line.starts_with(signature)) end();
        if (in == In::nothing && line != origin) continue;
        if (in == In::nothing) in = In::said;
        if (line.starts_with(signature)) in = In::signatures;
        note.append(line).push_back('\n');
    }
    end();
    return notes;
}

}  // namespace bailiff::log
