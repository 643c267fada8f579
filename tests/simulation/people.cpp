// Who sends what, and who decides over it.
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <utility>

namespace bailiff::simulation {

namespace {

std::string numbered(const char* what, std::size_t number) {
    return what + std::to_string(number);
}

std::uint32_t uid_of(const ServiceId& id) {
    return 33'000U + static_cast<std::uint32_t>(id.text().back() - '0');
}

CaseState state_after(Decision decision) {
    switch (decision) {
        case Decision::release:
            return CaseState::released;
        case Decision::reject:
            return CaseState::rejected;
        case Decision::reinstate:
            return CaseState::reinstated;
        case Decision::purge:
            return CaseState::rejected;
        case Decision::retry:
        case Decision::confirm:
        case Decision::drop:
        case Decision::edit:
        case Decision::erase:
        case Decision::legal_hold:
            break;  // nobody orders these here
    }
    return CaseState::open;
}

const std::string shared_address = "203.0.113.9";  ///< of two services
const std::string script_header = "X-PHP-Script: /home/www/form.php\r\n";

}  // namespace

/// Six services of three accounts; one of them may be protected from the start.
void World::settle_customers() {
    for (std::size_t number = 0; number < 6; ++number) {
        Service row;
        row.id = *ServiceId::parse(numbered("svc-", number));
        row.account = *AccountId::parse(numbered("acc-", number / 2));
        row.created = *parse_rfc3339("2024-01-01");
        row.identities = {{IdentityKind::login, numbered("login-", number), {}, {}},
                          {IdentityKind::uid, std::to_string(uid_of(row.id)), {}, {}},
                          {IdentityKind::domain, numbered("site-", number) + ".example", {}, {}}};
        if (row.account.text() == "acc-0")
            row.identities.push_back({IdentityKind::client_ip, shared_address, {}, {}});
        tenants_.rows.push_back(std::move(row));
    }
    tenants_.rows.back().is_protected = sky_.chance.below(4) == 0;
    tenants_.imported = sky_.clock.truth();
}

/// One to four mails of one sender within an hour; some are offered twice.
void World::plan_incident(int number) {
    auto& chance = sky_.chance;
    const auto begins = Duration(chance_time());
    const auto sender = chance.below(tenants_.rows.size());
    const auto kind = chance.below(10);
    const bool one_witness = kind == 0, slow = kind == 1, framed = kind == 2, local = kind >= 8;
    const auto mails = 1 + chance.below(4);
    for (std::size_t i = 0; i < mails; ++i) {
        const std::string id = std::to_string(number) + "." + std::to_string(i);
        const bool script = chance.below(10) < (local ? 7U : 3U);
        const std::string rspamd = one_witness ? "none" : slow ? "slow" : "spam";
        Mail mail{.sender = tenants_.rows[sender].id,
                  .raw = "Subject: offer " + id + "\r\nFrom: a@site-" + std::to_string(sender) +
                         ".example\r\n" + (script ? script_header : "") + "Message-ID: <" + id +
                         "@x.example>\r\n\r\nrules=spam rspamd=" + rspamd + " " + id + "\r\n"};
        mail.by_login = !framed && !local;
        mail.by_uid = !framed && local;
        mail.is_spam = !one_witness && !slow && !framed;
        mail.has_script = script;
        const auto when = begins + chance.between(0s, 1h);
        concurrent_.emplace(when, [this, mail] { offer(mail); });
        if (chance.below(3) == 0)
            send_honest(sender, std::max(0ms, when - 1s + chance.between(0ms, 2s)));
        if (chance.below(3) != 0) continue;
        concurrent_.emplace(when + chance.between(0s, 30min), [this, mail] {
            sky_.chronicle.meet("duplicate");
            offer(mail);
        });
    }
    for (auto persons = chance.below(4); persons > 0; --persons)
        concurrent_.emplace(begins + chance.between(1min, 12h), [this] { decide_something(); });
    for (auto orders = chance.below(3); orders > 0; --orders)
        concurrent_.emplace(begins + chance.between(1h, 18h), [this] { order_purge(); });
}

void World::offer(Mail mail) {
    const auto& row = tenants_.of(mail.sender);
    Submission submission;
    auto& envelope = submission.envelope;
    envelope.queue_id = "4j" + std::to_string(++serial_);
    envelope.door = mail.by_uid ? Door::local : Door::submission;
    envelope.client_address = mail.by_uid ? "127.0.0.1" : "198.51.100.7";
    if (mail.by_login) envelope.login = row.identities[0].value;
    if (mail.by_uid) envelope.uid = uid_of(row.id);
    envelope.mail_from = "a@" + row.identities[2].value;
    envelope.rcpt_to = {"somebody@dest.example"};
    envelope.rcpt_count = 1;
    envelope.received = sky_.clock.now();
    submission.raw = mail.raw;
    truth_.sent[envelope.queue_id] = {ServiceRef{row.id, row.created}, mail.is_spam,
                                      mail.has_script};
    if (mail.has_script) sky_.chronicle.meet("mail with a script");
    sky_.chronicle.meet(mail.by_uid     ? "mail by uid"
                        : mail.by_login ? "mail by login"
                                        : "mail that frames");
    const auto reply = milter_.take(submission, sky_.chance.below(2) == 0);
    sky_.note(envelope.queue_id + " of " + row.id.text() + ": " +
              (reply ? std::string(to_text(reply->kind)) + " " + reply->text : "no answer"));
    if (!reply) sky_.chronicle.meet("connection lost");
    const bool held = reply && reply->kind == Reply::Kind::hold;
    if (held || (reply && reply->kind == Reply::Kind::proceed)) queue_up(mail, envelope, held);
    if (reply && reply->kind != Reply::Kind::tempfail) return promise(*reply);
    if (--mail.tries_left <= 0) return;
    sky_.chronicle.meet("mail is offered again");
    sky_.later(sky_.chance.between(1min, 20min), [this, mail] { offer(mail); });
}

/// What a reply names is promised from now on.
void World::promise(const Reply& reply) {
    sky_.chronicle.meet("reply " + std::string(to_text(reply.kind)));
    const auto named = reply.text.find("case B");
    if (named == std::string::npos) return;
    const auto id = CaseId::parse(std::string_view(reply.text).substr(named + 5, 17));
    if (!id) return sky_.breach(Breach::lost, "the reply names no case: " + reply.text);
    std::size_t planned = 0;
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto actions, view.actions_of(*id));
        planned = actions.size();
        return {};
    });
    truth_.promised[*id] = std::max(truth_.promised[*id], planned);
}

std::optional<Case> World::some_case() {
    std::vector<Case> newest;
    (void)disk_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(newest, view.cases({.state = {}, .service = {}, .count = 8}));
        return {};
    });
    if (newest.empty()) return std::nullopt;
    return sky_.chance.one_of(newest);
}

void World::decide_something() {
    const auto record = some_case();
    if (!record) return;
    const auto dice = sky_.chance.below(10);
    decide(record->id,
           dice < 3   ? Decision::reject
           : dice < 5 ? Decision::release
                      : Decision::reinstate,
           2);
}

/// Rather of a case that a person has rejected; the desk knows whether it may be.
void World::order_purge() {
    auto record = some_case();
    for (int looks = 0; record && looks < 4; ++looks) {
        const auto decided = truth_.decided.find(record->id);
        if (decided != truth_.decided.end() && decided->second == CaseState::rejected) break;
        record = some_case();
    }
    if (record) decide(record->id, Decision::purge, 2);
}

/// Looks now and then whether the breaker is open, and closes it.
void World::look_at_breaker() {
    at(sky_.clock.passed() + sky_.chance.between(1h, 5h), [this] { look_at_breaker(); });
    if (!enforcer_.lives()) return;
    const auto closed = enforcer_.reset_breaker();
    if (!closed && closed.error().fault == Fault::invalid_input) return;
    sky_.note("breaker reset: " + (closed ? std::string("yes") : closed.error().what));
    // Unheard, it may be closed all the same.
    truth_.breaker_closed = sky_.clock.passed();
    if (closed) sky_.chronicle.meet("breaker closed");
}

void World::decide(const CaseId& id, Decision decision, int tries_left) {
    const auto name = std::string(to_text(decision));
    const auto done = enforcer_.decide(id, decision);
    sky_.note(name + " " + id.text() + ": " + (done ? "yes" : done.error().what));
    if (done) {
        sky_.chronicle.meet("decision " + name + (waiting_ > 0 ? " meanwhile" : ""));
        truth_.decided[id] = state_after(decision);
        if (decision != Decision::purge) return;
        truth_.purges_ordered.insert(id);
        truth_.purges_promised.insert(id);
        return;
    }
    if (done.error().fault == Fault::invalid_input) return sky_.chronicle.meet("decision refused");
    sky_.chronicle.meet("decision unheard");
    (decision == Decision::purge ? truth_.purges_ordered : truth_.perhaps_undone).insert(id);
    if (tries_left > 0)
        sky_.later(sky_.chance.between(1min, 10min),
                   [this, id, decision, tries_left] { decide(id, decision, tries_left - 1); });
}

}  // namespace bailiff::simulation
