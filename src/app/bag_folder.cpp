#include "src/app/bag_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bailiff/descriptor.hpp>
#include <bailiff/digest.hpp>
#include <bailiff/ed25519.hpp>
#include <cerrno>
#include <cstring>

#include "src/evidence/bag.hpp"

namespace bailiff {
namespace {

Failure failed(const std::string& path) {
    return fail(Fault::unavailable, path + ": " + std::strerror(errno));
}

/// Creates, never replaces, never follows a link.
Result<void> write_new(const std::string& path, std::string_view content) {
    const Descriptor file(
        open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.number() < 0) return failed(path);
    while (!content.empty()) {
        const auto count = write(file.number(), content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failed(path);
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    if (fsync(file.number()) != 0) return failed(path);
    return {};
}

Result<void> write_below(const std::string& folder, const BagContents::File& file) {
    for (auto slash = file.path.find('/'); slash != std::string::npos;
         slash = file.path.find('/', slash + 1)) {
        const auto between = folder + "/" + file.path.substr(0, slash);
        if (mkdir(between.c_str(), 0700) != 0 && errno != EEXIST) return failed(between);
    }
    return write_new(folder + "/" + file.path, file.bytes);
}

std::string withheld_text(const std::vector<std::string>& lines) {
    std::string text =
        "Files of this bag that are withheld. The manifest names them; what is here verifies "
        "without them.\nFichiers de ce dossier qui sont retenus. Le manifeste les nomme ; ce qui "
        "est ici se vérifie sans eux.\n\n";
    for (const auto& line : lines) text += line + "\n";
    return text;
}

/// Of what stands beside the seals: nobody signs it, so it finds damage only.
std::string sums_of(std::vector<BagContents::File> files) {
    constexpr std::string_view folder = "seals/";
    std::ranges::sort(files, {}, &BagContents::File::path);
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

Result<void> write_bag(const std::string& folder, const BagContents& bag) {
    if (mkdir(folder.c_str(), 0700) != 0) return failed(folder);
    const auto& seal = bag.seal;
    std::vector<BagContents::File> files{{"bagit.txt", std::string(bagit_text)},
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
    for (const auto& file : files) BAILIFF_CHECK(write_below(folder, file));
    for (const auto& file : bag.files) BAILIFF_CHECK(write_below(folder, file));
    for (const auto& file : bag.seals) BAILIFF_CHECK(write_below(folder, file));
    std::ranges::copy(bag.seals, std::back_inserter(files));
    return write_below(folder, {"seals/SHA256SUMS", sums_of(std::move(files))});
}

}  // namespace bailiff
