#include "src/seal/timestamp.hpp"

#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <bailiff/ed25519.hpp>
#include <cstdint>
#include <optional>

#include "src/seal/openssl_handles.hpp"
#include "src/seal/stamp_token.hpp"

namespace bailiff {
namespace {

using namespace openssl;

/// A status text is cut here.
constexpr std::size_t status_text_bytes_max = 200;

Failure refused(std::string what) {
    return fail(Fault::invalid_input, std::move(what));
}

Failure no_memory() {
    return fail(Fault::internal, "no memory for a time stamp");
}

std::string printable(const ASN1_STRING* text) {
    std::string out(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                    static_cast<std::size_t>(ASN1_STRING_length(text)));
    out.resize(std::min(out.size(), status_text_bytes_max));
    std::ranges::replace_if(
        out, [](char c) { return c < ' ' || c > '~'; }, '?');
    return out;
}

std::string hex(const ASN1_INTEGER* number) {
    const Number value(ASN1_INTEGER_to_BN(number, nullptr));
    char* digits = value ? BN_bn2hex(value.get()) : nullptr;
    std::string text = digits == nullptr ? "?" : digits;
    OPENSSL_free(digits);
    return text;
}

Result<void> set_imprint(TS_REQ* request, std::string_view data) {
    auto digest = sha512(data);
    const Imprint imprint(TS_MSG_IMPRINT_new());
    const Algorithm algorithm(X509_ALGOR_new());
    if (!imprint || !algorithm ||
        X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha512), V_ASN1_NULL, nullptr) != 1 ||
        TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) != 1 ||
        TS_MSG_IMPRINT_set_msg(imprint.get(), reinterpret_cast<unsigned char*>(digest.data()),
                               static_cast<int>(digest.size())) != 1 ||
        TS_REQ_set_msg_imprint(request, imprint.get()) != 1)
        return no_memory();
    return {};
}

Result<Request> new_request(std::string_view data) {
    Request request(TS_REQ_new());
    if (!request || TS_REQ_set_version(request.get(), 1) != 1 ||
        TS_REQ_set_cert_req(request.get(), 1) != 1)
        return no_memory();
    BAILIFF_CHECK(set_imprint(request.get(), data));
    return request;
}

Result<void> set_nonce(TS_REQ* request, Entropy& entropy) {
    // 64 bits: the RFC's own example, and what every authority takes.
    std::array<std::uint8_t, 8> random{};
    entropy.fill(random);
    const Number value(BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
    const Integer nonce(value ? BN_to_ASN1_INTEGER(value.get(), nullptr) : nullptr);
    if (!nonce || TS_REQ_set_nonce(request, nonce.get()) != 1) return no_memory();
    return {};
}

Result<Request> request_of(const StampQuestion& question, std::string_view data) {
    const auto* at = reinterpret_cast<const unsigned char*>(question.request.data());
    Request asked(d2i_TS_REQ(nullptr, &at, static_cast<long>(question.request.size())));
    if (!asked || TS_REQ_get_nonce(asked.get()) == nullptr)
        return refused("the question is none of ours: " + first_reason());
    // The policy and nonce are the question's, the imprint that of the data in hand.
    BAILIFF_CHECK(set_imprint(asked.get(), data));
    return asked;
}

Result<Reply> reply_of(std::string_view bytes) {
    if (bytes.size() > stamp_reply_bytes_max)
        return fail(Fault::exhausted, "the reply has " + std::to_string(bytes.size()) +
                                          " bytes, at most " +
                                          std::to_string(stamp_reply_bytes_max) + " are read");
    const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
    Reply reply(d2i_TS_RESP(nullptr, &at, static_cast<long>(bytes.size())));
    if (!reply) return refused("the reply is no time stamp reply: " + first_reason());
    // RFC 3161 demands DER. Without this there were many spellings of the same stamp.
    if (der(i2d_TS_RESP, reply.get()) != bytes)
        return refused("the reply is not in DER form, or something follows it");
    return reply;
}

constexpr std::array<std::string_view, 6> status_names{
    "granted", "granted with changes", "rejected", "waiting", "revocation near", "revoked"};

Result<void> check_status(TS_RESP* reply) {
    auto* info = TS_RESP_get_status_info(reply);
    const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
    if (status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS) return {};
    const bool known = status >= 0 && status < static_cast<long>(status_names.size());
    auto what = "the authority gives no stamp: status " + std::to_string(status);
    if (known) what += " (" + std::string(status_names[static_cast<std::size_t>(status)]) + ")";
    const auto* bits = TS_STATUS_INFO_get0_failure_info(info);
    const auto failed = [&](int bit) {
        return bits != nullptr && ASN1_BIT_STRING_get_bit(bits, bit) == 1;
    };
    constexpr std::array<std::pair<int, std::string_view>, 8> reasons{{
        {TS_INFO_BAD_ALG, "unknown algorithm"},
        {TS_INFO_BAD_REQUEST, "bad request"},
        {TS_INFO_BAD_DATA_FORMAT, "bad format"},
        {TS_INFO_TIME_NOT_AVAILABLE, "no time"},
        {TS_INFO_UNACCEPTED_POLICY, "policy not accepted"},
        {TS_INFO_UNACCEPTED_EXTENSION, "extension not accepted"},
        {TS_INFO_ADD_INFO_NOT_AVAILABLE, "information not available"},
        {TS_INFO_SYSTEM_FAILURE, "system failure"},
    }};
    for (const auto& reason : reasons)
        if (failed(reason.first)) what += ", " + std::string(reason.second);
    const auto* texts = TS_STATUS_INFO_get0_text(info);
    if (texts != nullptr && sk_ASN1_UTF8STRING_num(texts) > 0)
        what += ": '" + printable(sk_ASN1_UTF8STRING_value(texts, 0)) + "'";
    const bool later = status == TS_STATUS_WAITING || failed(TS_INFO_TIME_NOT_AVAILABLE) ||
                       failed(TS_INFO_SYSTEM_FAILURE);
    return fail(later ? Fault::unavailable : Fault::invalid_input, std::move(what));
}

Result<void> check_imprint(TS_MSG_IMPRINT* asked, TS_MSG_IMPRINT* came) {
    const X509_ALGOR* algorithm = TS_MSG_IMPRINT_get_algo(came);
    const ASN1_OBJECT* name = nullptr;
    int parameters = V_ASN1_UNDEF;
    X509_ALGOR_get0(&name, &parameters, nullptr, algorithm);
    if (OBJ_obj2nid(name) != NID_sha512 ||
        (parameters != V_ASN1_UNDEF && parameters != V_ASN1_NULL))
        return refused("the stamp must be over a SHA-512, it is over " + dotted(name));
    if (ASN1_OCTET_STRING_cmp(TS_MSG_IMPRINT_get_msg(asked), TS_MSG_IMPRINT_get_msg(came)) != 0)
        return refused("the stamp is over other data: its SHA-512 is not that of ours");
    return {};
}

Result<void> check_answer(TS_REQ* asked, TS_TST_INFO* info) {
    if (TS_TST_INFO_get_version(info) != 1)
        return refused("the stamp must be of version 1, it is of version " +
                       std::to_string(TS_TST_INFO_get_version(info)));
    BAILIFF_CHECK(check_imprint(TS_REQ_get_msg_imprint(asked), TS_TST_INFO_get_msg_imprint(info)));
    const auto* nonce = TS_REQ_get_nonce(asked);
    const auto* answered = TS_TST_INFO_get_nonce(info);
    if (nonce != nullptr && answered == nullptr) return refused("the stamp lacks our nonce");
    if (nonce != nullptr && ASN1_INTEGER_cmp(nonce, answered) != 0)
        return refused("the stamp is for another question: nonce " + hex(answered) + ", expected " +
                       hex(nonce));
    const auto* policy = TS_REQ_get_policy_id(asked);
    if (policy != nullptr && OBJ_cmp(policy, TS_TST_INFO_get_policy_id(info)) != 0)
        return refused("the stamp is under policy " + dotted(TS_TST_INFO_get_policy_id(info)) +
                       ", asked for " + dotted(policy));
    return {};
}

Result<void> check_policy(const std::string& policy, const std::vector<std::string>& allowed) {
    if (policy.empty()) return refused("the stamp's policy is too long to be one");
    if (allowed.empty() || std::ranges::find(allowed, policy) != allowed.end()) return {};
    std::string list;
    for (const auto& one : allowed) list += (list.empty() ? "" : ", ") + one;
    return refused("the stamp is under policy " + policy + ", trusted are " + list);
}

/// "20261124042512.5Z" (RFC 3161, 2.4.2) as RFC 3339.
Result<Instant> instant_of(const ASN1_GENERALIZEDTIME* time) {
    auto text = printable(time);
    if (text.size() >= 15)
        text.insert(12, ":").insert(10, ":").insert(8, "T").insert(6, "-").insert(4, "-");
    return parse_rfc3339(text).within("the stamp's time");
}

Result<void> check_clock(Instant at, Instant now, std::chrono::seconds difference) {
    if (std::chrono::abs(at - now) <= difference) return {};
    return refused("the stamp says " + to_rfc3339(at) + ", our clock " + to_rfc3339(now) +
                   ": more than " + std::to_string(difference.count()) + " s apart");
}

/// Ours name the reason of a refusal; the library's own check of the whole has the last word.
Result<void> check_whole(TS_REQ* asked, TS_RESP* reply, Store roots, Certificates between) {
    const Check check(TS_REQ_to_TS_VERIFY_CTX(asked, nullptr));
    if (!check) return no_memory();
    TS_VERIFY_CTX_add_flags(check.get(), TS_VFY_SIGNATURE | TS_VFY_SIGNER);
    TS_VERIFY_CTX_set_store(check.get(), roots.release());
    TS_VERIFY_CTX_set_certs(check.get(), between.release());
    if (TS_RESP_verify_response(check.get(), reply) != 1)
        return refused("the stamp's signature does not hold: " + first_reason());
    return {};
}

Result<Stamp> judge(std::string_view bytes, TS_REQ* asked, const StampTrust& trust,
                    std::optional<Instant> now) {
    BAILIFF_TRY(const Reply reply, reply_of(bytes));
    BAILIFF_CHECK(check_status(reply.get()));
    auto* token = TS_RESP_get_token(reply.get());
    auto* info = TS_RESP_get_tst_info(reply.get());
    if (token == nullptr || info == nullptr) return refused("the reply holds no stamp");
    BAILIFF_CHECK(check_form(token));
    BAILIFF_CHECK(check_answer(asked, info));
    Stamp stamp;
    stamp.serial = hex(TS_TST_INFO_get_serial(info));
    stamp.policy = dotted(TS_TST_INFO_get_policy_id(info));
    BAILIFF_CHECK(check_policy(stamp.policy, trust.policies));
    BAILIFF_TRY(stamp.at, instant_of(TS_TST_INFO_get_time(info)));
    BAILIFF_TRY(Store roots, roots_of(trust.roots_pem, stamp.at));
    BAILIFF_TRY(Certificates between,
                certificates_of(trust.untrusted_pem).within("the certificates between"));
    BAILIFF_TRY(auto signer, find_signer(token, roots.get(), between.get()));
    BAILIFF_CHECK(check_whole(asked, reply.get(), std::move(roots), std::move(between)));
    // Last: a time that nobody signed says nothing about a clock.
    if (now) BAILIFF_CHECK(check_clock(stamp.at, *now, trust.clock_difference));
    stamp.authority = std::move(signer.authority);
    stamp.chain_pem = std::move(signer.chain_pem);
    return stamp;
}

}  // namespace

Result<StampQuestion> ask_stamp(std::string_view data, Entropy& entropy,
                                const std::string& policy_oid) {
    const ErrorScope scope;
    BAILIFF_TRY(const Request request, new_request(data));
    BAILIFF_CHECK(set_nonce(request.get(), entropy));
    if (!policy_oid.empty()) {
        const ObjectId policy(OBJ_txt2obj(policy_oid.c_str(), 1));
        if (!policy) return refused("'" + policy_oid + "' is no policy: expected dots and numbers");
        if (TS_REQ_set_policy_id(request.get(), policy.get()) != 1) return no_memory();
    }
    StampQuestion question{der(i2d_TS_REQ, request.get())};
    if (question.request.empty()) return no_memory();
    return question;
}

Result<Stamp> read_stamp(std::string_view reply_der, std::string_view data,
                         const StampQuestion& question, const StampTrust& trust, Instant now) {
    const ErrorScope scope;
    BAILIFF_TRY(const Request asked, request_of(question, data));
    return judge(reply_der, asked.get(), trust, now);
}

Result<Stamp> check_stamp(std::string_view reply_der, std::string_view data,
                          const StampTrust& trust) {
    const ErrorScope scope;
    BAILIFF_TRY(const Request asked, new_request(data));
    return judge(reply_der, asked.get(), trust, std::nullopt);
}

}  // namespace bailiff
