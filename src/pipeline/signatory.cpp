#include "src/pipeline/signatory.hpp"

#include <bailiff/crash_point.hpp>
#include <bailiff/guard.hpp>

#include "src/evidence/sshsig.hpp"
#include "src/log/merkle.hpp"
#include "src/log/note.hpp"

namespace bailiff {
namespace {

/// Its own signature is not checked again: a key that signed it may be gone by now.
Result<log::Checkpoint> checkpoint_of(const std::string& note) {
    BAILIFF_TRY(const auto parsed, log::parse_note(note));
    return log::parse_checkpoint(parsed.text);
}

}  // namespace

Result<std::string> Signatory::sign_bag(std::string_view tag_manifest) {
    // It signs names and digests, and nothing that could mean something elsewhere.
    if (tag_manifest.empty() || !tag_manifest.ends_with("\n"))
        return fail(Fault::invalid_input, "expected a tag manifest");
    return ssh::sign(tag_manifest, names_.evidence, bag_key_);
}

Result<void> Signatory::must_be_grown(const LogGrowth& growth) const {
    BAILIFF_TRY(const auto note, last_.read().within("reading the last checkpoint"));
    if (note.empty()) return {};
    BAILIFF_TRY(const auto last, checkpoint_of(note).within("reading the last checkpoint"));
    if (growth.old_size != last.size)
        return fail(Fault::invalid_input, "the last checkpoint is of " + std::to_string(last.size) +
                                              " entries, not of " +
                                              std::to_string(growth.old_size));
    return log::check_consistency(last.size, last.root, growth.size, growth.root, growth.proof)
        .within("the log is not the one that was signed last");
}

Result<std::string> Signatory::sign_checkpoint(const LogGrowth& growth) {
    const auto grown = must_be_grown(growth);
    if (!guard(Guard::checkpoints_agree, grown.has_value())) return Failure(grown.error());
    const auto text = log::checkpoint_text({names_.log, growth.size, growth.root});
    std::string note;
    for (const auto& key : log_keys_) {
        auto next = note.empty() ? log::sign_note(text, names_.log, key)
                                 : log::add_signature(note, names_.log, key);
        if (!next) return Failure(std::move(next).error());
        note = *std::move(next);
    }
    crash_point("checkpoint_signed");
    BAILIFF_CHECK(last_.keep(note).within("keeping the checkpoint"));
    crash_point("checkpoint_kept");
    return note;
}

Result<LastCheckpoint> Signatory::last_checkpoint() {
    BAILIFF_TRY(auto note, last_.read().within("reading the last checkpoint"));
    if (note.empty()) return LastCheckpoint{};
    BAILIFF_TRY(const auto last, checkpoint_of(note).within("reading the last checkpoint"));
    return LastCheckpoint{last.size, std::move(note)};
}

}  // namespace bailiff
