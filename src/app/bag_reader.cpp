#include "src/app/bag_reader.hpp"

#include <algorithm>
#include <bailiff/digest.hpp>

#include "src/app/files.hpp"

namespace bailiff {

Result<BagReader> BagReader::open(std::string folder) {
    BAILIFF_TRY(const auto manifest, read_file(folder + "/manifest-sha256.txt"));
    BAILIFF_TRY(auto lines, parse_manifest(manifest).within(folder + "/manifest-sha256.txt"));
    return BagReader(std::move(folder), std::move(lines));
}

Result<std::string> BagReader::read(std::string_view path) const {
    const auto whole = "data/" + std::string(path);
    const auto line = std::ranges::find(lines_, whole, &ManifestLine::path);
    if (line == lines_.end())
        return fail(Fault::not_found, folder_ + ": the manifest does not name " + whole);
    BAILIFF_TRY(auto bytes, read_file(folder_ + "/" + whole));
    if (sha256(bytes).hex() != line->digest)
        return fail(Fault::corrupt, folder_ + "/" + whole + ": not what was sealed");
    return bytes;
}

}  // namespace bailiff
