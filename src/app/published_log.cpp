#include "src/app/published_log.hpp"

#include <bailiff/ensure.hpp>

#include "src/app/durable_file.hpp"
#include "src/log/merkle.hpp"
#include "src/log/proof.hpp"

namespace bailiff {

Result<PublishedLog> PublishedLog::open(std::string folder, const std::vector<std::string>& vkeys) {
    PublishedLog found{.folder = std::move(folder), .keys = {}, .note = {}, .checkpoint = {}};
    for (const auto& text : vkeys) {
        BAILIFF_TRY(auto key, log::parse_vkey(text));
        found.keys.push_back(std::move(key));
    }
    if (found.keys.empty()) return fail(Fault::not_found, "no public key of the log");
    BAILIFF_TRY(found.note, LogFolder(found.folder).read(checkpoint_path));
    BAILIFF_TRY(found.checkpoint,
                log::open_checkpoint(found.note, found.keys).within(found.folder + "/checkpoint"));
    return found;
}

log::FileReader PublishedLog::reader() const {
    return [files = LogFolder(folder)](const std::string& path) { return files.read(path); };
}

Result<std::string> PublishedLog::entry(std::uint64_t leaf) const {
    return log::read_entry(leaf, checkpoint.size, reader());
}

Result<std::string> PublishedLog::proof(std::uint64_t leaf) const {
    const auto tiles = log::tile_reader(checkpoint.size, reader());
    BAILIFF_TRY(auto path, log::prove_inclusion(leaf, checkpoint.size, tiles));
    return log::proof_text(
        {.extra = {}, .index = leaf, .path = std::move(path), .checkpoint = note});
}

const PublicKey& PublishedLog::signed_by() const {
    for (auto at = keys.size(); at-- > 0;)
        if (log::open_checkpoint(note, std::span(keys).subspan(at, 1))) return keys[at].key;
    BAILIFF_ENSURE(false);  // open() has found one
    return keys.back().key;
}

}  // namespace bailiff
