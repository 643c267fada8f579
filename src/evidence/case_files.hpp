#pragma once
// The files of a bag that tell of the case: what the enforcer writes beside what the milter kept.

#include <bailiff/case.hpp>
#include <bailiff/holder.hpp>
#include <optional>
#include <string>
#include <vector>

#include "src/evidence/exhibits.hpp"

namespace bailiff {

/// How well the machine's clock was known when the bag was sealed.
struct ClockState {
    bool synced = false;
    std::int64_t error_us = 0;  ///< as the kernel estimates it
};

/// Who the holder was at the time, and where that is from.
struct HolderFacts {
    std::optional<Holder> holder;
    std::string source;  ///< "lookup hook", "imported holders"; of nobody: why not
    Instant at{};
};

/// All that a bag is made of.
struct BagFacts {
    Case record;
    std::vector<Action> actions;
    std::string node;
    Instant at{};  ///< when the bag is made
    ClockState clock;
    HolderFacts holder;  ///< of the first bag only
    std::uint32_t number = 0;
    std::string previous;  ///< digest of the tag manifest before; of addenda
    std::vector<Instant> sealed;  ///< when each of the bags before was
};

/// What a record of this case cannot show, whoever writes it and when; never empty.
[[nodiscard]] Sentences limits_of(const Case& record);
/// And what this bag cannot.
[[nodiscard]] Sentences limits_of(const BagFacts& facts);

/// Of the first bag: record, holder, access, traffic, analysis, decision and custody. Files that
/// are small enough to be guessed carry a salt.
[[nodiscard]] std::vector<ExhibitFile> case_files(const BagFacts& facts);

/// Of an addendum: record, decision and custody as they stand now.
[[nodiscard]] std::vector<ExhibitFile> addendum_files(const BagFacts& facts);

/// 8-custody/custody.jsonl: each line names the SHA-256 of the one before.
[[nodiscard]] std::string custody_lines(const BagFacts& facts);

}  // namespace bailiff
