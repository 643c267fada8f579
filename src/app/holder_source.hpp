#pragma once
// Who the holder of a service is at this moment: the lookup hook, then the imported holders.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/settings.hpp>
#include <memory>
#include <string>

#include "lmdb/holders.hpp"
#include "src/evidence/case_files.hpp"

namespace bailiff {

/// Threads  one.
class HolderSource {
public:
    /// All of them must outlive it.
    HolderSource(const Settings& settings, const Directory& directory, const Clock& clock,
                 Journal& journal);

    /// Never fails: that nobody is named is a fact, with its reason.
    [[nodiscard]] HolderFacts of(const Case& record);

private:
    /// Into `facts`, who the hook says it is; else why not.
    void ask(const Service& service, HolderFacts& facts);
    void import_of(const Service& service, HolderFacts& facts) const;
    [[nodiscard]] Result<std::optional<Holder>> answer_of(const Service& service) const;
    void note(const std::string& why);

    const Settings& settings_;
    const Directory& directory_;
    const Clock& clock_;
    Journal& journal_;
    std::unique_ptr<HolderStore> holders_;  ///< none: not to be read
    SteadyInstant silent_until_{};          ///< a hook that fails is left alone till then
    std::string why_;                       ///< the last question failed; empty: it did not
};

}  // namespace bailiff
