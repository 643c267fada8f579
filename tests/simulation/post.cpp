// Honest mail, and what of all mail comes into the queue.
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <utility>

namespace bailiff::simulation {

/// Each service sends some at any time; some is in the queue that the milter has never seen.
void World::plan_honest_mail() {
    for (std::size_t sender = 0; sender < tenants_.rows.size(); ++sender) {
        for (int i = 0; i < 4; ++i) send_honest(sender, Duration(chance_time()));
        for (int i = 0; i < 2; ++i) any_time([this, sender] { queue_shared(sender); });
    }
}

void World::send_honest(std::size_t sender, Duration when) {
    const auto number = std::to_string(++honest_);
    Mail mail{.sender = tenants_.rows[sender].id,
              .raw = "Subject: order " + number + "\r\nMessage-ID: <" + number +
                     "@y.example>\r\n\r\nrules=none rspamd=none " + number + "\r\n"};
    mail.by_login = sky_.chance.below(2) == 0;
    mail.by_uid = !mail.by_login;
    concurrent_.emplace(when, [this, mail] {
        sky_.chronicle.meet("honest mail");
        offer(mail);
    });
}

/// By login, where there is one, from the address that two services have.
void World::queue_shared(std::size_t sender) {
    const auto& row = tenants_.rows[sender];
    const auto shared = std::ranges::find(row.identities, IdentityKind::client_ip, &Identity::kind);
    QueuedMail mail;
    mail.queue_id = "4j" + std::to_string(++serial_);
    mail.mail_from = "a@" + row.identities[2].value;
    mail.login = row.identities[0].value;
    mail.client_address = shared == row.identities.end() ? "198.51.100.7" : shared->value;
    enforcer_.queue.accept({.mail = mail, .owner = ServiceRef{row.id, row.created}}, false);
}

void World::queue_up(const Mail& mail, const Envelope& envelope, bool held) {
    Post post;
    post.mail.queue_id = envelope.queue_id;
    post.mail.mail_from = envelope.mail_from;
    post.mail.login = envelope.login;
    post.mail.uid = envelope.uid;
    if (!mail.by_uid) post.mail.client_address = envelope.client_address;
    if (mail.by_uid || mail.by_login) post.owner = truth_.sent.at(envelope.queue_id).sender;
    post.is_spam = mail.raw.find("rules=spam") != std::string::npos;
    enforcer_.queue.accept(std::move(post), held);
}

}  // namespace bailiff::simulation
