#include "src/evidence/content_class.hpp"

#include <algorithm>
#include <array>

namespace bailiff {
namespace {

struct Word {
    std::string_view word;  ///< within the name of a rule or symbol
    std::string_view kind;
};

// The first one that fits. Names of our rules and of rspamd's symbols.
constexpr std::array words{
    Word{"MALWARE", "malware"},
    Word{"VIRUS", "malware"},
    Word{"CLAM", "malware"},
    Word{"BAD_EXTENSION", "malware"},
    Word{"MIME_EXE", "malware"},
    Word{"MW_SURBL", "malware"},
    Word{"PHISH", "phishing"},
    Word{"PH_SURBL", "phishing"},
    Word{"FEE_", "fraud"},
    Word{"LOAN_", "fraud"},
    Word{"CRYPTO_", "fraud"},
    Word{"SCAM", "fraud"},
    Word{"BITCOIN", "fraud"},
    Word{"CASINO_", "spam_commercial"},
    Word{"PHARMA_", "spam_commercial"},
    Word{"SEO_", "spam_commercial"},
};

std::string_view kind_of(const Finding& finding) {
    const auto found = std::ranges::find_if(words, [&](const Word& word) {
        return finding.symbol.find(word.word) != std::string::npos;
    });
    return found == words.end() ? "" : found->kind;
}

}  // namespace

std::string_view content_class(const Case& record) {
    if (record.path == "compromised") return "compromised_account";
    std::string_view heaviest = record.envelope.mail_from.empty() ? "backscatter" : "other";
    MilliPoints most = 0;
    for (const auto& word : words) {
        MilliPoints weight = 0;
        for (const auto& finding : record.verdict.findings)
            if (kind_of(finding) == word.kind) weight = add(weight, finding.score);
        if (weight <= most) continue;
        most = weight;
        heaviest = word.kind;
    }
    return heaviest;
}

}  // namespace bailiff
