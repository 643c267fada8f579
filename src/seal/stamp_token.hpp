#pragma once
// The signature of a time stamp and the certificates behind it.

#include <bailiff/clock.hpp>
#include <bailiff/result.hpp>
#include <string>

#include "src/seal/openssl_handles.hpp"

namespace bailiff::openssl {

struct Signer {
    std::string authority;
    std::string chain_pem;
};

/// All certificates of a PEM text, in order; what stands between them is ignored.
/// Errors   invalid_input: one cannot be read.
[[nodiscard]] Result<Certificates> certificates_of(std::string_view pem);

/// Roots that are believed, and the time at which certificates have to be valid.
/// Errors   invalid_input: there is none, or one cannot be read.
[[nodiscard]] Result<Store> roots_of(std::string_view pem, Instant at);

/// Refuses each form of a token whose unsigned parts could say something else than the signed ones.
[[nodiscard]] Result<void> check_form(PKCS7* token);

/// Finds the signer, what its certificate is for, and its way to a root.
/// Order    after check_form().
[[nodiscard]] Result<Signer> find_signer(PKCS7* token, X509_STORE* roots, STACK_OF(X509) * between);

/// One line of ASCII; other characters are escaped.
[[nodiscard]] std::string line_of(const X509_NAME* name);
/// A certificate's subject.
[[nodiscard]] std::string subject_of(X509* certificate);

}  // namespace bailiff::openssl
