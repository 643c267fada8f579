#include "src/rspamd/inspector.hpp"

#include "src/rspamd/findings.hpp"
#include "src/rspamd/printable.hpp"
#include "src/rspamd/question.hpp"
#include "src/rspamd/reply.hpp"

#include <algorithm>
#include <array>
#include <bailiff/digest.hpp>
#include <bailiff/ensure.hpp>
#include <new>

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

/// What is asked while no message may be: small, and nobody's.
[[nodiscard]] const Submission& probe() {
    static const Submission submission = [] {
        Submission made;
        made.envelope.mail_from = "probe@bailiff.invalid";
        made.envelope.rcpt_to = {"probe@bailiff.invalid"};
        made.raw =
            "From: probe@bailiff.invalid\r\nTo: probe@bailiff.invalid\r\nSubject: probe\r\n"
            "Message-ID: <probe@bailiff.invalid>\r\n\r\nIs somebody there?\r\n";
        return made;
    }();
    return submission;
}

[[nodiscard]] bool has_gtube(const RspamdReply& reply) {
    return std::ranges::find(reply.symbols, "GTUBE", &RspamdSymbol::name) != reply.symbols.end();
}

}  // namespace

/// A question under way.
class RspamdInspector::Asking {
public:
    Asking(RspamdInspector& owner, const Submission& submission, SteadyInstant deadline)
        : owner_(owner),
          submission_(submission),
          begun_(owner.clock_.steady()),
          question_(make_question(submission, owner.options_, owner.entropy_, deadline)),
          exchange_(owner.http_.begin(question_.request)) {}

    /// The reply to this question and no other's. Call once.
    [[nodiscard]] Result<RspamdReply> hear() {
        auto reply = read(finish());
        ended_ = owner_.clock_.steady();
        exchange_.reset();
        if (reply) BAILIFF_CHECK(check_is_answer(*reply, question_, submission_));
        return reply;
    }

    [[nodiscard]] const Submission& submission() const { return submission_; }
    [[nodiscard]] Patience::Time took() const {
        return std::chrono::duration_cast<Patience::Time>(ended_ - begun_);
    }
    [[nodiscard]] bool late() const { return ended_ >= question_.request.deadline; }
    /// The connection ended without an answer, and asking once more brought none either.
    [[nodiscard]] bool dropped_twice() const { return dropped_twice_; }

private:
    [[nodiscard]] Result<HttpReply> finish() {
        auto http = exchange_->finish();
        if (http || !exchange_->dropped_unanswered()) return http;
        if (owner_.clock_.steady() >= question_.request.deadline) return http;
        exchange_ = owner_.http_.begin(question_.request);  // a scan changes nothing: ask again
        http = exchange_->finish();
        dropped_twice_ = !http;
        return http;
    }

    RspamdInspector& owner_;
    const Submission& submission_;
    const SteadyInstant begun_;
    SteadyInstant ended_{};
    const Question question_;
    std::unique_ptr<HttpExchange> exchange_;
    bool dropped_twice_ = false;
};

class RspamdInspector::Answer final : public PendingFindings {
public:
    Answer(RspamdInspector& owner, const Submission& submission,
           std::shared_ptr<const Weights> weights, SteadyInstant deadline)
        : owner_(owner), weights_(std::move(weights)), asking_(owner, submission, deadline) {}

    Findings wait() override {
        const auto reply = asking_.hear();
        if (!reply) {
            owner_.failed(asking_, reply.error().what);
            return {unavailable(reply.error().what)};
        }
        owner_.answered(asking_);
        // Somebody's whitelist or limit came first, so its rules did not run: no witness, but well.
        if (reply->skipped && !has_gtube(*reply))
            return {unavailable("it skipped the message, action " + reply->action)};
        heard_.emplace();
        for (const auto& symbol : reply->symbols) heard_->push_back(symbol.name);
        return to_findings(*reply, *weights_);
    }
    [[nodiscard]] std::optional<std::vector<std::string>> heard() const override { return heard_; }

private:
    RspamdInspector& owner_;
    const std::shared_ptr<const Weights> weights_;
    Asking asking_;
    std::optional<std::vector<std::string>> heard_;
};

RspamdInspector::RspamdInspector(Http& http, const Clock& clock, Journal& journal, Entropy& entropy,
                                 RspamdOptions options, std::shared_ptr<const Weights> weights)
    : http_(http),
      clock_(clock),
      journal_(journal),
      entropy_(entropy),
      options_(std::move(options)),
      weights_(std::move(weights)),
      breaker_({options_.breaker_failures, options_.breaker_pause}),
      patience_({std::min(options_.patience, options_.deadline), options_.deadline}) {
    BAILIFF_ENSURE(weights_ != nullptr);
    health_.since = clock_.now();
}

std::unique_ptr<PendingFindings> RspamdInspector::ask(const Submission& submission,
                                                      SteadyInstant deadline) {
    const auto now = clock_.steady();
    if (deadline <= now) return skip("no time was left to ask");
    if (auto why = left_alone()) return skip(std::move(*why));
    if (ends_rspamd(submission))
        return skip("not asked, for rspamd ended the connection on this very message before");
    std::shared_ptr<const Weights> weights;
    {
        Lock lock(mutex_);
        weights = weights_;
        deadline = std::min(deadline, now + patience_.with(submission.raw.size()));
        ++health_.asked;
    }
    return std::make_unique<Answer>(*this, submission, std::move(weights), deadline);
}

std::unique_ptr<PendingFindings> RspamdInspector::skip(std::string reason) {
    Lock lock(mutex_);
    ++health_.skipped;
    return std::make_unique<Silence>(std::move(reason));
}

/// Why nobody asks now; nothing: messages may.
std::optional<std::string> RspamdInspector::left_alone() {
    Lock lock(mutex_);
    if (!breaker_.is_open()) return std::nullopt;
    return "not asked after failures in a row, the last: " + health_.last_error;
}

/// The digest is made only when there is one to compare it with.
bool RspamdInspector::ends_rspamd(const Submission& submission) {
    {
        Lock lock(mutex_);
        if (poison_.empty()) return false;
    }
    const auto digest = sha256(submission.raw);
    Lock lock(mutex_);
    return poison_.knows(digest, clock_.steady());
}

void RspamdInspector::remember_poison(const Submission& submission) {
    const auto digest = sha256(submission.raw);
    {
        Lock lock(mutex_);
        poison_.remember(digest, clock_.steady(), health_.answered);
    }
    journal_.event(Severity::warning, "rspamd.dropped_twice",
                   {{"queue_id", submission.envelope.queue_id}, {"sha256", digest.hex()}});
}

bool RspamdInspector::turn(bool up) {
    if (health_.up == up) return false;
    health_.up = up;
    health_.since = clock_.now();
    return true;
}

std::uint8_t RspamdInspector::jitter() {
    std::array<std::uint8_t, 1> random{};
    entropy_.fill(random);
    return random.front();
}

void RspamdInspector::answered(const Asking& asking) {
    bool is_back = false;
    {
        Lock lock(mutex_);
        breaker_.answered(clock_.steady());
        patience_.answered(asking.took(), asking.submission().raw.size());
        ++health_.answered;
        is_back = turn(true);
    }
    if (is_back) journal_.event(Severity::info, "rspamd.back", {});
}

void RspamdInspector::failed(const Asking& asking, const std::string& reason) {
    if (asking.dropped_twice()) remember_poison(asking.submission());
    const auto random = jitter();
    const auto text = printable(reason, 300);
    bool went = false, opened = false;
    std::string in_a_row;
    {
        Lock lock(mutex_);
        opened = breaker_.failed(clock_.steady(), random);
        if (asking.late()) patience_.late(asking.took(), asking.submission().raw.size());
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

void RspamdInspector::probe_if_due() {
    {
        Lock lock(mutex_);
        if (!breaker_.begin_probe(clock_.steady())) return;
        ++health_.probed;
    }
    std::string error = "no memory for a probe";
    Patience::Time took{0};
    try {
        Asking asking(*this, probe(), clock_.steady() + options_.deadline);
        const auto reply = asking.hear();
        error = reply ? std::string() : reply.error().what;
        took = asking.took();
    } catch (const std::bad_alloc&) {  // a probe that never ended would be the last one
    }
    probed(error, took);
}

void RspamdInspector::probed(const std::string& error, Patience::Time took) {
    const auto random = jitter();
    bool is_back = false;
    {
        Lock lock(mutex_);
        const bool closed = breaker_.probed(error.empty(), clock_.steady(), random);
        if (!error.empty()) health_.last_error = printable(error, 300);
        if (closed) {
            patience_.begin_anew(took);
            poison_.outage_is_over();
            is_back = turn(true);
        }
    }
    if (is_back) journal_.event(Severity::info, "rspamd.back", {});
}

void RspamdInspector::replace_weights(std::shared_ptr<const Weights> weights) {
    BAILIFF_ENSURE(weights != nullptr);
    Lock lock(mutex_);
    weights_ = std::move(weights);
}

RspamdInspector::Health RspamdInspector::health() const {
    Lock lock(mutex_);
    auto health = health_;
    health.open = breaker_.is_open();
    health.patience = std::chrono::ceil<std::chrono::milliseconds>(patience_.with(0));
    return health;
}

}  // namespace bailiff
