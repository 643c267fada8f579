#include "src/seal/stamp_token.hpp"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <array>

namespace bailiff::openssl {
namespace {

/// A chain in use has 3 or 4; the library's own bound of 100 is room for mischief.
constexpr int chain_certificates_max = 8;
/// 112 bits: RSA from 2048, no SHA-1 between the root and the signer.
constexpr int strength = 2;

Failure refused(std::string what) {
    return fail(Fault::invalid_input, std::move(what));
}

std::string name_of(int nid) {
    const auto* name = OBJ_nid2sn(nid);
    return nid == NID_undef || name == nullptr ? "another one" : name;
}

/// Parameters that say nothing: absent or NULL.
bool is_plain(const X509_ALGOR* algorithm) {
    int type = V_ASN1_UNDEF;
    X509_ALGOR_get0(nullptr, &type, nullptr, algorithm);
    return type == V_ASN1_UNDEF || type == V_ASN1_NULL;
}

int nid_of(const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
    return OBJ_obj2nid(object);
}

/// Signed attributes whose value the library takes for one ASN.1 type; before 3.0.19 unlooked.
struct AttributeForm {
    int nid;
    int type;
    bool required;
};
constexpr std::array attribute_forms{
    AttributeForm{NID_pkcs9_contentType, V_ASN1_OBJECT, true},
    AttributeForm{NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, true},
    AttributeForm{NID_id_smime_aa_signingCertificate, V_ASN1_SEQUENCE, false},
    AttributeForm{NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE, false},
};

Result<void> check_attributes(PKCS7_SIGNER_INFO* signer) {
    for (const auto& form : attribute_forms) {
        const ASN1_TYPE* value = PKCS7_get_signed_attribute(signer, form.nid);
        if (value == nullptr && !form.required) continue;
        if (value == nullptr) return refused("the signature lacks " + name_of(form.nid));
        if (ASN1_TYPE_get(value) != form.type)
            return refused("the signature's " + name_of(form.nid) + " is malformed");
    }
    const ASN1_TYPE* content = PKCS7_get_signed_attribute(signer, NID_pkcs9_contentType);
    if (OBJ_obj2nid(content->value.object) != NID_id_smime_ct_TSTInfo)
        return refused("what is signed is no time stamp");
    return {};
}

/// The signature's algorithm is named outside of what is signed: only the key's own is taken.
Result<void> check_algorithm(const PKCS7_SIGNER_INFO* signer, X509* certificate) {
    const int digest = nid_of(signer->digest_alg), named = nid_of(signer->digest_enc_alg);
    const auto* key = X509_get0_pubkey(certificate);
    if (key == nullptr) return refused("the signer's key cannot be read: " + first_reason());
    const int kind = EVP_PKEY_get_base_id(key);
    int part = NID_undef, by = NID_undef;
    const bool whole = OBJ_find_sigid_algs(named, &part, &by) == 1 && part == digest && by == kind;
    const bool rsa = named == NID_rsaEncryption && kind == EVP_PKEY_RSA;
    if ((!whole && !rsa) || !is_plain(signer->digest_enc_alg))
        return refused("the signature says it is " + name_of(named) + ", the signer's key is " +
                       name_of(kind));
    return {};
}

/// The library finds a certificate whatever the case of the letters of its issuer's name.
Result<void> check_name(const PKCS7_SIGNER_INFO* signer, const X509* certificate) {
    const X509_NAME* said = signer->issuer_and_serial->issuer;
    if (der(i2d_X509_NAME, said) == der(i2d_X509_NAME, X509_get_issuer_name(certificate)))
        return {};
    return refused("the signature says that its certificate is issued by '" + line_of(said) +
                   "', it is issued by '" + line_of(X509_get_issuer_name(certificate)) + "'");
}

Result<void> check_purpose(X509* signer) {
    const int at = X509_get_ext_by_NID(signer, NID_ext_key_usage, -1);
    const auto expected = [&](const std::string& came) {
        return refused("the certificate of '" + subject_of(signer) +
                       "' must be for time stamps only, and say so critically: " + came);
    };
    if (at < 0) return expected("it does not say what it is for");
    if (X509_get_extended_key_usage(signer) != XKU_TIMESTAMP)
        return expected("it is for something else");
    if (X509_EXTENSION_get_critical(X509_get_ext(signer, at)) == 0)
        return expected("it is not critical");
    return {};
}

std::string pem_of(STACK_OF(X509) * chain) {
    const Bio out(BIO_new(BIO_s_mem()));
    // The root comes from elsewhere; a signer that is its own root is still needed.
    const int count = std::max(1, sk_X509_num(chain) - 1);
    for (int i = 0; out && i < count; ++i)
        if (PEM_write_bio_X509(out.get(), sk_X509_value(chain, i)) != 1) return {};
    return out ? written(out.get()) : std::string();
}

std::string time_of(const ASN1_TIME* time) {
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || ASN1_TIME_print_ex(out.get(), time, ASN1_DTFLGS_ISO8601) != 1) return "?";
    return written(out.get());
}

Failure no_way_to_root(X509_STORE_CTX* check) {
    const int why = X509_STORE_CTX_get_error(check);
    auto text = "the certificate of the authority does not lead to a root that is trusted: " +
                std::string(X509_verify_cert_error_string(why));
    if (auto* at = X509_STORE_CTX_get_current_cert(check); at != nullptr)
        text += ", at '" + subject_of(at) + "', issued by '" + line_of(X509_get_issuer_name(at)) +
                "', valid from " + time_of(X509_get0_notBefore(at)) + " to " +
                time_of(X509_get0_notAfter(at));
    return refused(std::move(text));
}

}  // namespace

std::string line_of(const X509_NAME* name) {
    const Bio out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE) < 0) return "?";
    return written(out.get());
}

std::string subject_of(X509* certificate) {
    return line_of(X509_get_subject_name(certificate));
}

Result<Certificates> certificates_of(std::string_view pem) {
    Certificates all(sk_X509_new_null());
    const auto in = bio_over(pem);
    if (!all || !in) return fail(Fault::internal, "no memory for certificates");
    // Without this the library would ask the terminal for the passphrase of an encrypted one.
    const auto no_passphrase = [](char*, int, int, void*) { return -1; };
    for (;;) {
        Certificate one(PEM_read_bio_X509(in.get(), nullptr, no_passphrase, nullptr));
        if (!one) break;
        if (sk_X509_push(all.get(), one.get()) <= 0)
            return fail(Fault::internal, "no memory for certificates");
        static_cast<void>(one.release());
    }
    const auto why = ERR_peek_last_error();
    if (ERR_GET_LIB(why) != ERR_LIB_PEM || ERR_GET_REASON(why) != PEM_R_NO_START_LINE)
        return refused("certificate " + std::to_string(sk_X509_num(all.get()) + 1) +
                       " cannot be read: " + first_reason());
    ERR_clear_error();
    return all;
}

Result<Store> roots_of(std::string_view pem, Instant at) {
    BAILIFF_TRY(const Certificates roots, certificates_of(pem).within("the trusted roots"));
    if (sk_X509_num(roots.get()) == 0) return refused("the trusted roots hold no certificate");
    Store store(X509_STORE_new());
    if (!store) return fail(Fault::internal, "no memory for certificates");
    for (int i = 0; i < sk_X509_num(roots.get()); ++i)
        if (X509_STORE_add_cert(store.get(), sk_X509_value(roots.get(), i)) != 1)
            return fail(Fault::internal, "the library takes no root: " + first_reason());
    auto* rules = X509_STORE_get0_param(store.get());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(seconds));
    X509_VERIFY_PARAM_set_depth(rules, chain_certificates_max);
    X509_VERIFY_PARAM_set_auth_level(rules, strength);
    return store;
}

Result<void> check_form(PKCS7* token) {
    const auto* whole = PKCS7_type_is_signed(token) ? token->d.sign : nullptr;
    if (whole == nullptr || PKCS7_get_detached(token) != 0)
        return refused("the token is no signed time stamp");
    auto* signers = PKCS7_get_signer_info(token);
    const int count = signers == nullptr ? 0 : sk_PKCS7_SIGNER_INFO_num(signers);
    if (count != 1)
        return refused("the token must have one signature, it has " + std::to_string(count));
    auto* signer = sk_PKCS7_SIGNER_INFO_value(signers, 0);
    // RFC 5652, 5.1 and 5.3: what these numbers are follows from the rest.
    if (ASN1_INTEGER_get(whole->version) != 3 || ASN1_INTEGER_get(signer->version) != 1)
        return refused("the token must be of version 3 with a signature of version 1");
    const int digest = nid_of(signer->digest_alg);
    if (digest != NID_sha256 && digest != NID_sha384 && digest != NID_sha512)
        return refused("the signature must be over SHA-256, SHA-384 or SHA-512, it is over " +
                       name_of(digest));
    const bool same = sk_X509_ALGOR_num(whole->md_algs) == 1 &&
                      nid_of(sk_X509_ALGOR_value(whole->md_algs, 0)) == digest &&
                      is_plain(sk_X509_ALGOR_value(whole->md_algs, 0));
    if (!same || !is_plain(signer->digest_alg))
        return refused("the token's digest algorithm must be that of its signature");
    return check_attributes(signer);
}

Result<Signer> find_signer(PKCS7* token, X509_STORE* roots, STACK_OF(X509) * between) {
    const CertificateView found(PKCS7_get0_signers(token, between, 0));
    if (!found || sk_X509_num(found.get()) != 1)
        return refused("the signer's certificate is neither in the reply nor among ours");
    auto* signer = sk_X509_value(found.get(), 0);
    const auto* info = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(token), 0);
    BAILIFF_CHECK(check_name(info, signer));
    BAILIFF_CHECK(check_algorithm(info, signer));
    BAILIFF_CHECK(check_purpose(signer));

    const CertificateView all(sk_X509_dup(between));
    const StoreCheck check(X509_STORE_CTX_new());
    if (!all || !check) return fail(Fault::internal, "no memory for certificates");
    const auto* theirs = token->d.sign->cert;
    for (int i = 0; i < sk_X509_num(theirs); ++i)
        if (sk_X509_push(all.get(), sk_X509_value(theirs, i)) <= 0)
            return fail(Fault::internal, "no memory for certificates");
    if (X509_STORE_CTX_init(check.get(), roots, signer, all.get()) != 1 ||
        X509_STORE_CTX_set_purpose(check.get(), X509_PURPOSE_TIMESTAMP_SIGN) != 1)
        return fail(Fault::internal, "the library checks no certificate: " + first_reason());
    if (X509_verify_cert(check.get()) != 1) return no_way_to_root(check.get());
    return Signer{subject_of(signer), pem_of(X509_STORE_CTX_get0_chain(check.get()))};
}

}  // namespace bailiff::openssl
