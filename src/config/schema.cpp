#include "src/config/schema.hpp"

#include <array>

#include "src/config/text_rules.hpp"

// The rows. Everything else about settings is a loop over them.
// clang-format off

namespace bailiff {
namespace {

namespace rule = text_rules;

constexpr auto live = Reload::live;
constexpr auto restart = Reload::restart;
constexpr Range milliseconds_until(std::int64_t most) { return {1, most}; }
constexpr Range count_until(std::int64_t most) { return {1, most}; }
constexpr Range points{1, 1'000'000};                // 0.001 to 1000
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t counts_most = 1'000'000'000;
constexpr Range kept_days{1, 36'500};

template <Family family>
MilliPoints* alone(Settings& s) { return &s.policy.lines.of(family).alone; }
template <Family family>
MilliPoints* corroborates(Settings& s) { return &s.policy.lines.of(family).corroborates; }

constexpr std::string_view alone_help = "Points of this family from which it makes spam by itself.";
constexpr std::string_view corroborates_help =
    "Points from which it confirms what another family says alone.";

constexpr std::array settings{
    Setting{"mode", "observe", live, "0.1", "",
            "observe: decide and record, do nothing outside. enforce: act.",
            [](Settings& s) { return &s.mode; }},
    Setting{"node", "", restart, "0.1", "", "Name of this node in cases; empty: the host name.",
            [](Settings& s) { return &s.node; }, {}, rule::node_name_or_none},
    Setting{"state_dir", "/var/lib/bailiff", restart, "0.1", "", "Where the environments live.",
            [](Settings& s) { return &s.state_dir; }, {}, rule::absolute_path},
    Setting{"run_dir", "/run/bailiff", restart, "0.1", "", "Sockets and locks; gone after a boot.",
            [](Settings& s) { return &s.run_dir; }, {}, rule::absolute_path},
    Setting{"group", "bailiff", restart, "0.1", "", "Group that the roles share; name or number.",
            [](Settings& s) { return &s.group; }, {}, rule::account_name},

    Setting{"milter.socket", "unix:/var/spool/postfix/bailiff/milter.sock", restart, "0.1", "",
            "Where Postfix reaches us: unix:/path, or fd:3 for a socket that systemd opened.",
            [](Settings& s) { return &s.milter.socket; }, {}, rule::listen_address},
    Setting{"milter.user", "bailiff-milter", restart, "0.1", "", "User of this role.",
            [](Settings& s) { return &s.milter.user; }, {}, rule::account_name},
    Setting{"milter.sessions_max", "400", restart, "0.1", "sessions",
            "More connections at a time are refused with a temporary failure.",
            [](Settings& s) { return &s.milter.sessions_max; }, count_until(10'000)},
    Setting{"milter.in_flight_bytes_max", "536870912", restart, "0.2", "bytes",
            "Of all messages under way together; above it mail is put off, to be offered again.",
            [](Settings& s) { return &s.milter.in_flight_bytes_max; }, {1'048'576, 1LL << 40}},
    Setting{"milter.drain_ms", "30000", restart, "0.1", "ms",
            "How long a stop waits for messages under way.",
            [](Settings& s) { return &s.milter.drain; }, milliseconds_until(600'000)},
    Setting{"milter.uid_header", "X-Bailiff-Submit-Uid", restart, "0.1", "",
            "Header in which the local door tells the uid of a sender; removed before delivery.",
            [](Settings& s) { return &s.milter.uid_header; }, {}, rule::extension_field},
    Setting{"milter.submission_tag", "submission", restart, "0.1", "",
            "Value of {bailiff_door}, or of {daemon_name} without it, at the submission door.",
            [](Settings& s) { return &s.milter.submission_tag; }, {}, rule::tag},
    Setting{"milter.local_tag", "pickup", restart, "0.1", "", "The same at the local door.",
            [](Settings& s) { return &s.milter.local_tag; }, {}, rule::tag},
    Setting{"milter.holds_per_hour", "20", live, "0.1", "services",
            "Services put on hold by the milter within an hour; then a person is asked.",
            [](Settings& s) { return &s.milter.holds_per_hour; }, {0, counts_most}},

    Setting{"ledger.map_mb", "16384", restart, "0.1", "MiB",
            "The most that the ledger stores; beyond 80 % of it no more messages are taken.",
            [](Settings& s) { return &s.ledger.map_mb; }, {1, 1 << 24}},

    Setting{"counters.features_days", "14", restart, "0.2", "days",
            "How long features of messages are kept for `bailiff replay`; 0: not at all.",
            [](Settings& s) { return &s.counters.features_days; }, {0, 366}},
    Setting{"counters.features_mb", "1024", restart, "0.2", "MiB",
            "The most that it takes; beyond it the oldest go first.",
            [](Settings& s) { return &s.counters.features_mb; }, {1, 2'048}},

    Setting{"enforcer.user", "bailiff-enforcer", restart, "0.1", "", "User of this role.",
            [](Settings& s) { return &s.enforcer.user; }, {}, rule::account_name},
    Setting{"enforcer.desk_socket", "/run/bailiff/desk.sock", restart, "0.1", "",
            "Where `bailiff case` and the console reach the enforcer.",
            [](Settings& s) { return &s.enforcer.desk_socket; }, {}, rule::socket_path},
    Setting{"enforcer.poll_ms", "250", live, "0.1", "ms",
            "How often due actions are looked for when nobody wakes us.",
            [](Settings& s) { return &s.enforcer.poll; }, {10, 60'000}},
    Setting{"enforcer.retry_first_ms", "2000", live, "0.1", "ms",
            "Wait before the second attempt; doubles with each further one.",
            [](Settings& s) { return &s.enforcer.retry_first; }, milliseconds_until(hour_ms)},
    Setting{"enforcer.retry_ceiling_ms", "600000", live, "0.1", "ms", "The longest such wait.",
            [](Settings& s) { return &s.enforcer.retry_ceiling; }, {1, 24 * hour_ms}},
    Setting{"enforcer.actions_per_hour", "20", live, "0.1", "actions",
            "Actions on services and accounts within an hour. The first budget that is spent\n"
            "opens the breaker: all then waits for a person, until `bailiff breaker reset`.",
            [](Settings& s) { return &s.enforcer.actions_per_hour; }, {0, counts_most}},
    Setting{"enforcer.actions_per_rule", "10", live, "0.2", "actions",
            "The same, of cases in which one of our own rules weighs.",
            [](Settings& s) { return &s.enforcer.actions_per_rule; }, {0, counts_most}},
    Setting{"enforcer.young_rule_hours", "24", live, "0.2", "h",
            "So long the actions of a rule that is new or changed count double there.",
            [](Settings& s) { return &s.enforcer.young_rule_hours; }, {0, 24 * 365}},
    Setting{"enforcer.terminations_per_day", "30", live, "0.2", "actions",
            "Services terminated or purged within a day.",
            [](Settings& s) { return &s.enforcer.terminations_per_day; }, {0, counts_most}},
    Setting{"enforcer.accounts_percent", "2", live, "0.2", "%",
            "Accounts acted upon within a day, of all in the directory; five are always allowed.",
            [](Settings& s) { return &s.enforcer.accounts_percent; }, {0, 100}},
    Setting{"enforcer.claim_window_days", "7", live, "0.2", "d",
            "Days after a termination in which nothing may be purged: the holder may object.",
            [](Settings& s) { return &s.enforcer.claim_window_days; }, {0, 3650}},
    Setting{"enforcer.probation_days", "30", live, "0.2", "d",
            "So long after a reinstatement a service is held to lower lines; 0: not at all.",
            [](Settings& s) { return &s.enforcer.probation_days; }, {0, 3650}},

    Setting{"queue.socket", "/run/bailiff/queue.sock", restart, "0.1", "",
            "Where the enforcer reaches the queue role; empty: there is none.",
            [](Settings& s) { return &s.queue.socket; }, {}, rule::absolute_path_or_none},
    Setting{"queue.postfix", "/etc/postfix", restart, "0.1", "",
            "Configuration of the Postfix whose queue it is.",
            [](Settings& s) { return &s.queue.postfix; }, {}, rule::absolute_path},

    Setting{"signer.socket", "/run/bailiff/signer.sock", restart, "0.3", "",
            "Where the enforcer reaches the signer. Empty: there is none, nothing is sealed, and\n"
            "nobody's evidence is waited for.",
            [](Settings& s) { return &s.signer.socket; }, {}, rule::absolute_path_or_none},
    Setting{"signer.user", "bailiff-signer", restart, "0.3", "", "User of this role.",
            [](Settings& s) { return &s.signer.user; }, {}, rule::account_name},
    Setting{"evidence.identity", "", restart, "0.3", "",
            "Whose signature it is, a name at a domain; empty: evidence@NODE.",
            [](Settings& s) { return &s.evidence.identity; }, {}, rule::id_or_none},
    Setting{"evidence.quiet_minutes", "10", restart, "0.3", "minutes",
            "So long a case must be unchanged before what is new goes into an addendum.",
            [](Settings& s) { return &s.evidence.quiet_minutes; }, {0, 10'080}},
    Setting{"evidence.site", "", restart, "0.3", "",
            "Where your keys are published, http or https: the texts of an export name it.",
            [](Settings& s) { return &s.evidence.site; }, {}, rule::web_url_or_none},
    Setting{"evidence.dns_name", "", restart, "0.3", "",
            "Name of a TXT record with their fingerprints.",
            [](Settings& s) { return &s.evidence.dns_name; }, {}, rule::id_or_none},
    Setting{"evidence.holder_lookup", "", restart, "0.3", "",
            "Program that says who the holder is when a case is sealed; empty: the imported ones.",
            [](Settings& s) { return &s.evidence.holder_lookup; }, {}, rule::absolute_path_or_none},
    Setting{"evidence.holder_lookup_ms", "1000", restart, "0.3", "ms",
            "It must have answered by then: the seal waits for it.",
            [](Settings& s) { return &s.evidence.holder_deadline; }, {1, 10'000}},
    Setting{"reports.organisation", "", restart, "0.3", "",
            "Who reports to peers, in one line of ASCII; empty, as the next two: nobody does.",
            [](Settings& s) { return &s.reports.organisation; }},
    Setting{"reports.contact", "", restart, "0.3", "", "Where they answer: an address.",
            [](Settings& s) { return &s.reports.contact; }, {}, rule::id_or_none},
    Setting{"reports.domain", "", restart, "0.3", "", "Domain of the reporter.",
            [](Settings& s) { return &s.reports.domain; }, {}, rule::node_name_or_none},
    Setting{"log.origin", "", restart, "0.3", "",
            "Name of the log, for ever; empty: bailiff@NODE.",
            [](Settings& s) { return &s.log.origin; }, {}, rule::id_or_none},
    Setting{"log.checkpoint_leaves", "1000", restart, "0.3", "leaves",
            "So many new leaves are published at once,",
            [](Settings& s) { return &s.log.leaves; }, {1, counts_most}},
    Setting{"log.checkpoint_seconds", "60", restart, "0.3", "s", "fewer of them after so long.",
            [](Settings& s) { return &s.log.seconds; }, {1, 86'400}},
    Setting{"log.send_file", "", restart, "0.3", "",
            "Each new checkpoint is appended here: a file on another machine's disk.",
            [](Settings& s) { return &s.log.send_file; }, {}, rule::absolute_path_or_none},
    Setting{"log.send_webhook", "", restart, "0.3", "",
            "Each new checkpoint is posted here, http or https, as text.",
            [](Settings& s) { return &s.log.send_webhook; }, {}, rule::web_url_or_none},
    Setting{"log.send_mail", "", restart, "0.3", "",
            "The newest checkpoint goes here by sendmail(1), at most once an hour.",
            [](Settings& s) { return &s.log.send_mail; }, {}, rule::id_or_none},
    Setting{"timestamp.authorities", "", restart, "0.3", "",
            "RFC 3161 authorities, http or https, asked in this order; none: seals stay unstamped.",
            [](Settings& s) { return &s.timestamp.authorities; }, {}, rule::web_url},
    Setting{"timestamp.roots", "", restart, "0.3", "",
            "File with the root certificates of those authorities, PEM.",
            [](Settings& s) { return &s.timestamp.roots; }, {}, rule::absolute_path_or_none},
    Setting{"timestamp.policies", "", restart, "0.3", "",
            "Stamps under these policies only, as 1.2.3.4; none: under any.",
            [](Settings& s) { return &s.timestamp.policies; }, {}, rule::tag},

    Setting{"retention.job", "unconfirmed", live, "0.3", "",
            "What the enforcer erases by itself in time. unconfirmed: of cases that nobody has\n"
            "confirmed. all: of all. show: nothing, `bailiff retention show` tells.",
            [](Settings& s) { return &s.retention.job; }, {}, rule::retention_job},
    Setting{"retention.unconfirmed_days", "14", live, "0.3", "d",
            "Of a case that nobody has confirmed: content and holder.",
            [](Settings& s) { return &s.retention.unconfirmed_days; }, {1, 366}},
    Setting{"retention.claim_upheld_days", "30", live, "0.3", "d",
            "Of a case that was released, or whose service was reinstated: content and holder.",
            [](Settings& s) { return &s.retention.claim_upheld_days; }, {1, 30}},
    Setting{"retention.spam_days", "365", live, "0.3", "d", "Of spam: content.",
            [](Settings& s) { return &s.retention.spam_days; }, kept_days},
    Setting{"retention.spam_file_days", "1826", live, "0.3", "d", "Of spam: holder.",
            [](Settings& s) { return &s.retention.spam_file_days; }, kept_days},
    Setting{"retention.fraud_days", "2192", live, "0.3", "d", "Of prohibited content: content.",
            [](Settings& s) { return &s.retention.fraud_days; }, kept_days},
    Setting{"retention.fraud_file_days", "2192", live, "0.3", "d",
            "Of prohibited content: holder.",
            [](Settings& s) { return &s.retention.fraud_file_days; }, kept_days},
    Setting{"retention.compromised_days", "90", live, "0.3", "d",
            "Of a compromised account: content.",
            [](Settings& s) { return &s.retention.compromised_days; }, kept_days},
    Setting{"retention.compromised_file_days", "365", live, "0.3", "d",
            "Of a compromised account: holder.",
            [](Settings& s) { return &s.retention.compromised_file_days; }, kept_days},
    Setting{"retention.erasures_a_day", "5000", live, "0.3", "parts",
            "If more than that is due, the enforcer raises an alarm and erases nothing: a person\n"
            "looks, and goes on with `bailiff retention run`.",
            [](Settings& s) { return &s.retention.erasures_a_day; }, {0, counts_most}},

    Setting{"rspamd.enabled", "true", restart, "0.1", "", "false: judge without rspamd.",
            [](Settings& s) { return &s.rspamd.enabled; }},
    Setting{"rspamd.socket", "/run/rspamd/normal.sock", restart, "0.1", "",
            "Unix socket of a normal worker; empty: the host of `url` by TCP.",
            [](Settings& s) { return &s.rspamd.socket; }, {}, rule::socket_path_or_none},
    Setting{"rspamd.url", "http://rspamd/checkv2", restart, "0.1", "", "What is asked there.",
            [](Settings& s) { return &s.rspamd.url; }, {}, rule::http_url_or_none},
    Setting{"rspamd.connect_timeout_ms", "200", restart, "0.1", "ms", "To connect.",
            [](Settings& s) { return &s.rspamd.connect_timeout; }, milliseconds_until(8'000)},
    Setting{"rspamd.patience_ms", "1000", restart, "0.2", "ms",
            "For the whole answer, and a second for each MiB; grows while rspamd answers slowly.",
            [](Settings& s) { return &s.rspamd.patience; }, milliseconds_until(8'000)},
    Setting{"rspamd.deadline_ms", "3000", restart, "0.1", "ms",
            "The most that patience grows to; without an answer we judge without rspamd.",
            [](Settings& s) { return &s.rspamd.deadline; }, milliseconds_until(8'000)},
    Setting{"rspamd.reply_bytes_max", "1048576", restart, "0.1", "bytes",
            "A longer answer is none.",
            [](Settings& s) { return &s.rspamd.reply_bytes_max; }, {1'024, 64 << 20}},
    Setting{"rspamd.breaker_failures", "4", restart, "0.1", "failures",
            "So many in a row, and it is left alone for breaker_pause_ms.",
            [](Settings& s) { return &s.rspamd.breaker_failures; }, count_until(1'000)},
    Setting{"rspamd.breaker_pause_ms", "5000", restart, "0.1", "ms", "Until it is asked again.",
            [](Settings& s) { return &s.rspamd.breaker_pause; }, milliseconds_until(hour_ms)},
    Setting{"rspamd.settings_id", "", restart, "0.1", "",
            "Settings-ID sent with each message; empty: none.",
            [](Settings& s) { return &s.rspamd.settings_id; }, {}, rule::tag_or_none},
    Setting{"rspamd.groups_off", "policies whitelist", restart, "0.2", "",
            "Groups of its symbols that it is not asked for: they judge mail that comes in, and\n"
            "weigh nothing here. With a settings_id that one decides.",
            [](Settings& s) { return &s.rspamd.groups_off; }, {}, rule::tag},
    Setting{"rspamd.weights", "/usr/share/bailiff/rules/outbound/rspamd.weights", live, "0.1", "",
            "File with a symbol and our points for outbound mail a line; others weigh nothing.",
            [](Settings& s) { return &s.rspamd.weights; }, {}, rule::absolute_path},

    Setting{"rules.dir", "/usr/share/bailiff/rules/outbound", live, "0.1", "",
            "All *.cf in it are read, in order of their names.",
            [](Settings& s) { return &s.rules.dir; }, {}, rule::absolute_path},

    Setting{"reputation.traps", "", live, "0.1", "",
            "File with a spam-trap address a line; empty: none.",
            [](Settings& s) { return &s.reputation.traps; }, {}, rule::absolute_path_or_none},
    Setting{"reputation.score", "5.0", live, "0.1", "points", "Of a message to a spam trap.",
            [](Settings& s) { return &s.reputation.score; }, points},

    Setting{"decide.suspect", "3.0", live, "0.1", "points", "Total that makes a message suspect.",
            [](Settings& s) { return &s.policy.lines.suspect; }, points},
    Setting{"decide.spam", "6.0", live, "0.1", "points", "Total that makes it spam.",
            [](Settings& s) { return &s.policy.lines.spam; }, points},
    Setting{"decide.rules_alone", "5.0", live, "0.1", "points", alone_help,
            alone<Family::rules>, points},
    Setting{"decide.rules_corroborates", "3.0", live, "0.1", "points", corroborates_help,
            corroborates<Family::rules>, points},
    Setting{"decide.rspamd_alone", "7.0", live, "0.1", "points", alone_help,
            alone<Family::rspamd>, points},
    Setting{"decide.rspamd_corroborates", "4.0", live, "0.1", "points", corroborates_help,
            corroborates<Family::rspamd>, points},
    Setting{"decide.behaviour_alone", "6.0", live, "0.1", "points", alone_help,
            alone<Family::behaviour>, points},
    Setting{"decide.behaviour_corroborates", "3.0", live, "0.1", "points", corroborates_help,
            corroborates<Family::behaviour>, points},
    Setting{"decide.reputation_alone", "6.0", live, "0.1", "points", alone_help,
            alone<Family::reputation>, points},
    Setting{"decide.reputation_corroborates", "3.0", live, "0.1", "points", corroborates_help,
            corroborates<Family::reputation>, points},
    Setting{"decide.complaint_alone", "6.0", live, "0.1", "points", alone_help,
            alone<Family::complaint>, points},
    Setting{"decide.complaint_corroborates", "3.0", live, "0.1", "points", corroborates_help,
            corroborates<Family::complaint>, points},
    Setting{"decide.strikes", "20", live, "0.2", "messages",
            "Suspect messages of one service within a day that make a case for review; 0: never.",
            [](Settings& s) { return &s.policy.strikes; }, {0, counts_most}},
    Setting{"decide.probation_percent", "60", live, "0.2", "%",
            "Of each line, for a service on probation: see enforcer.probation_days.",
            [](Settings& s) { return &s.policy.probation_percent; }, {1, 100}},
    Setting{"decide.observed", "", live, "0.2", "",
            "Rules and symbols that are shown with what they would weigh, and weigh nothing.",
            [](Settings& s) { return &s.policy.observed; }, {}, rule::symbol},
    Setting{"decide.prohibited", "PHISHED_* HACKED_WP_PHISHING CLAM_VIRUS", live, "0.2", "",
            "Rules and symbols that tell prohibited content (path prohibited_content, unless the\n"
            "login looks stolen); \"PHISHED_*\" is all that begin so.",
            [](Settings& s) { return &s.policy.prohibited; }, {}, rule::symbol_or_start},

    Setting{"compromise.networks_per_hour", "6", live, "0.2", "networks",
            "Client networks (/24, /48) of one login within an hour that tell a stolen one.",
            [](Settings& s) { return &s.policy.compromise.networks_per_hour; }, {2, 1'000}},
    Setting{"compromise.change_times", "10", live, "0.2", "times",
            "So much more within an hour than in the busiest hour of the week before tells it too.",
            [](Settings& s) { return &s.policy.compromise.change_times; }, {2, 1'000'000}},
    Setting{"compromise.settled_days", "180", live, "0.2", "d",
            "For a service that is as old, half of each is enough.",
            [](Settings& s) { return &s.policy.compromise.settled_days; }, {0, 36'500}},

    Setting{"behaviour.messages_per_minute", "60", live, "0.1", "messages",
            "Of one service; more is a finding.",
            [](Settings& s) { return &s.behaviour.messages_per_minute; }, count_until(counts_most)},
    Setting{"behaviour.messages_per_hour", "1000", live, "0.1", "messages", "The same by the hour.",
            [](Settings& s) { return &s.behaviour.messages_per_hour; }, count_until(counts_most)},
    Setting{"behaviour.recipients_per_hour", "2000", live, "0.1", "recipients",
            "The same for recipients.",
            [](Settings& s) { return &s.behaviour.recipients_per_hour; }, count_until(counts_most)},
    Setting{"behaviour.score", "3.5", live, "0.1", "points", "Of each line that is passed.",
            [](Settings& s) { return &s.behaviour.score; }, points},
};

constexpr std::array sections{
    SectionHelp{"milter", "The role that reads mail and answers Postfix."},
    SectionHelp{"ledger", "Where cases, actions and standings are kept."},
    SectionHelp{"counters", "What may be lost."},
    SectionHelp{"enforcer", "The role that carries out what was decided."},
    SectionHelp{"queue", "The role that holds and frees mail in Postfix' queue, as root."},
    SectionHelp{"signer", "The role that holds the signing keys, as a user of its own."},
    SectionHelp{"evidence", "What is sealed of a case."},
    SectionHelp{"reports", "Who signs the report in an export for a peer."},
    SectionHelp{"timestamp", "Who says when a case was sealed at the latest."},
    SectionHelp{"log", "The public log of what was done."},
    SectionHelp{"retention", "How long what is sealed of a case stays. A legal hold outlasts it."},
    SectionHelp{"rspamd", "A witness. Away or late, we judge without it and say so."},
    SectionHelp{"rules", "Our own rules, in the SpamAssassin language."},
    SectionHelp{"reputation", "What others have seen."},
    SectionHelp{"decide",
                "Lines in points. Each family of findings has two: `alone` makes spam;\n"
                "`corroborates`, beside another family that passes `alone`, makes it confirmed."},
    SectionHelp{"behaviour", "How much a service sends."},
    SectionHelp{"compromise",
                "What tells a stolen login from an account that was opened to send spam: path\n"
                "compromised instead of zero_tolerance."},
    SectionHelp{"lines", "Other lines for a plan or a door; a later one over an earlier one."},
    SectionHelp{"allow", "Who is spared, for what, and until when. Only proven senders are."},
    SectionHelp{"path",
                "Ordered actions. zero_tolerance and compromised must both be there; without\n"
                "prohibited_content its mail takes zero_tolerance. Others a person starts."},
    SectionHelp{"hook", "Carries actions out. In mode enforce each action but queue.* needs one."},
};

}  // namespace
// clang-format on

std::span<const Setting> settings_table() {
    return settings;
}
std::span<const SectionHelp> sections_table() {
    return sections;
}
std::vector<PathSettings> default_paths() {
    using enum ActionKind;
    using enum When;
    return {{.name = "zero_tolerance",
             .actions = {queue_hold, service_terminate, account_suspend, notify_team}},
            {.name = "compromised", .actions = {queue_hold, credential_reset, notify_team}},
            {.name = "suspend",
             .actions = {queue_hold, service_suspend, {account_suspend, again}, notify_team}},
            {.name = "abuse_report", .actions = {queue_hold, account_suspend, notify_team}},
            {.name = "prohibited_content",
             .actions = {queue_hold, service_suspend, {service_terminate, again}, notify_team}}};
}

}  // namespace bailiff
