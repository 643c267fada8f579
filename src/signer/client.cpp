#include "src/signer/client.hpp"

#include "src/exchange/exchange.hpp"

namespace bailiff {
namespace {

constexpr std::size_t answer_bytes_max = 1U << 20;

}  // namespace

bool SignerClient::up() const {
    return exchange::is_up(socket_);
}

Result<LastCheckpoint> SignerClient::ask(const SignerRequest& request) const {
    const auto doing = "asking the signer at " + socket_;
    BAILIFF_TRY(
        const auto text,
        exchange::ask(socket_, to_json(request), answer_bytes_max, patience_).within(doing));
    return signer_answer_from_json(text).within(doing);
}

Result<std::string> SignerClient::sign_bag(std::string_view tag_manifest) {
    BAILIFF_TRY(
        auto answer,
        ask({.verb = SignerVerb::bag, .tag_manifest = std::string(tag_manifest), .growth = {}}));
    return std::move(answer.note);
}

Result<std::string> SignerClient::sign_checkpoint(const LogGrowth& growth) {
    BAILIFF_TRY(auto answer,
                ask({.verb = SignerVerb::checkpoint, .tag_manifest = {}, .growth = growth}));
    return std::move(answer.note);
}

Result<LastCheckpoint> SignerClient::last_checkpoint() {
    return ask({.verb = SignerVerb::last, .tag_manifest = {}, .growth = {}});
}

}  // namespace bailiff
