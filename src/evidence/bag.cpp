#include "src/evidence/bag.hpp"

#include <algorithm>
#include <bailiff/digest.hpp>

namespace bailiff {
namespace {

constexpr std::size_t path_bytes_max = 100;
constexpr std::size_t digest_digits = 64;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_plain_segment(std::string_view name) {
    return !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](char c) {
        return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
    });
}

bool is_plain_path(std::string_view path) {
    if (path.size() > path_bytes_max) return false;
    while (true) {
        const auto slash = path.find('/');
        if (!is_plain_segment(path.substr(0, slash))) return false;
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
}

bool is_one_line(const std::string& text) {
    return text.find_first_of("\r\n") == std::string::npos;
}

std::string line_of(const Digest& digest, std::string_view path) {
    return digest.hex() + "  " + std::string(path) + "\n";
}

}  // namespace

Result<BagTags> bag_tags(std::vector<Exhibit> payload, const BagInfo& info) {
    std::ranges::sort(payload, {}, &Exhibit::path);
    BagTags tags;
    std::uint64_t octets = 0;
    for (std::size_t at = 0; at < payload.size(); ++at) {
        const auto& file = payload[at];
        if (!is_plain_path(file.path))
            return fail(Fault::invalid_input, "'" + file.path + "' is no name for a file of a bag");
        if (at > 0 && payload[at - 1].path == file.path)
            return fail(Fault::invalid_input, "'" + file.path + "' stands in the bag twice");
        octets += file.size;
        tags.manifest += line_of(file.digest, "data/" + file.path);
    }
    for (const auto& [key, value] : info) {
        if (!is_one_line(key) || !is_one_line(value))
            return fail(Fault::invalid_input, "bag-info " + key + ": more than one line");
        tags.bag_info += key + ": " + value + "\n";
    }
    tags.bag_info +=
        "Payload-Oxum: " + std::to_string(octets) + "." + std::to_string(payload.size()) + "\n";
    tags.tag_manifest = line_of(sha256(tags.bag_info), "bag-info.txt") +
                        line_of(sha256(bagit_text), "bagit.txt") +
                        line_of(sha256(tags.manifest), "manifest-sha256.txt");
    return tags;
}

unsigned tier_of(std::string_view path) {
    if (path.size() < 2 || path[1] != '-' || path[0] < '1' || path[0] > '4') return 0;
    return static_cast<unsigned>(path[0] - '0');
}

Result<std::vector<ManifestLine>> parse_manifest(std::string_view text) {
    std::vector<ManifestLine> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        const auto digest = line.substr(0, digest_digits);
        const bool whole = end != std::string_view::npos && line.size() > digest_digits + 2 &&
                           line.substr(digest_digits, 2) == "  " &&
                           digest.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
                           is_plain_path(line.substr(digest_digits + 2));
        if (!whole)
            return fail(Fault::corrupt,
                        "line " + std::to_string(lines.size() + 1) + " is none of a manifest");
        lines.push_back({std::string(digest), std::string(line.substr(digest_digits + 2))});
        text.remove_prefix(end + 1);
    }
    return lines;
}

}  // namespace bailiff
