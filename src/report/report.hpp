#pragma once
// What the report of a case says: facts only, each with who said so and when.

#include <array>
#include <bailiff/case.hpp>
#include <bailiff/policy.hpp>
#include <bailiff/sentence.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

/// Something we were told.
struct Fact {
    std::string value;  ///< raw bytes, perhaps of a stranger; empty: not recorded
    Sentence source;    ///< "Postfix {client_addr}", "directory"
    Instant at{};       ///< when we were told
};

struct SessionFacts {
    Fact server;          ///< address and port at which it came in
    Fact client_address;  ///< IPv4 or IPv6
    Fact client_port;
    Fact client_name;
    Fact helo;
    Fact tls;  ///< version and cipher
    Fact login;
    Fact auth_type;
    Fact uid;     ///< of the local program that handed the message in
    Fact script;  ///< as the message names it
    Fact queue_id;
    Fact mail_from;  ///< "<>" for the null sender
    Fact recipient_count;
    std::vector<std::string> recipients;  ///< are masked again here; perhaps not all
    Sentence recipients_source;
};

struct MessageFacts {
    Digest digest;
    std::uint64_t size = 0;  ///< bytes
    Instant received{};
    std::uint32_t messages = 1;  ///< of this incident, the first included
    Fact message_id;
    Fact subject;
    bool subject_is_withheld = false;  ///< then subject is not looked at
};

struct ServiceFacts {
    ServiceRef service;  ///< id empty: nobody could be named
    AccountId account;
    std::string plan;
    Strength strength = Strength::unknown;
    Sentence reason;
    std::vector<Proof> proofs;  ///< strongest first
    Sentence directory;         ///< where the assignment comes from
    Instant directory_at{};     ///< how old that was
};

struct ReportFinding {
    FamilySet families;
    std::string symbol;
    MilliPoints score = 0;
    Sentence explanation;
};

struct VerdictFacts {
    Level level = Level::pass;
    bool late = false;
    MilliPoints score = 0;
    std::array<MilliPoints, families.size()> by_family{};
    LineSet lines;
    Sentences reasons;
    std::vector<ReportFinding> findings;
    std::string rule_set;  ///< digest of the rules
    Instant at{};
};

struct ReportAction {
    ActionKind kind = ActionKind::notify_team;
    Direction direction = Direction::act;
    std::string target;
    std::string by;  ///< "milter", or a person's name
    bool automated = true;
    Instant requested{};
    std::optional<Instant> executed;
    ActionState state = ActionState::due;
    std::string detail;   ///< what the panel said
    std::string adapter;  ///< the hook or program that carried it out
};

/// What a named person decided.
struct ReportDecision {
    Instant at{};
    std::string person;
    Sentence what;
    std::string reason;  ///< in the person's words
};

enum class Availability : std::uint8_t { present, withheld, unavailable };

/// One of the folders 1 to 4, or what is known of the holder.
struct TierShown {
    Availability state = Availability::unavailable;
    Sentence why;     ///< of withheld and unavailable
    Sentence source;  ///< where the data came from
    Instant at{};     ///< when it was read there
};

/// How the record is sealed. The report may be part of what is sealed: it then cannot know more
/// than the keys, and says where the rest stands.
struct SealFacts {
    std::string identity;         ///< "evidence@host.example"; also the namespace
    std::string key_fingerprint;  ///< "SHA256:…"
    std::string log_origin;
    std::optional<Digest> bag;  ///< SHA-256 of tagmanifest-sha256.txt
    std::optional<Instant> sealed;
    std::string stamp_authority;
    std::optional<Instant> stamped;
    std::optional<std::uint64_t> log_index;
    std::optional<std::uint64_t> log_size;
    std::optional<Digest> previous;  ///< of an addendum: the bag that it adds to
};

/// Identifiers, texts and instants that are not optional must be there; what was not recorded of
/// the rest is empty, and the report says so.
struct ReportFacts {
    CaseId case_id;
    std::string operator_name;  ///< the hosting company
    std::string node;           ///< host name of the mail server
    std::string software;       ///< program and version
    Instant written{};
    Instant opened{};
    Mode mode = Mode::observe;
    CaseState state = CaseState::open;
    Sentence clock;   ///< whether the node's clock was known to be right
    Sentences terms;  ///< articles of the terms that were applied
    Sentences laws;   ///< of which the facts may be a matter: never a judgement
    ServiceFacts service;
    SessionFacts session;
    MessageFacts message;
    VerdictFacts verdict;
    std::vector<ReportAction> actions;
    std::vector<ReportDecision> decisions;
    std::array<TierShown, 4> tiers;  ///< folders 1 to 4
    TierShown holder;
    Sentences limits;  ///< of this very record, beside those that hold for all
    SealFacts seal;
};

/// A self-contained HTML5 file of the whole: no script, nothing from outside, made to be printed.
/// Shape    the two languages say the same; every value is escaped, control characters are shown
///          by their number, addresses of sites are written so that nothing follows them.
/// Threads  any; touches only its arguments.
[[nodiscard]] std::string report_html(const ReportFacts& facts, Language language);

}  // namespace bailiff
