#include "src/seal/sealed.hpp"

#include <sodium.h>

#include <algorithm>
#include <bailiff/base64.hpp>
#include <bailiff/ensure.hpp>
#include <bailiff/evidence.hpp>
#include <optional>

namespace bailiff {
namespace {

constexpr std::string_view magic = "bailiff-sealed-1\n";
constexpr std::string_view key_mark = "bailiff-vault-1 ";
constexpr std::string_view file_mark = "bailiff-vault-secret-1 ";
static_assert(erased_bytes.starts_with(magic));
constexpr std::size_t chunk_bytes = 64U << 10;
constexpr std::size_t added = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t wrap_bytes =
    crypto_box_SEALBYTES + crypto_secretstream_xchacha20poly1305_KEYBYTES;
constexpr std::size_t wraps_max = 16;
constexpr unsigned long long file_operations = crypto_pwhash_OPSLIMIT_MODERATE;
constexpr std::size_t file_memory = crypto_pwhash_MEMLIMIT_MODERATE;

const unsigned char* in(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* out(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

void start() {
    BAILIFF_ENSURE(sodium_init() >= 0);
}

/// A secret on the stack that does not outlive its scope.
template <std::size_t Size>
struct Wiped {
    std::array<unsigned char, Size> bytes{};
    Wiped() = default;
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { sodium_memzero(bytes.data(), bytes.size()); }
};
using StreamKey = Wiped<crypto_secretstream_xchacha20poly1305_KEYBYTES>;

bool is_role(std::string_view role) {
    return !role.empty() && role.size() <= 16 &&
           std::ranges::all_of(role, [](char c) { return c >= 'a' && c <= 'z'; });
}

struct Wrap {
    VaultKey to;
    std::string_view box;
};

struct Parts {
    std::vector<Wrap> wraps;
    std::string_view stream;
};

/// magic, u8 count, for each: u8 length of role, role, 32 bytes of key, the wrapped key; then the
/// stream: its header and its chunks.
std::optional<Parts> parts_of(std::string_view sealed) {
    if (!sealed.starts_with(magic)) return std::nullopt;
    sealed.remove_prefix(magic.size());
    const auto take = [&](std::size_t size) -> std::optional<std::string_view> {
        if (sealed.size() < size) return std::nullopt;
        const auto bytes = sealed.substr(0, size);
        sealed.remove_prefix(size);
        return bytes;
    };
    const auto count = take(1);
    if (!count || static_cast<std::uint8_t>(count->front()) > wraps_max) return std::nullopt;
    Parts parts;
    for (auto left = static_cast<std::uint8_t>(count->front()); left > 0; --left) {
        const auto size = take(1);
        const auto role = size ? take(static_cast<std::uint8_t>(size->front())) : std::nullopt;
        const auto key = role ? take(32) : std::nullopt;
        const auto box = key ? take(wrap_bytes) : std::nullopt;
        if (!box || !is_role(*role)) return std::nullopt;
        Wrap wrap{{std::string(*role), {}}, *box};
        std::ranges::copy(*key, wrap.to.bytes.begin());
        parts.wraps.push_back(std::move(wrap));
    }
    parts.stream = sealed;
    return parts;
}

void append_wrap(std::string& text, const VaultKey& key, const StreamKey& secret) {
    BAILIFF_ENSURE(is_role(key.role));
    text += static_cast<char>(key.role.size());
    text += key.role;
    text.append(key.bytes.begin(), key.bytes.end());
    std::string box(wrap_bytes, '\0');
    BAILIFF_ENSURE(
        crypto_box_seal(out(box), secret.bytes.data(), secret.bytes.size(), key.bytes.data()) == 0);
    text += box;
}

/// The context stands in the first chunk's additional data.
void append_stream(std::string& text, std::string_view plain, std::string_view context,
                   const StreamKey& secret) {
    crypto_secretstream_xchacha20poly1305_state state;
    std::string header(crypto_secretstream_xchacha20poly1305_HEADERBYTES, '\0');
    BAILIFF_ENSURE(crypto_secretstream_xchacha20poly1305_init_push(&state, out(header),
                                                                   secret.bytes.data()) == 0);
    text += header;
    std::string chunk;
    do {
        const auto piece = plain.substr(0, chunk_bytes);
        plain.remove_prefix(piece.size());
        chunk.resize(piece.size() + added);
        const auto tag = plain.empty() ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                       : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
        BAILIFF_ENSURE(crypto_secretstream_xchacha20poly1305_push(
                           &state, out(chunk), nullptr, in(piece), piece.size(), in(context),
                           context.size(), static_cast<unsigned char>(tag)) == 0);
        text += chunk;
        context = {};
    } while (!plain.empty());
    sodium_memzero(&state, sizeof state);
}

std::optional<std::string> read_stream(std::string_view stream, std::string_view context,
                                       const StreamKey& secret) {
    constexpr std::size_t header = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
    crypto_secretstream_xchacha20poly1305_state state;
    if (stream.size() < header || crypto_secretstream_xchacha20poly1305_init_pull(
                                      &state, in(stream), secret.bytes.data()) != 0)
        return std::nullopt;
    stream.remove_prefix(header);
    std::string plain;
    plain.reserve(stream.size());
    std::string chunk;
    unsigned char tag = 0;
    while (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
        const auto piece = stream.substr(0, chunk_bytes + added);
        if (piece.size() < added) return std::nullopt;
        stream.remove_prefix(piece.size());
        chunk.resize(piece.size() - added);
        if (crypto_secretstream_xchacha20poly1305_pull(&state, out(chunk), nullptr, &tag, in(piece),
                                                       piece.size(), in(context),
                                                       context.size()) != 0)
            return std::nullopt;
        plain += chunk;
        context = {};
    }
    if (!stream.empty()) return std::nullopt;
    return plain;
}

std::string secret_box_key(std::string_view passphrase, std::string_view salt) {
    std::string key(crypto_secretbox_KEYBYTES, '\0');
    const auto done =
        crypto_pwhash(out(key), key.size(), passphrase.data(), passphrase.size(), in(salt),
                      file_operations, file_memory, crypto_pwhash_ALG_ARGON2ID13);
    if (done != 0) key.clear();
    return key;
}

}  // namespace

std::string VaultKey::line() const {
    return std::string(key_mark) + role + " " +
           to_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Result<VaultKey> VaultKey::parse(std::string_view line) {
    const auto bad = fail(Fault::invalid_input,
                          "expected a line 'bailiff-vault-1 ROLE BASE64' with a role of a to z");
    if (!line.starts_with(key_mark)) return bad;
    line.remove_prefix(key_mark.size());
    while (line.ends_with('\n')) line.remove_suffix(1);
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return bad;
    const auto bytes = from_base64(line.substr(space + 1));
    VaultKey key{std::string(line.substr(0, space)), {}};
    if (!is_role(key.role) || !bytes || bytes->size() != key.bytes.size()) return bad;
    std::ranges::copy(*bytes, key.bytes.begin());
    return key;
}

VaultSecret::VaultSecret(std::string role, const std::array<std::uint8_t, 32>& secret)
    : secret_(secret) {
    start();
    key_.role = std::move(role);
    BAILIFF_ENSURE(crypto_scalarmult_base(key_.bytes.data(), secret_.data()) == 0);
}

VaultSecret::~VaultSecret() {
    sodium_memzero(secret_.data(), secret_.size());
}

VaultSecret VaultSecret::make(std::string role) {
    start();
    Wiped<32> random;
    randombytes_buf(random.bytes.data(), random.bytes.size());
    return {std::move(role), random.bytes};
}

std::string VaultSecret::file(std::string_view passphrase) const {
    std::string salt(crypto_pwhash_SALTBYTES, '\0');
    std::string nonce(crypto_secretbox_NONCEBYTES, '\0');
    randombytes_buf(salt.data(), salt.size());
    randombytes_buf(nonce.data(), nonce.size());
    auto key = secret_box_key(passphrase, salt);
    BAILIFF_ENSURE(!key.empty());
    std::string box(secret_.size() + crypto_secretbox_MACBYTES, '\0');
    BAILIFF_ENSURE(
        crypto_secretbox_easy(out(box), secret_.data(), secret_.size(), in(nonce), in(key)) == 0);
    sodium_memzero(key.data(), key.size());
    return std::string(file_mark) + key_.role + " " + to_base64(salt + nonce + box) + "\n";
}

Result<VaultSecret> VaultSecret::open(std::string_view file, std::string_view passphrase) {
    start();
    const auto bad = fail(Fault::invalid_input, "no private key file of the vault");
    if (!file.starts_with(file_mark)) return bad;
    file.remove_prefix(file_mark.size());
    while (file.ends_with('\n')) file.remove_suffix(1);
    const auto space = file.find(' ');
    if (space == std::string_view::npos) return bad;
    const auto role = file.substr(0, space);
    const auto bytes = from_base64(file.substr(space + 1));
    constexpr std::size_t salt = crypto_pwhash_SALTBYTES, nonce = crypto_secretbox_NONCEBYTES;
    Wiped<32> secret;
    if (!is_role(role) || !bytes ||
        bytes->size() != salt + nonce + secret.bytes.size() + crypto_secretbox_MACBYTES)
        return bad;
    const std::string_view view = *bytes;
    auto key = secret_box_key(passphrase, view.substr(0, salt));
    if (key.empty())
        return fail(Fault::exhausted, "opening the private key takes 256 MiB of memory");
    const auto box = view.substr(salt + nonce);
    const bool opened = crypto_secretbox_open_easy(secret.bytes.data(), in(box), box.size(),
                                                   in(view.substr(salt)), in(key)) == 0;
    sodium_memzero(key.data(), key.size());
    if (!opened) return fail(Fault::invalid_input, "the passphrase does not open the private key");
    return VaultSecret(std::string(role), secret.bytes);
}

std::string seal(std::string_view plain, std::string_view context, std::span<const VaultKey> keys) {
    BAILIFF_ENSURE(!keys.empty() && keys.size() <= wraps_max);
    start();
    StreamKey secret;
    crypto_secretstream_xchacha20poly1305_keygen(secret.bytes.data());
    std::string sealed(magic);
    sealed.reserve(plain.size() + plain.size() / chunk_bytes * added + 1024);
    sealed += static_cast<char>(keys.size());
    for (const auto& key : keys) append_wrap(sealed, key, secret);
    append_stream(sealed, plain, context, secret);
    return sealed;
}

Result<std::string> unseal(std::string_view sealed, std::string_view context,
                           const VaultSecret& secret) {
    start();
    const auto parts = parts_of(sealed);
    if (!parts) return fail(Fault::corrupt, "what is sealed is damaged");
    if (is_erased(sealed)) return fail(Fault::not_found, "it was erased: nobody can open it");
    const auto wrap = std::ranges::find(parts->wraps, secret.key().bytes,
                                        [](const Wrap& one) { return one.to.bytes; });
    if (wrap == parts->wraps.end())
        return fail(Fault::invalid_input,
                    "it is not sealed to this key of '" + secret.key().role + "'");
    StreamKey key;
    if (crypto_box_seal_open(key.bytes.data(), in(wrap->box), wrap->box.size(),
                             secret.key_.bytes.data(), secret.secret_.data()) != 0)
        return fail(Fault::corrupt, "the key of what is sealed is damaged");
    auto plain = read_stream(parts->stream, context, key);
    if (!plain) return fail(Fault::corrupt, "what is sealed was changed, cut, or is another's");
    return *std::move(plain);
}

bool is_sealed(std::string_view bytes) {
    return bytes.starts_with(magic);
}

bool is_erased(std::string_view bytes) {
    return bytes == erased_bytes;
}

Result<std::vector<VaultKey>> sealed_to(std::string_view sealed) {
    const auto parts = parts_of(sealed);
    if (!parts) return fail(Fault::corrupt, "what is sealed is damaged");
    std::vector<VaultKey> keys;
    for (const auto& wrap : parts->wraps) keys.push_back(wrap.to);
    return keys;
}

}  // namespace bailiff
