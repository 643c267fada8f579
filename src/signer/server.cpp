#include "src/signer/server.hpp"

#include "src/signer/signer_json.hpp"

namespace bailiff {
namespace {

Result<LastCheckpoint> text_only(Result<std::string> text) {
    if (!text) return Failure(std::move(text).error());
    return LastCheckpoint{0, *std::move(text)};
}

Result<LastCheckpoint> answer(Signer& signer, const SignerRequest& request) {
    switch (request.verb) {
        case SignerVerb::bag:
            return text_only(signer.sign_bag(request.tag_manifest));
        case SignerVerb::checkpoint:
            return text_only(signer.sign_checkpoint(request.growth));
        case SignerVerb::last:
            return signer.last_checkpoint();
    }
    return fail(Fault::internal, "no such verb");
}

}  // namespace

std::string answer_of(Signer& signer, std::string_view question) {
    const auto request = signer_request_from_json(question);
    return signer_answer_json(request ? answer(signer, *request)
                                      : Result<LastCheckpoint>(Failure(request.error())));
}

}  // namespace bailiff
