#include "tests/lmdb/samples.hpp"

#include <stdlib.h>

#include "lmdb/codec.hpp"

namespace bailiff::samples {

TempDir::TempDir() {
    std::string name = fs::temp_directory_path() / "bailiff-lmdb-XXXXXX";
    path_ = mkdtemp(name.data());
}

CaseId case_id(std::uint64_t number) {
    std::string text = "B0000000000000000";
    for (std::size_t at = text.size(); number != 0; number >>= 5)
        text[--at] = CaseTag::alphabet[number & 31];
    return CaseId::parse(text).value();
}

ActionId action_id(std::uint64_t number) {
    Digest digest{};
    for (std::size_t at = 32; number != 0; number >>= 8)
        digest.bytes[--at] = static_cast<std::uint8_t>(number);
    return ActionId::parse(digest.hex()).value();
}

Instant at_ms(std::int64_t ms) {
    return Instant(std::chrono::milliseconds(ms));
}

ServiceRef service_ref(const std::string& text, std::int64_t created_ms) {
    return {id<ServiceId>(text), at_ms(created_ms)};
}

Digest digest(std::uint8_t byte) {
    Digest digest;
    digest.bytes.fill(byte);
    return digest;
}

Case full_case(std::uint64_t number) {
    Case record;
    record.id = case_id(number);
    record.opened = at_ms(1'795'000'000'000 + static_cast<std::int64_t>(number));
    record.path = "zero_tolerance";
    record.mode = Mode::enforce;
    record.service = service_ref("web-" + std::to_string(number % 3));
    record.account = id<AccountId>("account-1");
    record.strength = Strength::proven;
    record.proofs = {{IdentityKind::login,
                      "shop@example.com",
                      "{auth_authen}",
                      Strength::proven,
                      {id<ServiceId>("web-1")}}};
    record.attribution_reason = {"the login belongs to one service", "un seul service"};
    record.verdict = {Level::confirmed,           12'500,
                      {8000, 4500, 0, 0, 0},      {{Family::rules, "CASINO", 8000, "a casino"}},
                      {{"two families", "deux"}}, false};
    record.envelope.transaction = "0123456789abcdef";
    record.envelope.queue_id = "4XyZ";
    record.envelope.door = Door::submission;
    record.envelope.client_address = "192.0.2.7";
    record.envelope.client_port = 4711;
    record.envelope.login = "shop@example.com";
    record.envelope.uid = 1001;
    record.envelope.mail_from = "shop@example.com";
    record.envelope.rcpt_to = {"a@example.net", "b@example.org"};
    record.envelope.rcpt_count = 2;
    record.envelope.received = record.opened;
    record.fingerprint.bytes[0] = 1;
    for (std::size_t byte = 0; byte < 8; ++byte)
        record.fingerprint.bytes[31 - byte] = static_cast<std::uint8_t>(number >> (8 * byte));
    record.message_digest = digest(7);
    record.message_size = 1234;
    record.rule_set = "rules-1";
    record.messages = 2;
    record.held = {{"4XyZ", record.opened}};
    record.held_uncounted = 3;
    record.events = {{record.opened, "milter", "opened", "spam"}};
    return record;
}

Action full_action(std::uint64_t number, std::uint64_t case_number) {
    Action action;
    action.id = action_id(number);
    action.case_id = case_id(case_number);
    action.kind = ActionKind::service_terminate;
    action.service = service_ref("web-1");
    action.account = id<AccountId>("account-1");
    action.target = "web-1";
    action.sequence = static_cast<std::uint32_t>(number % 100);
    action.generation = 1;
    action.attempts = 2;
    action.due = at_ms(1'795'000'000'000 + static_cast<std::int64_t>(number));
    action.changed = action.due;
    action.state_before = "active";
    action.detail = "exit 75";
    return action;
}

Service full_service(std::uint64_t number) {
    const auto text = std::to_string(number);
    Service service;
    service.id = id<ServiceId>("web-" + text);
    service.account = id<AccountId>("account-" + std::to_string(number / 2));
    service.holder = id<HolderId>("holder-" + text);
    service.plan = "mail";
    service.created = at_ms(1'000'000);
    service.test = number % 2 == 0;
    service.is_protected = number % 3 == 0;
    service.identities = {
        {IdentityKind::login, "user" + text + "@example.com", {}, {}},
        {IdentityKind::client_ip, "192.0.2." + text, at_ms(5'000), at_ms(9'000)},
        {IdentityKind::uid, text, {}, {}},
        {IdentityKind::domain, "site" + text + ".example", {}, {}},
    };
    return service;
}

Holder full_holder(std::uint64_t number) {
    return {id<HolderId>("holder-" + std::to_string(number)),
            "Example Ltd",
            "owner@example.com",
            "+00 000",
            "1 Example Street",
            "FR",
            "fr"};
}

std::string Sampler::text() {
    std::string text(below(below(8) == 0 ? 3000 : 20), '\0');
    for (auto& c : text) c = static_cast<char>(below(256));
    return text;
}

std::vector<std::string> Sampler::texts() {
    std::vector<std::string> texts(below(5));
    for (auto& text : texts) text = this->text();
    return texts;
}

Instant Sampler::instant() {
    return at_ms(static_cast<std::int64_t>(below(253'402'300'799'999)) -
                 static_cast<std::int64_t>(below(2) * 60'000'000'000'000));
}

Case Sampler::any_case() {
    Case record = full_case(below(1'000));
    record.opened = instant();
    record.path = text();
    record.state = static_cast<CaseState>(below(4));
    record.verdict.score = static_cast<MilliPoints>(random_());
    record.verdict.findings.clear();
    for (auto left = below(6); left > 0; --left)
        record.verdict.findings.push_back(
            {FamilySet::from_bits(static_cast<std::uint8_t>(below(32))), text(),
             static_cast<MilliPoints>(random_()), text()});
    record.verdict.reasons.clear();
    for (auto& reason : texts()) record.verdict.reasons.push_back({reason, text()});
    record.probation_until = instant();
    record.verdict.late = below(2) == 1;
    record.envelope.helo = text();
    record.envelope.uid.reset();
    record.envelope.rcpt_to = texts();
    record.message_size = random_();
    if (below(2) == 1) record.service = {};
    return record;
}

Action Sampler::any_action() {
    Action action = full_action(below(1'000), below(1'000));
    action.kind = static_cast<ActionKind>(1 + below(6));
    action.direction = static_cast<Direction>(below(2));
    action.state = static_cast<ActionState>(below(9));
    action.due = instant();
    action.target = text();
    action.detail = text();
    return action;
}

Service Sampler::any_service() {
    Service service = full_service(below(1'000));
    service.plan = text();
    service.created = instant();
    for (auto left = below(6); left > 0; --left)
        service.identities.push_back({static_cast<IdentityKind>(below(5)), text(), instant(), {}});
    return service;
}

Result<void> write_incident(LedgerTxn& txn, std::uint64_t number) {
    const auto record = full_case(number);
    BAILIFF_CHECK(txn.put_case(record));
    BAILIFF_CHECK(txn.put_message(record.id, "message " + std::to_string(number)));
    BAILIFF_CHECK(txn.put_action(full_action(number, number)));
    BAILIFF_CHECK(txn.put_standing(record.service, {Standing::held, record.id, record.opened}));
    BAILIFF_CHECK(txn.count_hold(record.id, record.opened));
    BAILIFF_CHECK(
        txn.append_leaf({"case", record.id.text(), record.message_digest, record.opened}));
    return {};
}

Seal full_seal(std::uint32_t number) {
    Seal seal;
    seal.number = number;
    seal.at = at_ms(10 + number);
    seal.bag_info = "Bagging-Date: 2026-11-24\n";
    seal.manifest = "00  data/x\n";
    seal.tag_manifest = "11  bagit.txt\n";
    seal.signature = "-----BEGIN SSH SIGNATURE-----\n";
    seal.salt = digest(5);
    seal.leaf = 77;
    seal.stamp = std::string("0\0x", 3);
    seal.stamp_chain = "-----BEGIN CERTIFICATE-----\n";
    seal.stamped = at_ms(11);
    return seal;
}

namespace {

/// What belongs to one case of its bags.
std::string evidence_of(const LedgerView& view, const CaseId& id) {
    std::string text;
    for (std::uint32_t bag = 0; bag < 2; ++bag) {
        const auto exhibits = view.exhibits(id, bag).value();
        for (const auto& exhibit : exhibits)
            text += exhibit.path + exhibit.digest.hex() + std::to_string(exhibit.size) +
                    view.exhibit(id, bag, exhibit.path).value_or("no bytes");
    }
    const auto seals = view.seals(id).value();
    for (const auto& seal : seals)
        text += std::to_string(seal.number) + (seal.stamp.empty() ? "pending" : "stamped");
    const auto unsealed = view.unsealed({}, 10'000).value();
    for (const auto& one : unsealed)
        if (one.case_id == id) text += std::to_string(one.changes) + " changes";
    return text;
}

}  // namespace

std::string dump(const Ledger& ledger) {
    std::string text;
    const auto line = [&](const auto& record) { text += lmdb::encode(record).value() + '\n'; };
    const auto done = ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto cases, view.cases({.state = {}, .service = {}, .count = 10'000}));
        for (const auto& record : cases) {
            line(record);
            text += view.message(record.id).value_or("no message") + '\n';
            const auto by_print = view.case_by_fingerprint(record.fingerprint).value();
            text += by_print ? by_print->text() : "no fingerprint";
            const auto open = view.open_case(record.service, record.path).value();
            text += open ? open->text() : "none open";
            line(view.standing(record.service).value());
            line(view.standing(record.account).value());
            BAILIFF_TRY(const auto actions, view.actions_of(record.id));
            for (const auto& action : actions) line(action);
            const CaseFilter own{
                .state = record.state, .service = record.service.id, .count = 10'000};
            BAILIFF_TRY(const auto alike, view.cases(own));
            for (const auto& same : alike) text += same.id.text();
            text += evidence_of(view, record.id);
        }
        BAILIFF_TRY(const auto outbox, view.outbox(10'000));
        for (const auto& action : outbox) line(action);
        BAILIFF_TRY(const auto leaves, view.leaves(0, 10'000));
        for (const auto& leaf : leaves) line(leaf);
        const auto stats = view.stats().value();
        for (const auto number :
             {stats.cases, stats.leaves, stats.outbox, stats.waiting, stats.unsealed,
              stats.unstamped, view.effects_since(at_ms(0)).value(),
              view.holds_since(at_ms(0)).value()})
            text += std::to_string(number) + ' ';
        BAILIFF_TRY(const auto effects, view.effects(at_ms(0)));
        for (const auto& row : effects)
            text += row.action.text() + std::string(to_text(row.kind)) + row.account.text() +
                    std::to_string(row.rules.size());
        const auto breaker = view.breaker().value();
        text += std::to_string(breaker.open) + breaker.cause + to_rfc3339(breaker.since);
        return {};
    });
    return done ? text : "error: " + done.error().what;
}

std::string inconsistencies(const Ledger& ledger) {
    std::string wrong;
    const auto require = [&](bool holds, const std::string& what) {
        if (!holds) wrong += what + '\n';
    };
    const auto done = ledger.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(const auto cases, view.cases({.state = {}, .service = {}, .count = 100'000}));
        BAILIFF_TRY(const auto stats, view.stats());
        BAILIFF_TRY(const auto outbox, view.outbox(100'000));
        BAILIFF_TRY(const auto leaves, view.leaves(0, 100'000));
        BAILIFF_TRY(const auto holds, view.holds_since(at_ms(0)));
        require(stats.cases == cases.size(), "cases and their listing differ");
        require(stats.outbox == outbox.size(), "outbox and its count differ");
        require(leaves.size() == cases.size(), "leaves and cases differ");
        require(outbox.size() == cases.size(), "outbox and cases differ");
        require(holds == cases.size(), "holds and cases differ");
        for (const auto& record : cases) {
            const auto& id = record.id;
            require(view.message(id).has_value(), id.text() + " has no message");
            BAILIFF_TRY(const auto same, view.case_by_fingerprint(record.fingerprint));
            require(same == id, id.text() + " has no fingerprint");
            BAILIFF_TRY(const auto actions, view.actions_of(id));
            require(actions.size() == 1, id.text() + " has not one action");
            BAILIFF_TRY(const auto standing, view.standing(record.service));
            require(standing.standing == Standing::held, id.text() + " holds nobody");
            BAILIFF_TRY(const auto open, view.open_case(record.service, record.path));
            require(open.has_value(), id.text() + " is not open");
        }
        return {};
    });
    return done ? wrong : wrong + done.error().what;
}

}  // namespace bailiff::samples
