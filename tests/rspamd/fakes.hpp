#pragma once
// A clock that is set, random bytes that are known, a journal that is read, an HTTP that is
// scripted.

#include "src/rspamd/weights.hpp"

#include <atomic>
#include <bailiff/clock.hpp>
#include <bailiff/ensure.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/ports/entropy.hpp>
#include <bailiff/ports/http.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace bailiff {

class SetClock final : public Clock {
public:
    Instant now() const override { return Instant(std::chrono::milliseconds(1'000'000) + passed_); }
    SteadyInstant steady() const override { return SteadyInstant(std::chrono::hours(1) + passed_); }
    void pass(std::chrono::milliseconds time) { passed_ += time; }

private:
    std::chrono::milliseconds passed_{0};
};

class RealClock final : public Clock {
public:
    Instant now() const override {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
    SteadyInstant steady() const override { return std::chrono::steady_clock::now(); }
};

/// Counts up from 0, so that each request id is another; a single byte (the jitter) is `jitter`.
class CountingEntropy final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        if (bytes.size() == 1) {
            bytes.front() = jitter;
            return;
        }
        const auto number = next_++;
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(number);
    }
    std::uint8_t jitter = 0;

private:
    std::atomic<unsigned> next_{0};
};

class HeardJournal final : public Journal {
public:
    void event(Severity, std::string_view name, std::initializer_list<Field>) noexcept override {
        const std::lock_guard lock(mutex_);
        names_.emplace_back(name);
    }
    [[nodiscard]] std::vector<std::string> names() const {
        const std::lock_guard lock(mutex_);
        return names_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> names_;
};

/// What one exchange does, with the request before it.
struct Scripted {
    Result<HttpReply> reply;
    bool dropped_unanswered = false;
};
using HttpScript = std::function<Scripted(const HttpRequest&)>;

class ScriptedHttp final : public Http {
public:
    explicit ScriptedHttp(HttpScript script) : script_(std::move(script)) {}

    std::unique_ptr<HttpExchange> begin(const HttpRequest& request) override {
        requests.push_back(request);
        return std::make_unique<Exchange>(script_(request));
    }
    std::vector<HttpRequest> requests;

private:
    class Exchange final : public HttpExchange {
    public:
        explicit Exchange(Scripted scripted) : scripted_(std::move(scripted)) {}
        Result<HttpReply> finish() override { return scripted_.reply; }
        bool dropped_unanswered() const override { return scripted_.dropped_unanswered; }

    private:
        const Scripted scripted_;
    };

    const HttpScript script_;
};

[[nodiscard]] inline std::shared_ptr<const Weights> weights_of(std::string_view text) {
    auto weights = Weights::parse(text, "w");
    BAILIFF_ENSURE(weights.has_value());
    return std::make_shared<const Weights>(*std::move(weights));
}

[[nodiscard]] inline std::string header_of(const HttpRequest& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (key == name) return value;
    return {};
}

/// The id in a request's Settings header, or in the text of a whole request.
[[nodiscard]] inline std::string id_in(const std::string& text) {
    constexpr std::string_view before = R"("options":[")";
    const auto at = text.find(before);
    return at == std::string::npos ? "" : text.substr(at + before.size(), 24);
}

[[nodiscard]] inline std::string reply_json(const std::string& id,
                                            const std::string& symbols = {}) {
    return R"({"is_skipped":false,"score":1.5,"required_score":15.0,"action":"no action",
        "symbols":{"BAILIFF_REQUEST":{"score":0,"options":[")" +
           id + "\"]}" + symbols + R"(},"message-id":"one@example.com"})";
}

[[nodiscard]] inline Scripted answered(const std::string& body) {
    return {HttpReply{200, body, {}}};
}
[[nodiscard]] inline Scripted failing(const std::string& what) {
    return {fail(Fault::unavailable, what)};
}
/// As rspamd would.
[[nodiscard]] inline Scripted well(const HttpRequest& request) {
    return answered(reply_json(id_in(header_of(request, "Settings"))));
}

}  // namespace bailiff
