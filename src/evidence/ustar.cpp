#include "src/evidence/ustar.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace bailiff {
namespace {

constexpr std::size_t block_bytes = 512;
constexpr std::size_t record_bytes = 20 * block_bytes;  // what tar pads an archive to
constexpr std::size_t name_bytes = 100, prefix_bytes = 155;

/// Offsets and widths of POSIX.1-1988.
struct FieldAt {
    std::size_t offset, width;
};
constexpr FieldAt mode{100, 8}, uid{108, 8}, gid{116, 8}, size{124, 12}, mtime{136, 12},
    checksum{148, 8}, kind{156, 1}, magic{257, 8}, device_major{329, 8}, device_minor{337, 8},
    prefix{345, prefix_bytes};

class Header {
public:
    Header() { bytes_.fill('\0'); }
    void text(FieldAt at, std::string_view value) {
        std::ranges::copy(value.substr(0, at.width), bytes_.begin() + as_offset(at.offset));
    }
    /// Octal, filled with zeros, ended by NUL.
    void number(FieldAt at, std::uint64_t value) {
        for (auto place = at.offset + at.width - 1; place-- > at.offset; value /= 8)
            bytes_[place] = static_cast<char>('0' + value % 8);
    }
    [[nodiscard]] std::string finished() {
        text(checksum, "        ");
        std::uint64_t sum = 0;
        for (const auto byte : bytes_) sum += static_cast<unsigned char>(byte);
        number({checksum.offset, checksum.width - 1}, sum);
        bytes_[checksum.offset + checksum.width - 2] = '\0';  // six digits, NUL, blank
        return {bytes_.data(), bytes_.size()};
    }

private:
    static std::ptrdiff_t as_offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }
    std::array<char, block_bytes> bytes_{};
};

struct SplitPath {
    std::string_view folder, name;
};

std::optional<SplitPath> split(std::string_view path) {
    if (path.size() <= name_bytes) return SplitPath{"", path};
    for (auto slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1))
        if (slash <= prefix_bytes && path.size() - slash - 1 <= name_bytes)
            return SplitPath{path.substr(0, slash), path.substr(slash + 1)};
    return std::nullopt;
}

bool stays_within(std::string_view path) {
    if (path.empty() || path.front() == '/' || path.back() == '/') return false;
    const auto whole = "/" + std::string(path) + "/";
    return whole.find("/../") == std::string::npos && whole.find("/./") == std::string::npos &&
           whole.find("//") == std::string::npos && path.find('\0') == std::string_view::npos;
}

std::string padding(std::size_t bytes, std::size_t unit) {
    return std::string((unit - bytes % unit) % unit, '\0');
}

}  // namespace

Result<std::string> ustar(std::vector<ArchiveFile> files, Instant modified) {
    std::ranges::sort(files, {}, &ArchiveFile::path);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(modified.time_since_epoch());
    std::string archive;
    const std::string* before = nullptr;
    for (const auto& file : files) {
        const auto parts = split(file.path);
        if (!parts || !stays_within(file.path) || (before != nullptr && *before == file.path))
            return fail(Fault::invalid_input, "no archive can hold '" + file.path + "'");
        before = &file.path;
        Header header;
        header.text({0, name_bytes}, parts->name);
        header.number(mode, 0600);
        header.number(uid, 0);
        header.number(gid, 0);
        header.number(size, file.bytes.size());
        header.number(mtime,
                      static_cast<std::uint64_t>(std::max<std::int64_t>(0, seconds.count())));
        header.text(kind, "0");
        header.text(magic, std::string_view("ustar\00000", 8));
        header.number(device_major, 0);
        header.number(device_minor, 0);
        header.text(prefix, parts->folder);
        archive += header.finished();
        archive += file.bytes;
        archive += padding(file.bytes.size(), block_bytes);
    }
    archive.append(2 * block_bytes, '\0');
    return archive + padding(archive.size(), record_bytes);
}

}  // namespace bailiff
