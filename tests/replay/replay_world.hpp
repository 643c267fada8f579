#pragma once
// The real stations over some hundred generated messages: rules on RE2, weights, counters, traps,
// decide and plan. Run once with features noted through the real table, and once more with other
// settings.

#include <string>
#include <vector>

#include "lmdb/feature_reader.hpp"
#include "rules/rule_set.hpp"
#include "src/inspect/reputation.hpp"
#include "src/pipeline/judgement.hpp"
#include "src/replay/replay.hpp"
#include "src/rspamd/weights.hpp"

namespace bailiff::replaying {

/// A directory that is gone with the object.
class TempDir {
public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    [[nodiscard]] std::string operator/(const std::string& name) const {
        return path_ + "/" + name;
    }

private:
    std::string path_;
};

/// All that an operator may change; the fields begin as the old ones.
struct Setup {
    std::string rules;    ///< text of the one rule file
    std::string weights;  ///< text of the file of rspamd's weights
    Settings settings;
    Traps traps;
    bool asks_rspamd = true;
};

[[nodiscard]] Setup old_setup();

/// A message and what the world says beside it.
struct Letter {
    Submission submission;
    std::vector<std::string> symbols;  ///< of rspamd
    bool silent = false;               ///< rspamd
    bool slow = false;                 ///< the verdict comes late
};

/// The same ones for the same seed.
[[nodiscard]] std::vector<Letter> generated(std::size_t count);

/// What the live engine says of all of them, in order. With `path` rows are noted there, in the
/// environment of that name.
[[nodiscard]] std::vector<Judgement> run(const Setup& setup, const std::vector<Letter>& cases,
                                         const std::string& path = {});

struct KeptRow {
    std::uint32_t book = 0;
    FeatureRow row;
};
[[nodiscard]] std::vector<KeptRow> kept_rows(const std::string& path);

[[nodiscard]] std::shared_ptr<const RuleSet> compiled(const std::string& rules);
/// `rules` must outlive what is made of it.
[[nodiscard]] ReplayRules replay_rules(const Setup& setup, const RuleSet& rules);

/// Everything that is said and done, without the reasons of findings: those show words of the mail.
[[nodiscard]] std::string said(const Verdict& verdict, const Plan& plan);

}  // namespace bailiff::replaying
