#include "src/signer/signer_json.hpp"

#include <algorithm>
#include <array>
#include <bailiff/base64.hpp>
#include <bailiff/ed25519.hpp>
#include <nlohmann/json.hpp>
#include <optional>

namespace bailiff {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t proof_hashes_max = 128;
constexpr std::array verbs{"bag", "checkpoint", "last"};
constexpr std::array faults{Fault::invalid_input, Fault::not_found, Fault::unavailable,
                            Fault::corrupt,       Fault::exhausted, Fault::internal};

std::string text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Failure expected(const std::string& what) {
    return fail(Fault::invalid_input, "expected " + what);
}

std::string json_of(const Digest& digest) {
    return to_base64(raw(digest));
}

Result<Digest> digest_of(const Json& json) {
    const auto bytes = json.is_string() ? from_base64(json.get_ref<const std::string&>())
                                        : std::optional<std::string>();
    Digest digest;
    if (!bytes || bytes->size() != digest.bytes.size())
        return expected("a hash of 32 bytes in base64");
    std::ranges::copy(*bytes, digest.bytes.begin());
    return digest;
}

Result<std::uint64_t> number_of(const Json& json, const char* name) {
    const auto at = json.find(name);
    if (at == json.end() || !at->is_number_unsigned())
        return expected(std::string("a number as ") + name);
    return at->get<std::uint64_t>();
}

Result<std::string> text_of(const Json& json, const char* name) {
    const auto at = json.find(name);
    if (at == json.end() || !at->is_string()) return expected(std::string("text as ") + name);
    return at->get<std::string>();
}

Result<LogGrowth> growth_of(const Json& json) {
    LogGrowth growth;
    BAILIFF_TRY(growth.old_size, number_of(json, "old"));
    BAILIFF_TRY(growth.size, number_of(json, "size"));
    BAILIFF_TRY(growth.root, digest_of(json.value("root", Json())));
    const auto proof = json.value("proof", Json());
    if (!proof.is_array() || proof.size() > proof_hashes_max) return expected("a list as proof");
    for (const auto& one : proof) {
        BAILIFF_TRY(const auto hash, digest_of(one));
        growth.proof.push_back(hash);
    }
    return growth;
}

}  // namespace

std::string to_json(const SignerRequest& request) {
    Json json{{"v", 1}, {"verb", verbs[static_cast<std::size_t>(request.verb)]}};
    if (request.verb == SignerVerb::bag) json["tag_manifest"] = request.tag_manifest;
    if (request.verb != SignerVerb::checkpoint) return text(json);
    const auto& growth = request.growth;
    json["old"] = growth.old_size;
    json["proof"] = Json::array();
    for (const auto& hash : growth.proof) json["proof"].push_back(json_of(hash));
    json["size"] = growth.size;
    json["root"] = json_of(growth.root);
    return text(json);
}

Result<SignerRequest> signer_request_from_json(std::string_view bytes) {
    const auto json = Json::parse(bytes, nullptr, false);
    if (!json.is_object() || json.value("v", Json()) != 1)
        return expected("an object of version 1");
    BAILIFF_TRY(const auto name, text_of(json, "verb"));
    const auto verb = std::ranges::find(verbs, name);
    if (verb == verbs.end()) return expected("verb bag, checkpoint or last");
    SignerRequest request{
        .verb = static_cast<SignerVerb>(verb - verbs.begin()), .tag_manifest = {}, .growth = {}};
    if (request.verb == SignerVerb::bag) {
        BAILIFF_TRY(request.tag_manifest, text_of(json, "tag_manifest"));
    }
    if (request.verb == SignerVerb::checkpoint) {
        BAILIFF_TRY(request.growth, growth_of(json));
    }
    return request;
}

std::string signer_answer_json(const Result<LastCheckpoint>& answer) {
    if (!answer)
        return text(
            {{"v", 1},
             {"error", {{"fault", to_text(answer.error().fault)}, {"what", answer.error().what}}}});
    return text({{"v", 1}, {"size", answer->size}, {"text", answer->note}});
}

Result<LastCheckpoint> signer_answer_from_json(std::string_view bytes) {
    const auto json = Json::parse(bytes, nullptr, false);
    if (!json.is_object()) return fail(Fault::internal, "the signer gave no answer");
    if (const auto error = json.find("error"); error != json.end() && error->is_object()) {
        const auto said = error->value("fault", std::string());
        const auto* fault =
            std::ranges::find_if(faults, [&](Fault one) { return to_text(one) == said; });
        return fail(fault == faults.end() ? Fault::internal : *fault,
                    "the signer: " + error->value("what", std::string("no reason")));
    }
    BAILIFF_TRY(auto note, text_of(json, "text"));
    BAILIFF_TRY(const auto size, number_of(json, "size"));
    return LastCheckpoint{size, std::move(note)};
}

}  // namespace bailiff
