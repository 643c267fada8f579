#pragma once
// Stand-ins for the ports and the MTA of a Session.

#include <bailiff/journal.hpp>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "milter/session.hpp"

namespace bailiff::test {

/// Macros as a table; empty values are as good as absent.
class FakeMacros final : public MacroSource {
public:
    FakeMacros() = default;
    FakeMacros(std::initializer_list<std::pair<const std::string, std::string>> values)
        : values_(values) {}
    std::string_view get(const char* name) const override {
        const auto found = values_.find(name);
        return found == values_.end() ? std::string_view{} : std::string_view{found->second};
    }
    void set(const std::string& name, std::string value) { values_[name] = std::move(value); }

private:
    std::map<std::string, std::string> values_;
};

class FakeGate final : public Gate {
public:
    Reply admit(const Envelope& envelope) noexcept override {
        admitted.push_back(envelope);
        return at_mail;
    }
    Reply judge(const Submission& submission) noexcept override {
        judged.push_back(submission);
        return at_end;
    }
    Reply at_mail;
    Reply at_end;
    std::vector<Envelope> admitted;
    std::vector<Submission> judged;
};

/// 1, 2, 3, … in the last byte.
class CountingEntropy final : public Entropy {
public:
    void fill(std::span<std::uint8_t> bytes) override {
        for (auto& byte : bytes) byte = 0;
        bytes.back() = ++count_;
    }

private:
    std::uint8_t count_ = 0;
};

class StandingClock final : public Clock {
public:
    Instant now() const override { return Instant{std::chrono::seconds(1'700'000'000)}; }
    SteadyInstant steady() const override { return {}; }
};

/// How often each event was told.
class CountingJournal final : public Journal {
public:
    void event(Severity, std::string_view name, std::initializer_list<Field>) noexcept override {
        ++counts[std::string(name)];
    }
    std::map<std::string, int> counts;
};

/// A session with everything that it needs.
struct Bench {
    FakeGate gate;
    CountingEntropy entropy;
    StandingClock clock;
    SessionRules rules{{"SUBMISSION", "pickup"}, "X-Submit-Uid"};
    Session session{rules, {gate, entropy, clock}};

    void header(std::string_view name, std::string_view value) {
        session.header({.name = name, .value = value});
    }
};

inline FakeMacros at_local_door() {
    return {{"{bailiff_door}", "pickup"}, {"i", "QLOCAL"}};
}

inline FakeMacros logged_in(std::string login) {
    return {{"{bailiff_door}", "SUBMISSION"},
            {"{client_addr}", "192.0.2.7"},
            {"{auth_authen}", std::move(login)}};
}

/// Takes guards away for as long as it lives.
class WithoutGuard {
public:
    explicit WithoutGuard(const char* name) { setenv("BAILIFF_REMOVE_GUARD", name, 1); }
    ~WithoutGuard() { unsetenv("BAILIFF_REMOVE_GUARD"); }
    WithoutGuard(const WithoutGuard&) = delete;
    WithoutGuard& operator=(const WithoutGuard&) = delete;
};

}  // namespace bailiff::test
