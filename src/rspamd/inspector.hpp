#pragma once
// rspamd as a witness: asked beside our rules, heard through our weights.

#include "src/rspamd/breaker.hpp"
#include "src/rspamd/options.hpp"
#include "src/rspamd/weights.hpp"

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/ports/http.hpp>
#include <bailiff/ports/inspector.hpp>
#include <cstdint>
#include <memory>
#include <string>

namespace bailiff {

/// Asks rspamd about each message with an own request, within the earlier of two deadlines.
/// Shape    findings of family rspamd, one a symbol with a weight, and RSPAMD_SCORE; or exactly one
///          RSPAMD_UNAVAILABLE with the reason: away, late, garbage, another's answer, breaker
///          open.
/// Order    a connection that ends before any byte of a reply is tried once more, on a fresh one.
/// Threads  any, if `http`, `clock`, `journal` and `entropy` are; all of them outlive it and every
///          answer that is under way. An answer belongs to the thread that asked.
class RspamdInspector final : public RemoteInspector {
public:
    struct Health {
        bool up = true;  ///< the last question was answered; true before the first
        std::uint64_t asked = 0, answered = 0, failed = 0;
        std::uint64_t skipped = 0;  ///< not asked: breaker open, or no time left
        std::string last_error;
        Instant since{};  ///< of the last change of `up`
    };

    RspamdInspector(Http& http, const Clock& clock, Journal& journal, Entropy& entropy,
                    RspamdOptions options, std::shared_ptr<const Weights> weights);

    [[nodiscard]] std::unique_ptr<PendingFindings> ask(const Submission& submission,
                                                       SteadyInstant deadline) override;

    /// For the messages that are asked about from now on.
    void replace_weights(std::shared_ptr<const Weights> weights);
    [[nodiscard]] Health health() const;

private:
    class Answer;

    [[nodiscard]] std::unique_ptr<PendingFindings> skip(std::string reason);
    [[nodiscard]] Breaker::Pass admit();
    void answered();
    void failed(Breaker::Pass pass, const std::string& reason);
    void abandoned(Breaker::Pass pass);
    [[nodiscard]] bool turn(bool up) BAILIFF_REQUIRES(mutex_);

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
    Health health_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
