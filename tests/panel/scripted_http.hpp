#pragma once
// An HTTP that answers what a test says, in order, and keeps what it was sent.

#include "src/panel/panel_effect.hpp"

#include <bailiff/clock.hpp>
#include <bailiff/ports/http.hpp>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bailiff::panel {

struct Sent {
    std::string url, body;
    std::vector<std::pair<std::string, std::string>> headers;
};

class ScriptedHttp final : public Http {
public:
    struct Answer {
        Result<HttpReply> reply;
        bool unheard = false;
    };

    void will_say(std::string body, int status = 200) {
        HttpReply reply;
        reply.status = status;
        reply.body = std::move(body);
        answers_.push_back({std::move(reply), false});
    }
    void will_fail(bool unheard) {
        answers_.push_back({fail(Fault::unavailable, "the wire"), unheard});
    }
    std::unique_ptr<HttpExchange> begin(const HttpRequest& request) override {
        sent.push_back({request.url, std::string(request.body), request.headers});
        Answer answer{fail(Fault::unavailable, "more calls than the test expects"), true};
        if (!answers_.empty()) {
            answer = std::move(answers_.front());
            answers_.pop_front();
        }
        return std::make_unique<Exchange>(std::move(answer));
    }
    /// The last part of each URL, or the form field `action`.
    [[nodiscard]] std::vector<std::string> functions() const {
        std::vector<std::string> names;
        for (const auto& one : sent) {
            const auto action = one.body.find("&action=");
            const auto name = action == std::string::npos ? one.url.substr(one.url.rfind('/') + 1)
                                                          : one.body.substr(action + 8);
            names.push_back(name.substr(0, name.find('&')));
        }
        return names;
    }

    std::vector<Sent> sent;

private:
    class Exchange final : public HttpExchange {
    public:
        explicit Exchange(Answer answer) : answer_(std::move(answer)) {}
        Result<HttpReply> finish() override { return std::move(answer_.reply); }
        bool unheard() const override { return answer_.unheard; }

    private:
        Answer answer_;
    };
    std::deque<Answer> answers_;
};

class StillClock final : public Clock {
public:
    Instant now() const override { return Instant(std::chrono::milliseconds(1'674'087'231'500)); }
    SteadyInstant steady() const override { return SteadyInstant(std::chrono::hours(1)); }
};

/// One panel hook on a scripted wire.
struct Bench {
    explicit Bench(std::string panel) {
        settings.panel = std::move(panel);
        settings.url = settings.panel == "whm" ? "https://whm.example:2087"
                                               : "https://billing.example/includes/api.php";
        settings.user = "root";
        settings.purge_user = "purger";
        settings.service_key = "serviceid";
        settings.ticket_department = 3;
        settings.ticket_subject = "Stopped";
        settings.ticket_message = "Why";
        secrets.purge.emplace(Secret("purge-token"));
    }
    [[nodiscard]] std::unique_ptr<Effect> effect(ActionKind kind) {
        return panel_effect({settings, secrets, map, http, clock}, kind);
    }

    PanelSettings settings;
    Secrets secrets{Secret("token"), {}};
    TargetMap map;
    ScriptedHttp http;
    StillClock clock;
};

inline constexpr const char* case_id = "B0123456789ABCDEF";

inline Order order_of(ActionKind kind, std::string target) {
    Order order;
    order.action_id = *ActionId::parse(std::string(64, 'a'));
    order.case_id = *CaseId::parse(case_id);
    order.kind = kind;
    order.account = *AccountId::parse("7");
    order.service = *ServiceId::parse("11");
    order.target = std::move(target);
    order.state_before = "active";
    return order;
}

}  // namespace bailiff::panel
