#pragma once

#include <array>
#include <atomic>
#include <bailiff/journal.hpp>
#include <bailiff/ports/counters.hpp>
#include <bailiff/ports/directory.hpp>
#include <bailiff/ports/features.hpp>
#include <bailiff/ports/gate.hpp>
#include <bailiff/ports/inspector.hpp>
#include <bailiff/ports/ledger.hpp>
#include <bailiff/ports/sent_mail.hpp>
#include <functional>

#include "src/pipeline/canary.hpp"
#include "src/pipeline/hour_count.hpp"
#include "src/pipeline/judgement.hpp"
#include "src/pipeline/record.hpp"
#include "src/pipeline/snapshot.hpp"
#include "src/pipeline/standing_memory.hpp"

namespace bailiff {

/// Everything that the judge asks. All must outlive it.
struct JudgeParts {
    const Snapshots& snapshots;
    const Directory& directory;
    Ledger& ledger;
    Counters& counters;
    RemoteInspector* rspamd = nullptr;  ///< none: judged without, and said so
    const Clock& clock;
    Journal& journal;
    CaseMakers makers;
    std::function<void()> wake_enforcer;  ///< advisory: the enforcer also polls
    SentMail* sent = nullptr;             ///< none: nobody takes note
    Features* features = nullptr;         ///< none: nobody can replay
    Canary* canary = nullptr;             ///< none: no rules are tried beside those in force
};

struct JudgeCounts {
    std::array<std::uint64_t, 4> verdicts{};  ///< index: static_cast<size_t>(Level)
    std::array<std::uint64_t, 4> replies{};   ///< index: static_cast<size_t>(Reply::Kind)
    std::uint64_t unattributed = 0;
    std::uint64_t unrecorded = 0;  ///< the ledger could not be written
    std::uint64_t unread = 0;      ///< the ledger could not be read; standings from memory
};

/// The sentence of design §3: submission → identify → inspect → decide → plan → record → reply.
class Judge final : public Gate {
public:
    explicit Judge(JudgeParts parts);

    [[nodiscard]] Reply admit(const Envelope& envelope) noexcept override;
    [[nodiscard]] Reply judge(const Submission& submission) noexcept override;

    /// The stations alone: nothing is written, nobody is told.
    [[nodiscard]] Judgement consider(const Submission& submission);

    [[nodiscard]] JudgeCounts counts() const;

private:
    // Constant after construction.
    JudgeParts parts_;

    // Synchronise themselves.
    std::array<std::atomic<std::uint64_t>, 4> verdicts_{};
    std::array<std::atomic<std::uint64_t>, 4> replies_{};
    std::atomic<std::uint64_t> unattributed_{0};
    std::atomic<std::uint64_t> unrecorded_{0};
    std::atomic<std::uint64_t> unread_{0};
    std::atomic<bool> recording_fails_{false};
    std::atomic<bool> reading_fails_{false};
    StandingMemory standings_;
    HourCount holds_;
    std::atomic<Instant> reset_seen_{};  ///< of the breaker

    struct Stands {
        StandingRow row;
        bool from_memory = false;  ///< the ledger could not be read
    };

    Reply answer(const Submission& submission);
    Reply stopped_by_standing(const Envelope& envelope, const Stands& stands);
    void observe_sender(Judgement& result, const Envelope& envelope);
    void settle(Judgement& result, const Snapshot& snapshot, const Envelope& envelope) const;
    Reply could_not_record(const Submission& submission, const Judgement& judgement,
                           const Error& error);
    Reply told(const Submission& submission, const Judgement& judgement, const Recorded& recorded);
    Result<StandingRow> read_standing(const Service& service) const;
    Stands standing_of(const Service& service);
    Stands blocking(const Attribution& attribution, Mode mode);
    void note_sent(const Envelope& envelope, const Attribution& attribution) const noexcept;
    Attribution attributed(const Envelope& envelope, const Message& message);
    bool directory_fresh() const;
    Reply failed(const char* what, Door door) noexcept;
};

}  // namespace bailiff
