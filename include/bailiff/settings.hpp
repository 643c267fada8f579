#pragma once
// The validated configuration as plain data. src/config/schema.hpp has one row a setting, with its
// default, unit and explanation; the values here are those defaults once more only for tests.

#include <bailiff/case.hpp>
#include <bailiff/finding.hpp>
#include <bailiff/policy.hpp>
#include <bailiff/retention.hpp>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace bailiff {

using Milliseconds = std::chrono::milliseconds;

/// [behaviour]
struct BehaviourSettings {
    std::int64_t messages_per_minute = 60;
    std::int64_t messages_per_hour = 1000;
    std::int64_t recipients_per_hour = 2000;
    MilliPoints score = 3500;  ///< of one line that is passed
};

/// [[hook]]
struct HookSettings {
    std::string command;  ///< absolute path
    std::vector<ActionKind> kinds;
    Milliseconds deadline{30'000};
};

struct Settings {
    Mode mode = Mode::observe;
    std::string node;
    std::string state_dir;
    std::string run_dir;
    std::string group;  ///< shared by the roles; name or number

    struct {
        std::int64_t map_mb = 16'384;  ///< the most that the ledger ever stores
    } ledger;
    struct {
        std::string socket;  ///< "unix:/path" or "fd:3"
        std::string user;
        std::int64_t sessions_max = 0;
        Milliseconds drain{};
        std::string uid_header;
        std::string submission_tag;  ///< value of {bailiff_door}, or of {daemon_name} without it
        std::string local_tag;
        std::int64_t in_flight_bytes_max = 0;  ///< of all messages under way together
        std::int64_t holds_per_hour = 0;  ///< services put to `held`; then a person is asked
    } milter;
    struct {
        std::int64_t features_days = 14;  ///< 0: none are kept
        std::int64_t features_mb = 1'024;
    } counters;
    struct {
        std::string user;
        std::string desk_socket;
        Milliseconds poll{};
        Milliseconds retry_first{};
        Milliseconds retry_ceiling{};
        // Budgets of acts on services and accounts; the first one spent opens the breaker.
        std::int64_t actions_per_hour = 0;
        std::int64_t actions_per_rule = 0;  ///< an hour
        std::int64_t terminations_per_day = 0;
        std::int64_t accounts_percent = 0;  ///< of all accounts, a day
        std::int64_t young_rule_hours = 0;  ///< so long a new or changed rule counts double
        std::int64_t claim_window_days = 0;  ///< nothing is purged before it has closed
        std::int64_t probation_days = 0;     ///< after a reinstatement
    } enforcer;
    struct {
        std::string socket;   ///< of the role; empty: there is none
        std::string postfix;  ///< configuration directory
    } queue;
    struct {
        std::string socket;  ///< of the role; empty: there is none, and nothing is sealed
        std::string user;
    } signer;
    struct {
        std::string identity;  ///< of the signature; never empty once loaded
        std::int64_t quiet_minutes = 10;
        std::string site, dns_name;  ///< where the keys are published; empty: not there
        std::string holder_lookup;   ///< program; empty: there is none
        Milliseconds holder_deadline{};
    } evidence;
    struct {
        std::string organisation, contact, domain;
    } reports;
    struct {
        std::string origin;  ///< never empty once loaded
        std::int64_t leaves = 1000;
        std::int64_t seconds = 60;
        // Where checkpoints go; empty: not there.
        std::string send_file;
        std::string send_webhook;  ///< URL
        std::string send_mail;     ///< address
    } log;
    struct {
        std::vector<std::string> authorities;  ///< URLs; none: nothing is stamped
        std::string roots;                     ///< file
        std::vector<std::string> policies;     ///< dotted; none: any
    } timestamp;
    RetentionSettings retention;
    struct {
        bool enabled = true;
        std::string socket;  ///< unix socket of a normal worker; empty: `url` by TCP
        std::string url;
        Milliseconds connect_timeout{};
        Milliseconds patience{};  ///< for an answer while answers come in time
        Milliseconds deadline{};  ///< the most, while answers are slow
        std::int64_t reply_bytes_max = 0;
        std::int64_t breaker_failures = 0;  ///< in a row; then not asked
        Milliseconds breaker_pause{};       ///< until the next probe
        std::string settings_id;
        std::vector<std::string> groups_off;  ///< of its symbols; not asked for
        std::string weights;  ///< file: SYMBOL and points, one a line
    } rspamd;
    struct {
        std::string dir;  ///< all *.cf in name order
    } rules;
    struct {
        std::string traps;      ///< file of spam-trap addresses, one a line; empty: none
        MilliPoints score = 0;  ///< of a hit
    } reputation;
    Policy policy;
    BehaviourSettings behaviour;
    std::vector<PathSettings> paths;
    std::vector<HookSettings> hooks;
};

}  // namespace bailiff
