#include <algorithm>
#include <cstdio>
#include <memory>

#include "lmdb/ledger.hpp"
#include "src/app/checkpoint_ways.hpp"
#include "src/app/commands.hpp"
#include "src/app/durable_file.hpp"
#include "src/app/files.hpp"
#include "src/app/published_log.hpp"
#include "src/app/role.hpp"
#include "src/app/signing_keys.hpp"
#include "src/log/merkle.hpp"
#include "src/log/note.hpp"
#include "src/log/tile.hpp"
#include "src/pipeline/log_keeper.hpp"

namespace bailiff {
namespace {

constexpr std::size_t kept_bytes_max = 256U << 20;

struct LogOptions {
    std::string config = configuration_file;
    std::string folder;              ///< of published files; empty: this node's own
    std::vector<std::string> vkeys;  ///< none: this node's own
    std::uint64_t leaf = 0;
    std::string older;
    bool files_only = false;
};

Result<PublishedLog> published(const LogOptions& options) {
    if (!options.vkeys.empty() && !options.folder.empty())
        return PublishedLog::open(options.folder, options.vkeys);
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    BAILIFF_TRY(const auto own, log_vkeys(settings));
    return PublishedLog::open(options.folder.empty() ? log_path(settings) : options.folder,
                              options.vkeys.empty() ? own : options.vkeys);
}

Failure bad_entry(std::uint64_t at, const std::string& why) {
    return fail(Fault::corrupt, "entry " + std::to_string(at) + ": " + why);
}

/// The entries of one bundle, as the files have them.
Result<std::vector<std::string>> bundle_at(const PublishedLog& log, std::uint64_t first) {
    const log::Tile tile{
        .level = 0,
        .index = first / log::tile_width_max,
        .width = log::tile_width(log.checkpoint.size, 0, first / log::tile_width_max)};
    BAILIFF_TRY(const auto bytes, LogFolder(log.folder).read(log::entries_path(tile)));
    return log::parse_bundle(bytes, tile.width).within(log::entries_path(tile));
}

/// Each published entry against the leaf of the ledger; none: the files alone are looked at.
Result<void> compare(const LmdbLedger* ledger, std::uint64_t first,
                     const std::vector<std::string>& entries) {
    if (ledger == nullptr) return {};
    std::vector<Leaf> leaves;
    BAILIFF_CHECK(ledger->read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(leaves, view.leaves(first, entries.size()));
        return {};
    }));
    for (std::size_t at = 0; at < entries.size(); ++at) {
        if (at >= leaves.size()) return bad_entry(first + at, "the ledger has no such leaf");
        BAILIFF_TRY(const auto entry, entry_of(leaves[at]));
        if (entry != entries[at]) return bad_entry(first + at, "the ledger has another leaf");
    }
    return {};
}

/// Reads every entry, and computes the root anew.
Result<int> verify(const LogOptions& options) {
    BAILIFF_TRY(const auto log, published(options));
    std::unique_ptr<LmdbLedger> ledger;
    if (!options.files_only) {
        BAILIFF_TRY(const auto settings, settings_from(options.config));
        BAILIFF_TRY(
            ledger,
            LmdbLedger::open({.path = ledger_path(settings), .role = "status", .read_only = true}));
    }
    log::Frontier frontier;
    while (frontier.size() < log.checkpoint.size) {
        const auto first = frontier.size();
        BAILIFF_TRY(const auto entries, bundle_at(log, first));
        BAILIFF_CHECK(compare(ledger.get(), first, entries));
        for (const auto& entry : entries) frontier.append(log::leaf_hash(entry));
    }
    if (frontier.root() != log.checkpoint.root)
        return fail(Fault::corrupt, "the entries do not lead to the root that was signed");
    const auto tiles =
        log::root_of(log.checkpoint.size, log::tile_reader(log.checkpoint.size, log.reader()));
    if (!tiles || *tiles != log.checkpoint.root)
        return fail(Fault::corrupt, "the tiles do not lead to the root that was signed" +
                                        (tiles ? "" : ": " + tiles.error().what));
    std::printf("OK: %llu entries of %s lead to the signed root%s\n",
                static_cast<unsigned long long>(log.checkpoint.size), log.checkpoint.origin.c_str(),
                ledger ? "; the ledger has the same" : "");
    return 0;
}

Result<int> prove(const LogOptions& options) {
    BAILIFF_TRY(const auto log, published(options));
    BAILIFF_TRY(const auto text, log.proof(options.leaf));
    std::printf("%s", text.c_str());
    return 0;
}

/// That the log of an older checkpoint is the beginning of this one.
Result<void> compare(const PublishedLog& log, const log::Checkpoint& older) {
    const auto size = log.checkpoint.size;
    if (older.origin != log.checkpoint.origin)
        return fail(Fault::invalid_input, "it is of another log: " + older.origin);
    if (older.size > size)
        return fail(Fault::corrupt, "the log was cut: it had " + std::to_string(older.size) +
                                        " entries, it has " + std::to_string(size));
    BAILIFF_TRY(const auto proof,
                log::prove_consistency(older.size, size, log::tile_reader(size, log.reader())));
    return log::check_consistency(older.size, older.root, size, log.checkpoint.root, proof)
        .within("the log was rewritten since it had " + std::to_string(older.size) + " entries");
}

/// Against what somebody kept: one checkpoint, or all that were ever sent there.
Result<int> consistency(const LogOptions& options) {
    BAILIFF_TRY(const auto log, published(options));
    BAILIFF_TRY(const auto text, read_file(options.older, kept_bytes_max));
    const auto notes = log::notes_within(text, log.checkpoint.origin);
    if (notes.empty())
        return fail(Fault::not_found,
                    options.older + ": no checkpoint of " + log.checkpoint.origin + " is in it");
    std::uint64_t largest = 0;
    for (std::size_t at = 0; at < notes.size(); ++at) {
        const auto where = options.older + ": checkpoint " + std::to_string(at + 1);
        BAILIFF_TRY(const auto older, log::open_checkpoint(notes[at], log.keys).within(where));
        BAILIFF_CHECK(compare(log, older).within(where));
        largest = std::max(largest, older.size);
    }
    std::printf("OK: the first %llu of %llu entries are those of %zu checkpoint%s in %s\n",
                static_cast<unsigned long long>(largest),
                static_cast<unsigned long long>(log.checkpoint.size), notes.size(),
                notes.size() == 1 ? "" : "s", options.older.c_str());
    return 0;
}

Result<int> checkpoint(const LogOptions& options) {
    BAILIFF_TRY(const auto log, published(options));
    std::printf("%s", log.note.c_str());
    return 0;
}

/// The enforcer's child: one checkpoint, from standard input, off this machine.
Result<int> send(const std::string& config, const std::string& way) {
    BAILIFF_TRY(const auto settings, settings_from(config));
    BAILIFF_TRY(const auto note, read_file("-", log::note_bytes_max));
    BAILIFF_CHECK(send_checkpoint(settings, way, note));
    return 0;
}

void add_send(CLI::App& group, Chosen& chosen) {
    struct Sending {
        std::string config = configuration_file, way;
    };
    const auto sending = std::make_shared<Sending>();
    auto* command = group.add_subcommand("send", "Send a checkpoint, from standard input");
    command->add_option("WAY", sending->way, "file, webhook or mail, as [log] has them")
        ->required();
    command->add_option("-c,--config", sending->config, "Configuration file");
    command->callback(
        [&chosen, sending] { chosen = [sending] { return send(sending->config, sending->way); }; });
}

}  // namespace

void add_log_command(CLI::App& app, Chosen& chosen) {
    auto* group = app.add_subcommand("log", "Check the public log of what was done");
    group->require_subcommand(1);
    const auto options = std::make_shared<LogOptions>();
    const auto add = [&](const char* name, const char* help,
                         Result<int> (*run)(const LogOptions&)) {
        auto* command = group->add_subcommand(name, help);
        command->add_option("-c,--config", options->config, "Configuration file");
        command->add_option("--log", options->folder, "Published files; else this node's own");
        command->add_option("--vkey", options->vkeys, "Who may sign it; else this node's own keys");
        command->callback([&chosen, options, run] { chosen = [=] { return run(*options); }; });
        return command;
    };
    add("verify", "Compute the root from all entries, and compare them with the ledger", verify)
        ->add_flag("--files-only", options->files_only, "Without the ledger");
    add("prove", "Print the proof that a leaf is in the log", prove)
        ->add_option("LEAF", options->leaf, "Its number")
        ->required();
    add("consistency", "Show that the log has only grown since an older checkpoint", consistency)
        ->add_option("CHECKPOINT", options->older, "File with it, or with all that were sent there")
        ->required();
    add_send(*group, chosen);
    add("checkpoint", "Print the newest signed checkpoint", checkpoint);
}

}  // namespace bailiff
