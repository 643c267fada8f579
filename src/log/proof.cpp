#include "src/log/proof.hpp"

#include <bailiff/base64.hpp>
#include <bailiff/ed25519.hpp>

#include "src/log/lines.hpp"
#include "src/log/merkle.hpp"

namespace bailiff::log {
namespace {

constexpr std::string_view version = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_word = "extra ";
constexpr std::string_view index_word = "index ";

Failure corrupt(const std::string& why) {
    return fail(Fault::corrupt, "no proof of the log: " + why);
}

}  // namespace

std::string proof_text(const Proof& proof) {
    std::string text(version);
    text += "\n";
    if (proof.extra) text.append(extra_word).append(to_base64(*proof.extra)).append("\n");
    text.append(index_word).append(std::to_string(proof.index)).append("\n");
    for (const auto& hash : proof.path) text.append(to_base64(raw(hash))).append("\n");
    return text + "\n" + proof.checkpoint;
}

Result<Proof> parse_proof(std::string_view text) {
    if (take_line(text) != version)
        return corrupt("its first line is not '" + std::string(version) + "'");
    Proof proof;
    auto line = take_line(text);
    if (line && line->starts_with(extra_word)) {
        proof.extra = from_base64(line->substr(extra_word.size()));
        if (!proof.extra) return corrupt("its extra data is no base64");
        line = take_line(text);
    }
    const auto index = line && line->starts_with(index_word)
                           ? decimal(line->substr(index_word.size()))
                           : std::nullopt;
    if (!index) return corrupt("no line 'index <number>' where it belongs");
    proof.index = *index;
    for (line = take_line(text); line && !line->empty(); line = take_line(text)) {
        const auto hash = digest_of_base64(*line);
        if (!hash) return corrupt("a line that is no hash in base64");
        if (proof.path.size() == proof_hashes_max) return corrupt("more than 63 hashes");
        proof.path.push_back(*hash);
    }
    if (!line || text.empty()) return corrupt("no checkpoint");
    proof.checkpoint = text;
    return proof;
}

Result<Proven> check_proof(std::string_view text, std::string_view leaf_data,
                           std::span<const VKey> keys) {
    BAILIFF_TRY(const auto proof, parse_proof(text));
    BAILIFF_TRY(auto checkpoint, open_checkpoint(proof.checkpoint, keys));
    BAILIFF_CHECK(check_inclusion(proof.index, checkpoint.size, leaf_hash(leaf_data), proof.path,
                                  checkpoint.root));
    return Proven{proof.index, std::move(checkpoint)};
}

}  // namespace bailiff::log
