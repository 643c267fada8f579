#pragma once
// A queue in memory that does as postsuper(1) does: what is not there is passed over.

#include <bailiff/ports/mail_queue.hpp>
#include <algorithm>
#include <string>
#include <vector>

namespace bailiff::test {

class FakeQueue final : public MailQueue {
public:
    std::vector<QueuedMail> mails;
    std::vector<std::string> calls;
    Result<void> says{};           ///< of every call
    std::vector<MailProof> asked;  ///< with the last list()

    Result<std::vector<QueuedMail>> list(std::span<const MailProof> proofs) override {
        calls.emplace_back("list");
        asked.assign(proofs.begin(), proofs.end());
        BAILIFF_CHECK(says);
        return mails;
    }
    Result<std::vector<QueuedMail>> find(const QueueIds& ids) override {
        calls.emplace_back("find");
        BAILIFF_CHECK(says);
        std::vector<QueuedMail> found;
        for (const auto& mail : mails)
            if (std::ranges::count(ids, mail.queue_id) > 0) found.push_back(mail);
        return found;
    }
    Result<void> hold(const QueueIds& ids) override { return move("hold", ids, "hold"); }
    Result<void> release(const QueueIds& ids) override { return move("release", ids, "deferred"); }
    Result<void> remove(const QueueIds& ids) override {
        calls.emplace_back("delete");
        BAILIFF_CHECK(says);
        std::erase_if(mails, [&](const QueuedMail& mail) {
            return !mail.deliverable() && std::ranges::count(ids, mail.queue_id) > 0;
        });
        return {};
    }

private:
    Result<void> move(const char* name, const QueueIds& ids, const char* to) {
        calls.emplace_back(name);
        BAILIFF_CHECK(says);
        for (auto& mail : mails)
            if (std::ranges::count(ids, mail.queue_id) > 0) mail.queue = to;
        return {};
    }
};

inline QueuedMail mail(std::string id, std::string login, std::string queue = "deferred") {
    QueuedMail mail;
    mail.queue_id = std::move(id);
    mail.queue = std::move(queue);
    mail.login = std::move(login);
    mail.client_address = "192.0.2.9";
    mail.mail_from = "a@customer.example";
    mail.arrived = Instant{std::chrono::seconds(1'795'000'000)};
    return mail;
}

}  // namespace bailiff::test
