#include <cstdio>
#include <memory>
#include <optional>

#include "lmdb/directory.hpp"
#include "src/app/commands.hpp"
#include "src/app/explain_json.hpp"
#include "src/app/files.hpp"
#include "src/app/load_snapshot.hpp"
#include "src/app/message_file.hpp"
#include "src/app/role.hpp"
#include "src/app/system_clock.hpp"
#include "src/config/load.hpp"
#include "src/directory/import.hpp"
#include "src/http/client.hpp"
#include "src/identify/attribute.hpp"
#include "src/journal/journal.hpp"
#include "src/memory/counters.hpp"
#include "src/memory/directory.hpp"
#include "src/memory/ledger.hpp"
#include "src/message/address.hpp"
#include "src/message/parse.hpp"
#include "src/pipeline/judge.hpp"
#include "src/rspamd/inspector.hpp"
#include "src/seal/entropy.hpp"
#include "src/seal/ids.hpp"

namespace bailiff {
namespace {

struct ExplainOptions {
    std::string config;
    std::string rules;
    std::string services;
    bool json = false;
    bool no_rspamd = false;
    bool french = false;
    bool on_probation = false;
    std::string login;
    std::int64_t uid = -1;
    std::string client_ip;
    std::optional<std::string> mail_from;  ///< none: the address of From
    std::vector<std::string> rcpt_to;
    std::vector<std::string> files;
};

/// Without a configuration the defaults speak, so that a first try needs nothing.
Result<Settings> settings_for(const ExplainOptions& options) {
    auto settings =
        options.config.empty() ? settings_from(configuration_file) : settings_from(options.config);
    if (!settings) {
        if (!options.config.empty() || settings.error().fault != Fault::not_found) return settings;
        settings = default_settings();
    }
    if (!options.rules.empty()) {
        settings->rules.dir = options.rules;
        settings->rspamd.weights = options.rules + "/rspamd.weights";
    }
    return settings;
}

Result<std::unique_ptr<Directory>> directory_for(const ExplainOptions& options,
                                                 const Settings& settings, Instant now) {
    if (options.services.empty()) {
        auto imported = LmdbDirectory::open(directory_path(settings));
        if (imported) return *std::move(imported);
        if (!options.config.empty()) return Failure(std::move(imported).error());
        return std::make_unique<MemoryDirectory>();  // a first try: nobody is known
    }
    BAILIFF_TRY(const auto text, read_file(options.services));
    BAILIFF_TRY(auto services, read_services(text, options.services));
    return std::make_unique<MemoryDirectory>(std::move(services), now);
}

Result<Submission> submission_of(const ExplainOptions& options, const std::string& file,
                                 Instant now) {
    BAILIFF_TRY(auto submission, submission_in(file));
    auto& envelope = submission.envelope;
    envelope.transaction = "explain";
    envelope.door = options.uid >= 0 ? Door::local : Door::submission;
    envelope.login = options.login;
    envelope.client_address = canonical_ip(options.client_ip);
    if (!options.client_ip.empty() && envelope.client_address.empty())
        return fail(Fault::invalid_input, "--client-ip: expected an IPv4 or IPv6 address");
    if (options.uid >= 0) envelope.uid = static_cast<std::uint32_t>(options.uid);
    envelope.mail_from = options.mail_from ? *options.mail_from : from_address(submission.raw);
    envelope.rcpt_to = options.rcpt_to;
    envelope.rcpt_count = static_cast<std::uint32_t>(options.rcpt_to.size());
    envelope.received = now;
    return submission;
}

/// Whoever vouches for this envelope was reinstated just now.
Result<void> put_on_probation(Ledger& ledger, const Envelope& envelope,
                              const Directory& directory) {
    BAILIFF_TRY(const auto sender, attribute_envelope(envelope, directory));
    if (!sender.vouched) return {};
    return ledger.update([&](LedgerTxn& txn) {
        return txn.put_standing(
            sender.vouched->ref(),
            {Standing::active, {}, envelope.received, envelope.received + std::chrono::days(1)});
    });
}

Result<int> explain(const ExplainOptions& options) {
    BAILIFF_TRY(const auto settings, settings_for(options));
    BAILIFF_TRY(const auto loaded, load_snapshot(settings));
    const SystemClock clock;
    BAILIFF_TRY(const auto directory, directory_for(options, settings, clock.now()));
    prepare_parser();
    SpdJournal journal("explain", &clock);
    SystemEntropy entropy;
    CurlHttp http;
    auto asking = rspamd_options(settings);
    asking.patience = asking.deadline;  // no mail waits for this one
    RspamdInspector rspamd(http, clock, journal, entropy, std::move(asking), loaded.weights);
    const Snapshots snapshots(loaded.snapshot);
    MemoryLedger ledger;
    for (const auto& file : options.files) {
        MemoryCounters counters;  // a fresh one: each file is judged alone
        Judge judge({.snapshots = snapshots,
                     .directory = *directory,
                     .ledger = ledger,
                     .counters = counters,
                     .rspamd = options.no_rspamd ? nullptr : &rspamd,
                     .clock = clock,
                     .journal = journal,
                     .makers = {[&] { return new_case_id(entropy); }, action_id},
                     .wake_enforcer = {}});
        BAILIFF_TRY(const auto submission, submission_of(options, file, clock.now()));
        if (options.on_probation)
            BAILIFF_CHECK(put_on_probation(ledger, submission.envelope, *directory));
        rspamd.probe_if_due();
        const auto judgement = judge.consider(submission);
        const auto language = options.french ? Language::fr : Language::en;
        const auto text = options.json ? explained_json(file, judgement) + "\n"
                                       : explained_text(file, judgement, language);
        std::fputs(text.c_str(), stdout);
    }
    return 0;
}

}  // namespace

void add_explain_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("explain", "Judge message files without any effect");
    const auto options = std::make_shared<ExplainOptions>();
    command->add_option("FILE", options->files, "Messages; - is standard input")->required();
    command->add_option("-c,--config", options->config, "Configuration file");
    command->add_option("--rules", options->rules, "Folder of rules instead of the configured one");
    command->add_option("--services", options->services,
                        "Services file instead of the imported directory");
    command->add_flag("--json", options->json, "One JSON object a line");
    command->add_flag("--french", options->french, "Reasons in French");
    command->add_flag("--probation", options->on_probation,
                      "As if the service had been reinstated lately");
    command->add_flag("--no-rspamd", options->no_rspamd, "Do not ask rspamd");
    auto* login = command->add_option("--login", options->login, "SASL login");
    auto* uid = command->add_option("--uid", options->uid, "Local uid: the sendmail(1) door");
    uid->check(CLI::Range(std::int64_t{0}, std::int64_t{4294967295}))->excludes(login);
    command->add_option("--client-ip", options->client_ip, "Client address")->excludes(uid);
    command->add_option(
        "--mail-from", options->mail_from,
        "Envelope sender, \"\" for the null sender; without it the address of From");
    // One a time, or it would take the files for recipients.
    command->add_option("--rcpt", options->rcpt_to, "Envelope recipient; may be repeated")
        ->allow_extra_args(false);
    command->callback([&chosen, options] { chosen = [options] { return explain(*options); }; });
}

}  // namespace bailiff
