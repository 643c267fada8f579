#pragma once
// What OpenSSL hands out for time stamps, each in a handle that gives it back.

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace bailiff::openssl {

template <auto Free>
struct Freeing {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
template <class T, auto Free>
using Handle = std::unique_ptr<T, Freeing<Free>>;

using Bio = Handle<BIO, BIO_free>;
using Number = Handle<BIGNUM, BN_free>;
using Integer = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using ObjectId = Handle<ASN1_OBJECT, ASN1_OBJECT_free>;
using Imprint = Handle<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using Algorithm = Handle<X509_ALGOR, X509_ALGOR_free>;
using Request = Handle<TS_REQ, TS_REQ_free>;
using Reply = Handle<TS_RESP, TS_RESP_free>;
using Check = Handle<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;
using Certificate = Handle<X509, X509_free>;
using Store = Handle<X509_STORE, X509_STORE_free>;
using StoreCheck = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;

struct FreeCertificates {
    void operator()(STACK_OF(X509) * all) const { sk_X509_pop_free(all, X509_free); }
};
using Certificates = std::unique_ptr<STACK_OF(X509), FreeCertificates>;

struct FreeSpan {
    void operator()(STACK_OF(X509) * all) const { sk_X509_free(all); }
};
/// The certificates in it belong to somebody else.
using CertificateView = std::unique_ptr<STACK_OF(X509), FreeSpan>;

/// The library keeps its errors in the thread: nothing of ours stays there.
class ErrorScope {
public:
    ErrorScope() { ERR_clear_error(); }
    ~ErrorScope() { ERR_clear_error(); }
    ErrorScope(const ErrorScope&) = delete;
    ErrorScope& operator=(const ErrorScope&) = delete;
};

/// Why the library failed, in its words: later entries only say where.
[[nodiscard]] inline std::string first_reason() {
    const auto* reason = ERR_reason_error_string(ERR_peek_error());
    return reason == nullptr ? "no reason given" : reason;
}

[[nodiscard]] inline Bio bio_over(std::string_view bytes) {
    return Bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// What was written to a memory BIO.
[[nodiscard]] inline std::string written(BIO* bio) {
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(bio, &bytes);
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

inline void free_bytes(unsigned char* bytes) {
    OPENSSL_free(bytes);
}

/// The DER form by an i2d function; empty if the library fails.
template <class T>
[[nodiscard]] std::string der(int (*encode)(const T*, unsigned char**), const T* object) {
    unsigned char* bytes = nullptr;
    const int size = encode(object, &bytes);
    const Handle<unsigned char, free_bytes> owner(bytes);
    return size > 0
               ? std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size))
               : std::string();
}

/// An object identifier in dots; empty if it is longer than any in use.
[[nodiscard]] inline std::string dotted(const ASN1_OBJECT* object) {
    char text[128];
    const int length = OBJ_obj2txt(text, sizeof text, object, 1);
    return length > 0 && length < static_cast<int>(sizeof text) ? std::string(text) : std::string();
}

}  // namespace bailiff::openssl
