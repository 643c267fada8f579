#include "src/app/bag_files.hpp"

#include <algorithm>
#include <bailiff/digest.hpp>
#include <bailiff/ed25519.hpp>
#include <iterator>

#include "src/evidence/bag.hpp"

namespace bailiff {
namespace {

std::string withheld_text(const std::vector<std::string>& lines) {
    std::string text =
        "Files of this bag that are withheld. The manifest names them; what is here verifies "
        "without them.\nFichiers de ce dossier qui sont retenus. Le manifeste les nomme ; ce qui "
        "est ici se vérifie sans eux.\n\n";
    for (const auto& line : lines) text += line + "\n";
    return text;
}

/// Of what stands beside the seals: nobody signs it, so it finds damage only.
std::string sums_of(std::vector<ArchiveFile> files) {
    constexpr std::string_view folder = "seals/";
    std::ranges::sort(files, {}, &ArchiveFile::path);
    std::string text;
    for (const auto& file : files)
        if (file.path.starts_with(folder))
            text += sha256(file.bytes).hex() + "  " + file.path.substr(folder.size()) + "\n";
    return text;
}

}  // namespace

std::string bag_name(const CaseId& id, std::uint32_t number) {
    return number == 0 ? id.text() : id.text() + "-addendum-" + std::to_string(number);
}

std::vector<ArchiveFile> bag_files(const BagContents& bag) {
    const auto& seal = bag.seal;
    std::vector<ArchiveFile> files{{"bagit.txt", std::string(bagit_text)},
                                   {"bag-info.txt", seal.bag_info},
                                   {"manifest-sha256.txt", seal.manifest},
                                   {"tagmanifest-sha256.txt", seal.tag_manifest},
                                   {"seals/tagmanifest-sha256.txt.sig", seal.signature},
                                   {"seals/salt.bin", std::string(raw(seal.salt))}};
    if (!seal.stamp.empty()) {
        files.push_back({"seals/tagmanifest-sha256.txt.tsr", seal.stamp});
        files.push_back({"seals/tsa-chain.pem", seal.stamp_chain});
    }
    if (!bag.withheld.empty()) files.push_back({"WITHHELD.txt", withheld_text(bag.withheld)});
    std::ranges::copy(bag.seals, std::back_inserter(files));
    files.push_back({"seals/SHA256SUMS", sums_of(files)});
    std::ranges::copy(bag.files, std::back_inserter(files));
    return files;
}

}  // namespace bailiff
