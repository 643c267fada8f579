#pragma once
// The text files of a record: what stands where, and how to check it.

#include <bailiff/clock.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/ids.hpp>
#include <bailiff/sentence.hpp>
#include <string>
#include <vector>

namespace bailiff {

/// What whoever checks must compare with what reached him by another way.
struct VerifyFacts {
    CaseId case_id;
    std::string operator_name;
    std::string identity;         ///< "evidence@host.example"
    std::string name_space;       ///< of the signature
    Digest bag;                   ///< SHA-256 of tagmanifest-sha256.txt
    Instant sealed{};             ///< at which the key must have been valid
    std::string key_fingerprint;  ///< "SHA256:…", of the signing key
    std::string log_origin;
    std::string log_key_digest;  ///< SHA-256 of the log's key in DER, 64 digits
    std::string stamp_authority;
    std::string stamp_root_digest;  ///< SHA-256 of its root certificate in DER, 64 digits
    std::string site;               ///< where the keys are published; empty: nowhere
    std::string dns_name;           ///< with the fingerprints in a TXT record; empty: none
};

/// "seals/VERIFY.en.txt", "seals/VERIFY.fr.txt": commands are the lines moved in by four blanks.
/// Threads  any.
[[nodiscard]] std::string verify_text(const VerifyFacts& facts, Language language);

struct ReadmeFacts {
    CaseId case_id;
    std::string operator_name;
    std::string software;
    Instant written{};
    std::vector<std::string> files;  ///< below data/, all of the record
};

/// "data/README.en.txt", "data/README.fr.txt": each folder and file with what it is.
/// Threads  any.
[[nodiscard]] std::string readme_text(const ReadmeFacts& facts, Language language);

}  // namespace bailiff
