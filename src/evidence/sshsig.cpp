#include "src/evidence/sshsig.hpp"

#include <algorithm>
#include <bailiff/base64.hpp>
#include <bailiff/digest.hpp>
#include <optional>

namespace bailiff::ssh {
namespace {

constexpr std::string_view key_type = "ssh-ed25519";
constexpr std::string_view hash_name = "sha512";
constexpr std::string_view signature_magic = "SSHSIG";
constexpr std::string_view key_magic{"openssh-key-v1\0", 15};
constexpr std::size_t columns = 70;

std::string number(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xffU);
    return bytes;
}

/// RFC 4251, section 5: "string".
std::string str(std::string_view bytes) {
    return number(static_cast<std::uint32_t>(bytes.size())).append(bytes);
}

std::string key_blob(const PublicKey& key) {
    return str(key_type) + str(raw(key));
}

std::string armour(std::string_view bytes, const std::string& what) {
    const auto text = to_base64(bytes);
    std::string armoured = "-----BEGIN " + what + "-----\n";
    for (std::size_t at = 0; at < text.size(); at += columns)
        armoured.append(text, at, columns).append("\n");
    return armoured + "-----END " + what + "-----\n";
}

std::optional<std::string> without_armour(std::string_view text, const std::string& what) {
    const auto head = "-----BEGIN " + what + "-----\n";
    const auto foot = "-----END " + what + "-----";
    if (!text.starts_with(head)) return std::nullopt;
    text.remove_prefix(head.size());
    const auto end = text.find(foot);
    if (end == std::string_view::npos) return std::nullopt;
    const auto rest = text.substr(end + foot.size());
    if (!rest.empty() && rest != "\n") return std::nullopt;
    std::string digits(text.substr(0, end));
    std::erase(digits, '\n');
    return from_base64(digits);
}

std::string signed_bytes(std::string_view file, std::string_view name_space) {
    return std::string(signature_magic) + str(name_space) + str("") + str(hash_name) +
           str(sha512(file));
}

/// Reads what number() and str() wrote; all empty once something was missing.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}
    bool take(std::string_view expected) {
        if (!rest_.starts_with(expected)) return ok_ = false;
        rest_.remove_prefix(expected.size());
        return ok_;
    }
    std::uint32_t number() {
        std::uint32_t value = 0;
        if (rest_.size() < 4) return ok_ = false, 0;
        for (const auto c : rest_.substr(0, 4)) value = value << 8U | static_cast<std::uint8_t>(c);
        rest_.remove_prefix(4);
        return value;
    }
    std::string_view str() {
        const auto size = number();
        if (!ok_ || rest_.size() < size) return ok_ = false, std::string_view{};
        const auto bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return bytes;
    }
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    bool ok_ = true;
};

Failure no(const std::string& why) {
    return fail(Fault::invalid_input, why);
}

std::optional<PublicKey> key_of_blob(std::string_view blob) {
    Reader reader(blob);
    const bool type = reader.str() == key_type;
    const auto bytes = reader.str();
    PublicKey key;
    if (!reader.ok() || !type || bytes.size() != key.bytes.size() || !reader.rest().empty())
        return std::nullopt;
    std::ranges::copy(bytes, key.bytes.begin());
    return key;
}

}  // namespace

std::string sign(std::string_view file, std::string_view name_space, const SigningKey& key) {
    const auto signature = key.sign(signed_bytes(file, name_space));
    const auto blob = std::string(signature_magic) + number(1) + str(key_blob(key.public_key())) +
                      str(name_space) + str("") + str(hash_name) +
                      str(str(key_type) + str(raw(signature)));
    return armour(blob, "SSH SIGNATURE");
}

Result<void> check(std::string_view armoured, std::string_view file, std::string_view name_space,
                   const PublicKey& key) {
    const auto blob = without_armour(armoured, "SSH SIGNATURE");
    if (!blob) return no("no SSH signature in its armour");
    Reader reader(*blob);
    if (!reader.take(signature_magic) || reader.number() != 1)
        return no("no SSH signature of version 1");
    const auto signer = key_of_blob(reader.str());
    const auto said = reader.str();
    const auto reserved = reader.str();
    const auto hash = reader.str();
    const auto inner = reader.str();
    if (!reader.ok() || !reader.rest().empty() || !signer || !reserved.empty())
        return no("an SSH signature that is damaged, or not by an Ed25519 key");
    if (said != name_space)
        return no("signed for the namespace '" + std::string(said) + "', expected '" +
                  std::string(name_space) + "'");
    if (hash != hash_name) return no("signed over '" + std::string(hash) + "', expected sha512");
    if (*signer != key)
        return no("signed by " + fingerprint(*signer) + ", expected " + fingerprint(key));
    Reader of(inner);
    const bool type = of.str() == key_type;
    const auto bytes = of.str();
    Signature signature;
    if (!type || !of.ok() || !of.rest().empty() || bytes.size() != signature.bytes.size())
        return no("an SSH signature that is damaged");
    std::ranges::copy(bytes, signature.bytes.begin());
    if (!verify(key, signed_bytes(file, name_space), signature))
        return no("the signature is not one of these bytes");
    return {};
}

Result<PublicKey> signer_of(std::string_view armoured) {
    const auto blob = without_armour(armoured, "SSH SIGNATURE");
    if (!blob) return no("no SSH signature in its armour");
    Reader reader(*blob);
    (void)reader.take(signature_magic);
    (void)reader.number();
    const auto signer = key_of_blob(reader.str());
    if (!reader.ok() || !signer) return no("no SSH signature by an Ed25519 key");
    return *signer;
}

std::string public_line(const PublicKey& key) {
    return std::string(key_type) + " " + to_base64(key_blob(key));
}

Result<PublicKey> parse_public_line(std::string_view line) {
    const auto prefix = std::string(key_type) + " ";
    if (!line.starts_with(prefix)) return no("expected a line 'ssh-ed25519 AAAA…'");
    const auto digits = line.substr(prefix.size());
    const auto blob = from_base64(digits.substr(0, digits.find_first_of(" \r\n")));
    const auto key = blob ? key_of_blob(*blob) : std::nullopt;
    if (!key) return no("expected an Ed25519 key in base64 behind 'ssh-ed25519'");
    return *key;
}

std::string private_file(const SigningKey& key, std::string_view comment) {
    const auto blob = key_blob(key.public_key());
    const auto& seed = key.seed();
    std::string secret(seed.begin(), seed.end());
    secret += raw(key.public_key());
    // Two equal numbers tell a decrypted key from noise; nothing is encrypted here.
    const auto same = number(0x6261696c);
    auto inner =
        same + same + str(key_type) + str(raw(key.public_key())) + str(secret) + str(comment);
    for (char pad = 1; inner.size() % 8 != 0; ++pad) inner += pad;
    return armour(std::string(key_magic) + str("none") + str("none") + str("") + number(1) +
                      str(blob) + str(inner),
                  "OPENSSH PRIVATE KEY");
}

Result<SigningKey> parse_private_file(std::string_view text) {
    const auto blob = without_armour(text, "OPENSSH PRIVATE KEY");
    if (!blob) return no("no OpenSSH private key file");
    Reader reader(*blob);
    if (!reader.take(key_magic)) return no("no OpenSSH private key of version 1");
    const auto cipher = reader.str();
    if (cipher != "none") return no("the private key is encrypted");
    (void)reader.str();
    (void)reader.str();
    if (reader.number() != 1) return no("expected one private key");
    (void)reader.str();
    Reader inner(reader.str());
    const auto first = inner.number();
    const bool same = inner.number() == first;
    const bool type = inner.str() == key_type;
    const auto shown = inner.str();
    const auto secret = inner.str();
    std::array<std::uint8_t, 32> seed{};
    if (!reader.ok() || !inner.ok() || !same || !type || secret.size() != 2 * seed.size())
        return no("expected an Ed25519 private key");
    std::ranges::copy(secret.substr(0, seed.size()), seed.begin());
    SigningKey key(seed);
    if (raw(key.public_key()) != shown) return no("the private key does not fit its public key");
    return key;
}

std::string fingerprint(const PublicKey& key) {
    auto text = to_base64(raw(sha256(key_blob(key))));
    while (text.ends_with('=')) text.pop_back();
    return "SHA256:" + text;
}

}  // namespace bailiff::ssh
