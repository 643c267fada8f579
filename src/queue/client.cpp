#include "src/queue/client.hpp"

#include "src/queue/stream.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>

namespace bailiff {

namespace {

constexpr std::size_t answer_bytes_max = 256U << 20;

Result<Descriptor> connected_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return fail(Fault::invalid_input, "expected a path of 1 to 107 bytes");
    std::memcpy(address.sun_path, path.data(), path.size());
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail(Fault::unavailable, std::strerror(errno));
    return socket;
}

}  // namespace

bool QueueClient::up() const {
    return connected_to(socket_).has_value();
}

Result<std::vector<QueuedMail>> QueueClient::ask(const QueueRequest& request) const {
    const auto doing = "asking the queue role at " + socket_;
    auto socket = connected_to(socket_);
    if (!socket) return Failure(std::move(socket).error().within(doing));
    BAILIFF_CHECK(queue::send_all(*socket, to_json(request), patience_).within(doing));
    BAILIFF_TRY(const auto text,
                queue::receive_all(*socket, answer_bytes_max, patience_).within(doing));
    return queue_answer_from_json(text).within(doing);
}

Result<void> QueueClient::act(QueueVerb verb, const QueueIds& ids) const {
    if (ids.empty()) return {};
    BAILIFF_CHECK(ask({.verb = verb, .proofs = {}, .ids = ids}));
    return {};
}

Result<std::vector<QueuedMail>> QueueClient::list(std::span<const MailProof> proofs) {
    if (proofs.empty()) return std::vector<QueuedMail>{};
    return ask({.verb = QueueVerb::list, .proofs = {proofs.begin(), proofs.end()}, .ids = {}});
}

Result<std::vector<QueuedMail>> QueueClient::find(const QueueIds& ids) {
    if (ids.empty()) return std::vector<QueuedMail>{};
    return ask({.verb = QueueVerb::list, .proofs = {}, .ids = ids});
}

Result<void> QueueClient::hold(const QueueIds& ids) {
    return act(QueueVerb::hold, ids);
}

Result<void> QueueClient::release(const QueueIds& ids) {
    return act(QueueVerb::release, ids);
}

Result<void> QueueClient::remove(const QueueIds& ids) {
    return act(QueueVerb::remove, ids);
}

}  // namespace bailiff
