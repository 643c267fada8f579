#pragma once
// A desk with one case in memory, a journal that remembers, and a case full of hostile bytes.

#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <bailiff/ports/desk.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bailiff {

inline const std::string case_text = "B0123456789ABCDEF";
inline const CaseId case_id = *CaseId::parse(case_text);

/// A case of a shop; every text of a sender holds bytes that a terminal would obey.
inline CaseFile hostile_case() {
    CaseFile file;
    auto& record = file.record;
    record.id = case_id;
    record.opened = *parse_rfc3339("2026-01-02T03:04:05.678Z");
    record.path = "zero_tolerance";
    record.mode = Mode::enforce;
    record.service = {*ServiceId::parse("shop"), *parse_rfc3339("2025-01-01")};
    record.account = *AccountId::parse("a1");
    record.strength = Strength::proven;
    record.proofs = {{IdentityKind::login,
                      "shop@example.com",
                      "{auth_authen}",
                      Strength::proven,
                      {*ServiceId::parse("shop")}},
                     {IdentityKind::domain, "\x1b[2J.example", "From", Strength::asserted, {}}};
    record.attribution_reason = {"The login belongs to this service.",
                                 "L'identifiant est de ce service."};
    record.verdict.level = Level::confirmed;
    record.verdict.score = 15'200;
    record.verdict.by_family = {8'000, 7'200, 0, 0, 0};
    record.verdict.findings = {{Family::rules, "HACKED_FORM", 8'000, "text \xff\xfe of a form"},
                               {Family::rspamd, "PHISHING", 7'200,
                                "\xe2\x80\xae"
                                "gpj.exe"},
                               state_finding("URIS_CUT", "more than 2000 links")};
    record.verdict.reasons = {{"Two families agree.", "Deux familles concordent."}};
    record.envelope.door = Door::submission;
    record.envelope.login = "shop@example.com";
    record.envelope.helo = "a\r\nHistory";
    record.envelope.client_address = "192.0.2.7";
    record.envelope.mail_from = "shop@example.com";
    record.envelope.rcpt_to = {"alice@example.net", "bob@example.org"};
    record.envelope.rcpt_count = 2;
    record.message_size = 1'234;
    record.held = {{"4abcDEF", record.opened}};
    record.held_uncounted = 3;
    record.events = {{record.opened, "milter", "opened", ""},
                     {record.opened, "Alex Example", "released", "customer \x07 called"}};
    Action action;
    action.kind = ActionKind::service_terminate;
    action.target = "shop";
    action.state = ActionState::verified;
    action.attempts = 2;
    action.detail = "panel: done\x9b";
    file.actions = {action};
    file.service_standing = {Standing::terminated, case_id, record.opened,
                             *parse_rfc3339("2026-12-24")};
    return file;
}

/// Threads  any.
class FakeDesk final : public Desk {
public:
    CaseFile file = hostile_case();
    std::string raw = std::string("Subject: x\r\n\r\n\0\xff", 16);
    std::optional<Error> error;  ///< what every function answers
    bool throws = false;

    struct Decided {
        Decision decision{};
        std::string name, reason, what;
    };
    std::optional<Decided> decided;
    Disclosure disclosed;
    mutable std::optional<CaseFilter> filter;

    Result<std::vector<Case>> list(const CaseFilter& wanted) const override {
        const Lock lock(mutex_);
        if (error) return Failure(*error);
        filter = wanted;
        return std::vector<Case>{file.record};
    }
    Result<CaseFile> show(const CaseId& id) const override {
        if (throws) throw std::runtime_error("a bug of ours");
        if (error) return Failure(*error);
        if (id != case_id) return fail(Fault::not_found, "no case " + id.text());
        return file;
    }
    Result<Disclosed> disclose(const CaseId& id, const Disclosure& disclosure) override {
        if (error) return Failure(*error);
        if (id != case_id) return fail(Fault::not_found, "no case " + id.text());
        disclosed = disclosure;
        Seal seal;
        seal.manifest = "manifest";
        seal.salt.bytes[3] = 7;
        seal.stamp = std::string("\0\xff", 2);
        return Disclosed{{seal}, 17};
    }
    Result<std::string> exhibit(const CaseId& id, std::uint32_t bag, const std::string& path,
                                std::uint64_t leaf) const override {
        if (error) return Failure(*error);
        if (id != case_id || bag != 0 || path != message_path || leaf != 17)
            return fail(Fault::not_found, "no case " + id.text());
        return raw;
    }
    Result<std::string> cover(const CaseId& id, const std::string& tiers, Language language,
                              std::uint64_t leaf) const override {
        if (error) return Failure(*error);
        if (id != case_id || leaf != 17) return fail(Fault::not_found, "no case " + id.text());
        return (language == Language::fr ? "fr " : "en ") + tiers;
    }
    Result<CaseFile> decide(const CaseId& id, Decision decision, const DecidedBy& by) override {
        const Lock lock(mutex_);
        if (error) return Failure(*error);
        if (id != case_id) return fail(Fault::not_found, "no case " + id.text());
        decided = Decided{decision, by.name, by.reason, by.what};
        file.record.state = CaseState::released;
        return file;
    }
    Result<Report> report(Instant since) const override {
        if (error) return Failure(*error);
        Report report;
        report.cases = static_cast<std::uint64_t>(since.time_since_epoch().count());
        report.paths = {{"zero_tolerance", Mode::enforce, 3}};
        report.actions = {
            {ActionKind::service_terminate, Direction::act, ActionState::verified, 2}};
        report.rules = {{"RULE\x1b", 1}};
        return report;
    }
    Result<ActionBreaker> breaker() const override {
        if (error) return Failure(*error);
        return stands;
    }
    Result<ActionBreaker> reset_breaker(const DecidedBy& by) override {
        if (error) return Failure(*error);
        if (!stands.open) return fail(Fault::invalid_input, "the breaker is not open");
        stands.open = false;
        stands.by = by.name;
        stands.reason = by.reason;
        return stands;
    }
    Result<RetentionReport> retention() const override {
        if (error) return Failure(*error);
        RetentionReport report;
        report.at = file.record.opened;
        report.job = "unconfirmed";
        report.stopped = "the clock \x1b[2J";
        report.due = report.cases = 1;
        report.lines = {due_line()};
        return report;
    }
    Result<RetentionRun> run_retention(const DecidedBy& by, const RetentionStep& step) override {
        if (error) return Failure(*error);
        ran = by.name + " " + std::to_string(step.from) + " " + std::to_string(step.count);
        return RetentionRun{{due_line()}, 1'000, true};
    }
    std::string ran;  ///< who, from where and how much
    [[nodiscard]] RetentionLine due_line() const {
        return {case_id, Keeping::unconfirmed, "all", file.record.opened, file.record.opened,
                "retention.unconfirmed_days = 14", HeldBy::nothing, "Nobody has \x1b[2J."};
    }
    ActionBreaker stands{true, {}, "enforcer.actions_per_hour", "20 of 20 \x1b[2J", "", ""};

private:
    mutable Mutex mutex_;
};

/// Threads  any.
class RememberingJournal final : public Journal {
public:
    void event(Severity, std::string_view name,
               std::initializer_list<Field> fields) noexcept override {
        const Lock lock(mutex_);
        std::string line(name);
        for (const auto& field : fields)
            line.append(" ").append(field.key).append("=").append(field.value);
        lines_.push_back(std::move(line));
    }
    std::vector<std::string> lines() const {
        const Lock lock(mutex_);
        return lines_;
    }

private:
    mutable Mutex mutex_;
    std::vector<std::string> lines_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
