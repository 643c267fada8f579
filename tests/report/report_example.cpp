#include "tests/report/report_example.hpp"

#include <bailiff/digest.hpp>

namespace bailiff {
namespace {

Instant at(std::string_view text) {
    return *parse_rfc3339(text);
}

Fact postfix(std::string value, const char* macro) {
    return {std::move(value), Sentence::of(std::string("Postfix ") + macro),
            at("2026-11-24T03:02:07.114Z")};
}

ServiceFacts example_service() {
    return {.service = {*ServiceId::parse("web-1042"), at("2025-06-02T09:14:00Z")},
            .account = *AccountId::parse("acc-77"),
            .plan = "Web Pro",
            .strength = Strength::proven,
            .reason = {"The mail server checked the password of info@shop.example.net; the "
                       "directory assigns this login to the service web-1042.",
                       "Le serveur de messagerie a vérifié le mot de passe de "
                       "info@shop.example.net ; l’annuaire attribue cet identifiant au service "
                       "web-1042."},
            .proofs = {{IdentityKind::login,
                        "info@shop.example.net",
                        "{auth_authen}",
                        Strength::proven,
                        {*ServiceId::parse("web-1042")}},
                       {IdentityKind::domain,
                        "shop.example.net",
                        "MAIL FROM",
                        Strength::asserted,
                        {*ServiceId::parse("web-1042")}}},
            .directory = {"customer directory", "annuaire des clients"},
            .directory_at = at("2026-11-24T03:00:00Z")};
}

SessionFacts example_session() {
    return {.server = postfix("203.0.113.25:587", "{daemon_addr}, {daemon_port}"),
            .client_address = postfix("2001:db8:41:7::2f", "{client_addr}"),
            .client_port = postfix("50412", "{client_port}"),
            .client_name = postfix("unknown", "{client_name}"),
            .helo = postfix("WIN-5KQ0", "HELO"),
            .tls = postfix("TLSv1.3, TLS_AES_256_GCM_SHA384", "{tls_version}, {cipher}"),
            .login = postfix("info@shop.example.net", "{auth_authen}"),
            .auth_type = postfix("PLAIN", "{auth_type}"),
            .uid = {},
            .script = {},
            .queue_id = postfix("4XkQ2J1zT4z9rM", "{i}"),
            .mail_from = postfix("info@shop.example.net", "{mail_addr}"),
            .recipient_count = postfix("250", "{rcpt_addr}"),
            .recipients = {"alice@example.org", "bob@example.com", "chloe@example.net"},
            .recipients_source = {"Postfix {rcpt_addr}, first three of 250",
                                  "Postfix {rcpt_addr}, les trois premiers de 250"}};
}

VerdictFacts example_verdict() {
    return {
        .level = Level::confirmed,
        .score = 14250,
        .by_family = {7750, 0, 6500, 0, 0},
        .lines = {.suspect = 3000,
                  .spam = 6000,
                  .families_lines =
                      {{{5000, 3000}, {7000, 4000}, {6000, 3000}, {6000, 3000}, {6000, 3000}}}},
        .reasons = {{"Spam: rules weighs 7.8 (line 5.0).",
                     "Spam : nos règles : poids 7,8 (seuil 5,0)."},
                    {"Confirmed: a second, independent family agrees.",
                     "Confirmé : une seconde famille, indépendante, concorde."}},
        .findings = {{Family::rules,
                      "OUT_PHISH_BANK",
                      5250,
                      {"Asks for bank data under the name of a bank that did not send it.",
                       "Demande des données bancaires au nom d’une banque qui n’en est pas "
                       "l’expéditrice."}},
                     {Family::rules,
                      "OUT_LINK_HIDDEN",
                      2500,
                      {"The text of a link names another site than the link leads to: "
                       "https://login.bank.example/ instead of http://shop.example.net/x.php.",
                       "Le texte d’un lien nomme un autre site que celui où il conduit : "
                       "https://login.bank.example/ au lieu de http://shop.example.net/x.php."}},
                     {Family::behaviour,
                      "RATE_BURST",
                      6500,
                      {"1,840 recipients in ten minutes; this login never had more than 12 in "
                       "an hour before.",
                       "1 840 destinataires en dix minutes ; cet identifiant n’en avait jamais "
                       "eu plus de 12 par heure auparavant."}},
                     {FamilySet{},
                      "RSPAMD_UNAVAILABLE",
                      0,
                      {"The separate analysis program did not answer in time; its voice is "
                       "missing.",
                       "Le logiciel d’analyse distinct n’a pas répondu à temps ; son avis "
                       "manque."}}},
        .rule_set = sha256("rules").hex(),
        .at = at("2026-11-24T03:02:07.398Z")};
}

std::vector<ReportAction> example_actions() {
    return {{.kind = ActionKind::service_terminate,
             .target = "web-1042",
             .by = "bailiff",
             .requested = at("2026-11-24T03:02:07.402Z"),
             .executed = at("2026-11-24T03:02:11.730Z"),
             .state = ActionState::verified,
             .detail = "terminated",
             .adapter = "whmcs"},
            {.kind = ActionKind::account_suspend,
             .target = "acc-77",
             .by = "bailiff",
             .requested = at("2026-11-24T03:02:07.402Z"),
             .executed = at("2026-11-24T03:02:12.016Z"),
             .state = ActionState::verified,
             .detail = "suspended",
             .adapter = "whm"},
            {.kind = ActionKind::notify_holder,
             .target = "web-1042",
             .by = "bailiff",
             .requested = at("2026-11-24T03:02:07.402Z"),
             .executed = at("2026-11-24T03:02:14.900Z"),
             .state = ActionState::done,
             .detail = "250 2.0.0 Ok: queued",
             .adapter = "notice"},
            {.kind = ActionKind::account_suspend,
             .direction = Direction::undo,
             .target = "acc-77",
             .by = "Reviewer One",
             .automated = false,
             .requested = at("2026-11-25T09:40:00Z"),
             .executed = {},
             .state = ActionState::due,
             .detail = "",
             .adapter = ""}};
}

}  // namespace

ReportFacts example_report() {
    return {
        .case_id = *CaseId::parse("B0123456789ABCDEF"),
        .operator_name = "Hébergement Exemple SAS",
        .node = "mx1.example.net",
        .software = "bailiff 0.4.0",
        .written = at("2026-11-25T09:41:00Z"),
        .opened = at("2026-11-24T03:02:07.401Z"),
        .mode = Mode::enforce,
        .state = CaseState::reinstated,
        .clock = {"synchronised (stratum 2), estimated error 1.2 ms.",
                  "synchronisée (strate 2), erreur estimée à 1,2 ms."},
        .terms = {{"article 12 (Spam) of the terms", "article 12 (Spam) des conditions générales"}},
        .laws = {{"article L. 34-5 of the French postal and electronic communications code "
                  "(unsolicited mail)",
                  "l’article L. 34-5 du code des postes et des communications électroniques "
                  "(prospection non sollicitée)"},
                 {"article 313-1 of the French criminal code (fraud)",
                  "l’article 313-1 du code pénal (escroquerie)"}},
        .service = example_service(),
        .session = example_session(),
        .message = {.digest = sha256("message"),
                    .size = 48213,
                    .received = at("2026-11-24T03:02:07.120Z"),
                    .messages = 1840,
                    .message_id = {"<20261124030207.4711@shop.example.net>",
                                   {"header of the message", "en-tête du message"},
                                   at("2026-11-24T03:02:07.120Z")},
                    .subject = {},
                    .subject_is_withheld = true},
        .verdict = example_verdict(),
        .actions = example_actions(),
        .decisions = {{at("2026-11-25T09:40:00Z"),
                       "Reviewer One",
                       {"service to be restored", "rétablissement du service"},
                       "password was stolen; holder has cleaned the machine"}},
        .tiers = {{{Availability::present, {}, {}, {}},
                   {Availability::present, {}, {}, {}},
                   {Availability::present, {}, {}, {}},
                   {Availability::withheld,
                    {"secrecy of correspondence: only on a court’s order",
                     "secret des correspondances : seulement sur réquisition d’une autorité "
                     "judiciaire"},
                    {},
                    {}}}},
        .holder = {Availability::present,
                   {},
                   {"billing system", "logiciel de facturation"},
                   at("2026-11-24T03:02:09Z")},
        .limits = {{"The list of recipients was cut after 250.",
                    "La liste des destinataires a été coupée après 250."}},
        .seal = {.identity = "evidence@host.example",
                 .key_fingerprint = "SHA256:mVPwvezndPv/ARoIadVY98vAC0g+P/5633yTC4d/wXE",
                 .log_origin = "log.host.example/evidence",
                 .bag = sha256("bag"),
                 .sealed = at("2026-11-24T03:02:09.100Z"),
                 .stamp_authority = "Example Time Stamping Unit 1",
                 .stamped = at("2026-11-24T03:02:10Z"),
                 .log_index = 48211,
                 .log_size = 48300,
                 .previous = {}}};
}

ReportFacts bare_report() {
    ReportFacts facts;
    facts.case_id = *CaseId::parse("B0123456789ABCDEF");
    facts.operator_name = "Hébergement Exemple SAS";
    facts.node = "mx1.example.net";
    facts.software = "bailiff 0.4.0";
    facts.seal.identity = "evidence@host.example";
    return facts;
}

ReportFacts hostile_report() {
    const std::string nasty =
        "<script>alert(1)</script>\u202egpj.exe\u2066\x01\x7f\"'&amp; http://evil.example/a.b "
        "https://x.example.\xff\xc0 www.evil.example \u05e9\u05dc\u05d5\u05dd a\u0300\u0301\u0302";
    auto facts = example_report();
    facts.message.subject_is_withheld = false;
    for (auto* fact : {&facts.message.subject, &facts.message.message_id, &facts.session.helo,
                       &facts.session.client_name, &facts.session.login, &facts.session.script,
                       &facts.session.mail_from})
        *fact = {nasty, Sentence::of(nasty), facts.opened};
    facts.message.message_id.value = std::string(3000, 'x') + nasty;
    facts.session.recipients = {nasty + "@example.com", std::string(400, 'a') + "@example.com"};
    facts.service.reason = {nasty, nasty};
    facts.service.proofs[0].value = nasty;
    facts.operator_name = nasty;
    facts.actions[0].detail = nasty;
    facts.actions[0].target = nasty;
    facts.decisions[0].person = nasty;
    facts.decisions[0].reason = nasty;
    facts.holder = {Availability::unavailable, {}, {}, {}};
    facts.verdict.findings.clear();
    for (int at = 0; at < 60; ++at)
        facts.verdict.findings.push_back(
            {Family::rules, "RULE_" + std::to_string(at) + nasty, -125, {nasty, nasty}});
    return facts;
}

}  // namespace bailiff
