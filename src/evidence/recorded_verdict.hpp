#pragma once
// What the files of a bag say of a verdict, and of what it was reached from.

#include <bailiff/attribution.hpp>
#include <bailiff/result.hpp>
#include <bailiff/submission.hpp>
#include <bailiff/verdict.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "src/evidence/exhibits.hpp"

namespace bailiff {

inline constexpr std::string_view verdict_path = "5-analysis/verdict.json";
inline constexpr std::string_view hits_path = "5-analysis/hits.jsonl";
inline constexpr std::string_view access_path = "2-identification/access.jsonl";
inline constexpr std::string_view transactions_path = "3-traffic/transactions.jsonl";

/// The bytes of these files.
struct VerdictTexts {
    std::string_view engine, verdict, hits, access, transactions;
};

struct RecordedVerdict {
    EngineFacts engine;
    Envelope envelope;  ///< door, client's address and port, sender, recipient count, instant
    Attribution
        attribution;  ///< strength; of the service id, account, whether GTUBE counts
    Verdict verdict;  ///< without reasons
};

/// Errors   invalid_input: naming the file, and what it lacks.
[[nodiscard]] Result<RecordedVerdict> recorded_verdict(const VerdictTexts& texts);

/// The addresses of 3-traffic/recipients.full.jsonl.  Errors   invalid_input.
[[nodiscard]] Result<std::vector<std::string>> recorded_recipients(std::string_view text);

}  // namespace bailiff
