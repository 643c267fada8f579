#include "src/seal/cms.hpp"

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <bailiff/digest.hpp>

#include "src/seal/openssl_handles.hpp"

namespace bailiff {
namespace {

using namespace openssl;
constexpr std::size_t subject_bytes_max = 120;  // it goes into a reason

using Content = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;

std::string subject_of(X509* certificate) {
    const Bio text(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0,
                       XN_FLAG_RFC2253 | ASN1_STRFLGS_ESC_MSB);
    return written(text.get());
}

std::string der_of(X509* certificate) {
    const Bio der(BIO_new(BIO_s_mem()));
    i2d_X509_bio(der.get(), certificate);
    return written(der.get());
}

Result<void> check(X509* certificate, const std::string& file, Instant now) {
    const auto refuse = [&](const char* why) {
        return fail(Fault::invalid_input,
                    file + ": the certificate of " + subject_of(certificate) + " " + why);
    };
    auto seconds = static_cast<std::time_t>(
        std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count());
    if (X509_cmp_time(X509_get0_notAfter(certificate), &seconds) <= 0) return refuse("has ended");
    if (X509_cmp_time(X509_get0_notBefore(certificate), &seconds) > 0)
        return refuse("is not good yet");
    const auto kind = EVP_PKEY_get_base_id(X509_get0_pubkey(certificate));
    if (kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC)
        return refuse("has a key nothing can be encrypted to: expected RSA or an elliptic curve");
    return {};
}

}  // namespace

struct CmsRecipients::Certificates {
    openssl::Certificates all{sk_X509_new_null()};
};

CmsRecipients::CmsRecipients() : certificates_(std::make_unique<Certificates>()) {}
CmsRecipients::~CmsRecipients() = default;
CmsRecipients::CmsRecipients(CmsRecipients&&) noexcept = default;
CmsRecipients& CmsRecipients::operator=(CmsRecipients&&) noexcept = default;

bool CmsRecipients::empty() const {
    return names_.empty();
}

Result<void> CmsRecipients::add(std::string_view pem, const std::string& file, Instant now) {
    const ErrorScope scope;
    const auto bio = bio_over(pem);
    std::size_t found = 0;
    for (;; ++found) {
        Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!certificate) break;
        BAILIFF_CHECK(check(certificate.get(), file, now));
        names_.push_back(subject_of(certificate.get()).substr(0, subject_bytes_max) + ", SHA-256 " +
                         sha256(der_of(certificate.get())).hex());
        if (sk_X509_push(certificates_->all.get(), certificate.get()) > 0)
            (void)certificate.release();
    }
    if (found == 0) return fail(Fault::invalid_input, file + ": expected a certificate in PEM");
    return {};
}

Result<std::string> cms_encrypted(std::string_view bytes, const CmsRecipients& to) {
    if (to.empty()) return fail(Fault::invalid_input, "nobody to encrypt to");
    const ErrorScope scope;
    const auto bio = bio_over(bytes);
    const Content content(
        CMS_encrypt(to.certificates_->all.get(), bio.get(), EVP_aes_256_gcm(), CMS_BINARY));
    const Bio der(BIO_new(BIO_s_mem()));
    if (!content || !der || i2d_CMS_bio(der.get(), content.get()) != 1)
        return fail(Fault::internal, "encrypting: " + first_reason());
    return written(der.get());
}

}  // namespace bailiff
