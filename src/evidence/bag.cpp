#include "src/evidence/bag.hpp"

#include <algorithm>
#include <bailiff/digest.hpp>

namespace bailiff {
namespace {

bool plain_name(const std::string& path) {
    return !path.empty() && path.front() != '.' && path.size() <= 100 &&
           std::ranges::all_of(path, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

bool one_line(const std::string& text) {
    return text.find_first_of("\r\n") == std::string::npos;
}

/// RFC 8493 §2.1.3: digest, blanks, path; one file a line.
std::string manifest(const std::vector<BagFile>& files) {
    std::string lines;
    for (const auto& file : files) lines += sha256(file.content).hex() + "  " + file.path + "\n";
    return lines;
}

std::string octets(const std::vector<BagFile>& payload) {
    std::size_t sum = 0;
    for (const auto& file : payload) sum += file.content.size();
    return std::to_string(sum) + "." + std::to_string(payload.size());
}

}  // namespace

Result<std::vector<BagFile>> make_bag(std::vector<BagFile> payload, BagInfo info) {
    for (auto& file : payload) {
        if (!plain_name(file.path))
            return fail(Fault::invalid_input, "'" + file.path + "' is no name for a file of a bag");
        file.path.insert(0, "data/");
    }
    info.emplace_back("Payload-Oxum", octets(payload));
    std::string info_text;
    for (const auto& [key, value] : info) {
        if (!one_line(key) || !one_line(value))
            return fail(Fault::invalid_input, "bag-info " + key + ": more than one line");
        info_text += key + ": " + value + "\n";
    }
    std::vector<BagFile> tags{
        {"bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"},
        {"bag-info.txt", std::move(info_text)},
        {"manifest-sha256.txt", manifest(payload)}};
    const auto tag_manifest = manifest(tags);
    std::ranges::move(tags, std::back_inserter(payload));
    payload.push_back({"tagmanifest-sha256.txt", tag_manifest});
    return payload;
}

}  // namespace bailiff
