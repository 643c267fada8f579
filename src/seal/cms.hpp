#pragma once
// A file for others' eyes only: CMS (RFC 5652, RFC 5083), which `openssl cms -decrypt` opens.

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// Who can open what is encrypted: any one of them alone.
class CmsRecipients {
public:
    /// Takes every certificate of a PEM file, called `file` in errors.
    /// Errors   invalid_input: none in it; one that has ended, or is not yet good, at `now`; a key
    ///          that CMS cannot encrypt to (RSA and elliptic curves it can).
    [[nodiscard]] Result<void> add(std::string_view pem, const std::string& file, Instant now);
    [[nodiscard]] bool empty() const;
    /// Of each: subject, and SHA-256 of the certificate.
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

    CmsRecipients();
    ~CmsRecipients();
    CmsRecipients(CmsRecipients&&) noexcept;
    CmsRecipients& operator=(CmsRecipients&&) noexcept;

private:
    friend Result<std::string> cms_encrypted(std::string_view bytes, const CmsRecipients& to);
    struct Certificates;
    std::unique_ptr<Certificates> certificates_;
    std::vector<std::string> names_;
};

/// AuthEnvelopedData in DER, AES-256-GCM, a fresh key each time.
/// Errors   invalid_input: nobody to encrypt to; internal: what OpenSSL says.
/// Threads  any.
[[nodiscard]] Result<std::string> cms_encrypted(std::string_view bytes, const CmsRecipients& to);

}  // namespace bailiff
