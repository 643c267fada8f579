#pragma once
// rspamd as a witness: asked beside our rules, heard through our weights.

#include "src/rspamd/breaker.hpp"
#include "src/rspamd/options.hpp"
#include "src/rspamd/patience.hpp"
#include "src/rspamd/poison.hpp"
#include "src/rspamd/weights.hpp"

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/ports/http.hpp>
#include <bailiff/ports/inspector.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace bailiff {

/// Asks rspamd about each message with an own request, within the earlier of its patience and the
/// caller's deadline.
/// Shape    findings of family rspamd, one a symbol with a weight, and RSPAMD_SCORE; or exactly one
///          RSPAMD_UNAVAILABLE with the reason: away, late, garbage, another's answer, breaker
///          open.
/// Order    a connection that ends before any byte of a reply is tried once more, on a fresh one;
///          without an answer then, this very message is not asked about again for a while.
///          While the breaker is open only probe_if_due() asks, about a message of our own: call
///          it a few times a second, or rspamd stays unheard.
/// Threads  any, if `http`, `clock`, `journal` and `entropy` are; all of them outlive it and every
///          answer that is under way. An answer belongs to the thread that asked.
class RspamdInspector final : public RemoteInspector {
public:
    struct Health {
        bool up = true;     ///< the last question was answered; true before the first
        bool open = false;  ///< the breaker: messages do without
        std::chrono::milliseconds patience{};  ///< that a small message has now
        std::uint64_t asked = 0, answered = 0, failed = 0;
        std::uint64_t skipped = 0;  ///< not asked: breaker open, message ends it, no time left
        std::uint64_t probed = 0;   ///< questions of our own while the breaker was open
        std::string last_error;
        Instant since{};  ///< of the last change of `up`
    };

    RspamdInspector(Http& http, const Clock& clock, Journal& journal, Entropy& entropy,
                    RspamdOptions options, std::shared_ptr<const Weights> weights);

    [[nodiscard]] std::unique_ptr<PendingFindings> ask(const Submission& submission,
                                                       SteadyInstant deadline) override;

    /// While the breaker is open and its pause is over, asks and waits, up to the whole deadline;
    /// else returns at once.
    void probe_if_due();
    /// For the messages that are asked about from now on.
    void replace_weights(std::shared_ptr<const Weights> weights);
    [[nodiscard]] Health health() const;

private:
    class Asking;
    class Answer;

    [[nodiscard]] std::unique_ptr<PendingFindings> skip(std::string reason);
    [[nodiscard]] std::optional<std::string> left_alone();
    [[nodiscard]] bool ends_rspamd(const Submission& submission);
    void remember_poison(const Submission& submission);
    void answered(const Asking& asking);
    void failed(const Asking& asking, const std::string& reason);
    void probed(const std::string& error, Patience::Time took);
    [[nodiscard]] bool turn(bool up) BAILIFF_REQUIRES(mutex_);
    [[nodiscard]] std::uint8_t jitter();

    // Constant after construction.
    Http& http_;
    const Clock& clock_;
    Journal& journal_;
    Entropy& entropy_;
    const RspamdOptions options_;
    // Guarded by mutex_.
    mutable Mutex mutex_;
    std::shared_ptr<const Weights> weights_ BAILIFF_GUARDED_BY(mutex_);
    Breaker breaker_ BAILIFF_GUARDED_BY(mutex_);
    Patience patience_ BAILIFF_GUARDED_BY(mutex_);
    Poison poison_ BAILIFF_GUARDED_BY(mutex_);
    Health health_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
