#pragma once
// What is kept of a judged message, so that other scores, metas, lines and paths can be asked what
// they would have said: no content, no address, no reason.

#include <bailiff/attribution.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/habits.hpp>
#include <bailiff/ports/gate.hpp>
#include <bailiff/submission.hpp>
#include <bailiff/verdict.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bailiff {

/// A rule that looks at the message itself: whether it hits cannot be told without the message.
struct Atom {
    std::string symbol;
    Digest definition;  ///< of all that decides whether and how often it hits; not of its score
    bool operator==(const Atom&) const = default;
};

/// What the numbers in a row stand for.
struct FeatureBook {
    std::string rule_set;     ///< digest of the rules
    std::vector<Atom> atoms;  ///< all that were run, those without a score (`__X`) too
    Digest traps;             ///< of the list of spam traps
    bool operator==(const FeatureBook&) const = default;
};

/// A book as it is kept. Numbers rise with time.
struct DatedBook {
    std::uint32_t number = 0;
    Instant learnt{};  ///< about when the first row came that it belongs to
    std::shared_ptr<const FeatureBook> book;
};

struct AtomHit {
    std::uint32_t atom = 0;  ///< index into the book's
    std::uint32_t count = 0;
    bool operator==(const AtomHit&) const = default;
};

/// In order of atoms.
struct AtomHits {
    std::vector<AtomHit> hits;
    bool cut = false;  ///< the rules stopped at their limit: some may be missing
    bool operator==(const AtomHits&) const = default;
};

enum class TrapHit : std::uint8_t { none, ignored, hit };

/// What became of a question to rspamd.
enum class Asked : std::uint8_t { nobody, silent, heard };

/// A service's rates when the message came, the message included.
struct Rates {
    std::uint32_t messages_minute = 0;
    std::uint32_t messages_hour = 0;
    std::uint32_t recipients_hour = 0;
    bool operator==(const Rates&) const = default;
};

/// What was decided, and what follows from it in mode enforce, whatever the mode was.
struct Decided {
    Level level = Level::pass;
    std::string path;  ///< empty: no case
    Reply::Kind reply = Reply::Kind::proceed;
    bool holds = false;  ///< the service is put on hold
    bool operator==(const Decided&) const = default;
};

struct FeatureRow {
    Instant received{};
    Door door = Door::unknown;
    std::uint32_t rcpt_count = 0;

    Strength strength = Strength::unknown;
    ServiceRef service;  ///< who answers, or else whose login it was; no id: nobody
    AccountId account;
    bool answers = false;  ///< the attribution names `service`
    bool vouched = false;  ///< its rate was counted
    bool test = false;
    bool is_protected = false;
    bool directory_fresh = false;
    bool late = false;

    AtomHits atoms;
    TrapHit trap = TrapHit::none;
    std::optional<Rates> rates;  ///< if vouched
    std::optional<Habits> habits;  ///< if there was a login
    std::string plan;              ///< of the service, by the directory
    bool on_probation = false;
    bool proves_login = false;     ///< what steps of a path may ask
    bool names_script = false;
    Asked asked = Asked::nobody;
    std::vector<std::string> rspamd;  ///< every symbol heard, in its order, whatever it weighs
    Findings others;  ///< of any other witness, without reasons: their scores stand as they are
    std::vector<std::string> limits;  ///< symbols of limits that the message reached

    Decided decided;
    std::shared_ptr<const FeatureBook> book;  ///< of the snapshot; none: the row cannot be kept
};

}  // namespace bailiff
