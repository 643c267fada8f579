#include "src/rspamd/inspector.hpp"

#include "src/rspamd/findings.hpp"
#include "src/rspamd/printable.hpp"
#include "src/rspamd/question.hpp"
#include "src/rspamd/reply.hpp"

#include <algorithm>
#include <array>
#include <bailiff/ensure.hpp>

namespace bailiff {
namespace {

/// The answer of somebody who was not asked.
class Silence final : public PendingFindings {
public:
    explicit Silence(std::string reason) : reason_(std::move(reason)) {}
    Findings wait() override { return {unavailable(reason_)}; }

private:
    const std::string reason_;
};

[[nodiscard]] Result<RspamdReply> read(const Result<HttpReply>& http) {
    if (!http) return Failure(http.error());
    if (http->status != 200)
        return fail(Fault::unavailable,
                    "it says " + std::to_string(http->status) + ": " + printable(http->body, 100));
    return parse_reply(http->body);
}

[[nodiscard]] bool has_gtube(const RspamdReply& reply) {
    return std::ranges::find(reply.symbols, "GTUBE", &RspamdSymbol::name) != reply.symbols.end();
}

}  // namespace

/// A question under way.
class RspamdInspector::Answer final : public PendingFindings {
public:
    Answer(RspamdInspector& owner, const Submission& submission,
           std::shared_ptr<const Weights> weights, Breaker::Pass pass, SteadyInstant deadline)
        : owner_(owner),
          submission_(submission),
          weights_(std::move(weights)),
          pass_(pass),
          question_(make_question(submission, owner.options_, owner.entropy_, deadline)),
          exchange_(owner.http_.begin(question_.request)) {}

    ~Answer() override {
        if (exchange_) owner_.abandoned(pass_);
    }
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;

    Findings wait() override {
        const auto reply = read(finish());
        exchange_.reset();
        const auto error = why_not(reply);
        if (!error.empty()) {
            owner_.failed(pass_, error);
            return {unavailable(error)};
        }
        owner_.answered();
        // Somebody's whitelist or limit came first, so its rules did not run: no witness, but well.
        if (reply->skipped && !has_gtube(*reply))
            return {unavailable("it skipped the message, action " + reply->action)};
        return to_findings(*reply, *weights_);
    }

private:
    [[nodiscard]] Result<HttpReply> finish() {
        auto http = exchange_->finish();
        if (http || !exchange_->dropped_unanswered()) return http;
        if (owner_.clock_.steady() >= question_.request.deadline) return http;
        exchange_ = owner_.http_.begin(question_.request);  // a scan changes nothing: ask again
        return exchange_->finish();
    }
    [[nodiscard]] std::string why_not(const Result<RspamdReply>& reply) const {
        if (!reply) return reply.error().what;
        const auto fits = check_is_answer(*reply, question_, submission_);
        return fits ? std::string() : fits.error().what;
    }

    RspamdInspector& owner_;
    const Submission& submission_;
    const std::shared_ptr<const Weights> weights_;
    const Breaker::Pass pass_;
    const Question question_;
    std::unique_ptr<HttpExchange> exchange_;  ///< null: told the owner how it ended
};

RspamdInspector::RspamdInspector(Http& http, const Clock& clock, Journal& journal, Entropy& entropy,
                                 RspamdOptions options, std::shared_ptr<const Weights> weights)
    : http_(http),
      clock_(clock),
      journal_(journal),
      entropy_(entropy),
      options_(std::move(options)),
      weights_(std::move(weights)),
      breaker_({options_.breaker_failures, options_.breaker_pause}) {
    BAILIFF_ENSURE(weights_ != nullptr);
    health_.since = clock_.now();
}

std::unique_ptr<PendingFindings> RspamdInspector::ask(const Submission& submission,
                                                      SteadyInstant deadline) {
    const auto now = clock_.steady();
    if (deadline <= now) return skip("no time was left to ask");
    const auto pass = admit();
    if (pass == Breaker::Pass::skip)
        return skip("not asked after failures in a row, the last: " + health().last_error);
    std::shared_ptr<const Weights> weights;
    {
        Lock lock(mutex_);
        weights = weights_;
    }
    try {
        return std::make_unique<Answer>(*this, submission, std::move(weights), pass,
                                        std::min(deadline, now + options_.deadline));
    } catch (...) {  // out of memory: a probe that never ran must not keep the next from running
        abandoned(pass);
        throw;
    }
}

std::unique_ptr<PendingFindings> RspamdInspector::skip(std::string reason) {
    Lock lock(mutex_);
    ++health_.skipped;
    return std::make_unique<Silence>(std::move(reason));
}

Breaker::Pass RspamdInspector::admit() {
    Lock lock(mutex_);
    const auto pass = breaker_.admit(clock_.steady());
    if (pass != Breaker::Pass::skip) ++health_.asked;
    return pass;
}

bool RspamdInspector::turn(bool up) {
    if (health_.up == up) return false;
    health_.up = up;
    health_.since = clock_.now();
    return true;
}

void RspamdInspector::answered() {
    bool is_back = false;
    {
        Lock lock(mutex_);
        breaker_.answered();
        ++health_.answered;
        is_back = turn(true);
    }
    if (is_back) journal_.event(Severity::info, "rspamd.back", {});
}

void RspamdInspector::failed(Breaker::Pass pass, const std::string& reason) {
    std::array<std::uint8_t, 1> jitter{};
    entropy_.fill(jitter);
    const auto text = printable(reason, 300);
    bool went = false, opened = false;
    std::string in_a_row;
    {
        Lock lock(mutex_);
        opened = breaker_.failed(pass, clock_.steady(), jitter.front());
        in_a_row = std::to_string(breaker_.in_a_row());
        ++health_.failed;
        health_.last_error = text;
        went = turn(false);
    }
    if (opened)
        journal_.event(Severity::alarm, "rspamd.breaker_open",
                       {{"failures", in_a_row}, {"reason", text}});
    else if (went)
        journal_.event(Severity::warning, "rspamd.away", {{"reason", text}});
}

void RspamdInspector::abandoned(Breaker::Pass pass) {
    Lock lock(mutex_);
    breaker_.abandoned(pass);
}

void RspamdInspector::replace_weights(std::shared_ptr<const Weights> weights) {
    BAILIFF_ENSURE(weights != nullptr);
    Lock lock(mutex_);
    weights_ = std::move(weights);
}

RspamdInspector::Health RspamdInspector::health() const {
    Lock lock(mutex_);
    return health_;
}

}  // namespace bailiff
