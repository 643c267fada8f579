#include "lmdb/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace bailiff::lmdb {
namespace {

Failure cannot(const std::string& doing, int error) {
    return fail(Fault::unavailable, doing + ": " + std::generic_category().message(error));
}

/// From the layout of LMDB 0.9 on a 64-bit machine: page header 16 bytes, then MDB_meta.
struct MetaPage {
    std::uint64_t page_size = 0;
    std::uint64_t last_page = 0;
    std::uint64_t transaction = 0;
};

constexpr std::uint32_t lmdb_magic = 0xBEEFC0DE;
constexpr std::uint32_t lmdb_data_version = 1;
constexpr std::size_t meta_bytes = 152;

template <class T>
T number_at(const std::array<char, meta_bytes>& page, std::size_t at) {
    T value{};
    std::memcpy(&value, page.data() + at, sizeof value);
    return value;
}

std::optional<MetaPage> read_meta(int file, std::uint64_t at) {
    std::array<char, meta_bytes> page{};
    if (pread(file, page.data(), page.size(), static_cast<off_t>(at)) !=
        static_cast<ssize_t>(page.size()))
        return {};
    if (number_at<std::uint32_t>(page, 16) != lmdb_magic) return {};
    if ((number_at<std::uint32_t>(page, 20) & 0x7fffffffU) != lmdb_data_version) return {};
    return MetaPage{number_at<std::uint32_t>(page, 40), number_at<std::uint64_t>(page, 136),
                    number_at<std::uint64_t>(page, 144)};
}

Result<void> check_length(int descriptor, const std::string& file) {
    const auto first = read_meta(descriptor, 0);
    if (!first || first->page_size < 512 || first->page_size > 65'536)
        return fail(Fault::corrupt, file +
                                        " is empty or no LMDB data file: restore it, or remove "
                                        "it to begin anew");
    if (first->page_size != static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)))
        return fail(Fault::corrupt, file + " was made on a machine of another page size");
    const auto second = read_meta(descriptor, first->page_size);
    if (!second) return fail(Fault::corrupt, file + " is cut short: its second page is missing");
    const auto last =
        first->transaction > second->transaction ? first->last_page : second->last_page;
    struct stat status {};  // after the pages: the file only grows
    if (fstat(descriptor, &status) != 0) return cannot("reading " + file, errno);
    const auto pages = static_cast<std::uint64_t>(status.st_size) / first->page_size;
    if (last >= pages)
        return fail(Fault::corrupt, file + " is cut short: it has " + std::to_string(pages) +
                                        " pages and names page " + std::to_string(last) +
                                        ": restore it from a backup");
    return {};
}

}  // namespace

std::optional<std::string_view> refused_file_system(std::uint64_t type) {
    struct Row {
        std::uint64_t type;
        std::string_view name;
    };
    static constexpr std::array rows{
        Row{0x6969, "NFS"},      Row{0xFF534D42, "CIFS"},  Row{0xFE534D42, "SMB2"},
        Row{0x517B, "SMB"},      Row{0x65735546, "FUSE"},  Row{0x01021997, "9P"},
        Row{0x00C36400, "Ceph"}, Row{0x5346414F, "AFS"},   Row{0x0BD00BD0, "Lustre"},
        Row{0x73757245, "Coda"}, Row{0x7461636F, "OCFS2"}, Row{0x01161970, "GFS2"},
    };
    const auto* const row = std::ranges::find(rows, type, &Row::type);
    if (row == rows.end()) return {};
    return row->name;
}

Result<void> require_local_file_system(const std::string& path) {
    struct statfs status {};
    if (statfs(path.c_str(), &status) != 0) return cannot("looking at " + path, errno);
    // f_type is signed on some machines: only 32 bits of it mean something.
    const auto name = refused_file_system(static_cast<std::uint32_t>(status.f_type));
    if (!name) return {};
    return fail(Fault::invalid_input,
                path + " is on " + std::string(*name) + ": LMDB needs a local file system");
}

bool has_room(const std::string& path) {
    constexpr std::uint64_t needed = 128U << 10;
    struct statfs status {};
    if (statfs(path.c_str(), &status) != 0) return true;
    return static_cast<std::uint64_t>(status.f_bavail) *
               static_cast<std::uint64_t>(status.f_bsize) >=
           needed;
}

Result<void> require_directory(const std::string& path, unsigned mode) {
    if (mkdir(path.c_str(), mode & 0777U) == 0) {
        // mkdir(2) ignores the setgid bit.
        if (chmod(path.c_str(), mode) != 0) return cannot("setting the mode of " + path, errno);
        return {};
    }
    if (errno != EEXIST) return cannot("creating " + path, errno);
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) return cannot("looking at " + path, errno);
    if (!S_ISDIR(status.st_mode)) return fail(Fault::unavailable, path + " is no directory");
    return {};
}

Result<void> sync_directory(const std::string& path) {
    const Descriptor descriptor(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor.is_open() || fsync(descriptor.number()) != 0)
        return cannot("syncing " + path, errno);
    return {};
}

Result<void> require_whole_data_file(const std::string& file) {
    const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.is_open()) {
        if (errno == ENOENT) return {};
        return cannot("opening " + file, errno);
    }
    auto checked = check_length(descriptor.number(), file);
    // A commit of another process may have been half written into the page that we read.
    for (int again = 0; !checked && again < 3; ++again)
        checked = check_length(descriptor.number(), file);
    return checked;
}

Result<bool> exists(const std::string& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) == 0) return true;
    if (errno == ENOENT) return false;
    return cannot("looking at " + file, errno);
}

Result<Descriptor> lock_role(const std::string& directory, const std::string& role, unsigned mode) {
    const std::string file = directory + "/" + role + ".lock";
    Descriptor lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!lock.is_open()) return cannot("opening " + file, errno);
    if (flock(lock.number(), LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) return cannot("locking " + file, errno);
    return fail(Fault::unavailable, "another bailiff in the role " + role + " has " + directory +
                                        " open (" + file + " is locked)");
}

Descriptor lock_opening(const std::string& directory, unsigned mode) {
    const std::string file = directory + "/open.lock";
    Descriptor lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!lock.is_open()) lock = Descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!lock.is_open()) return lock;
    while (flock(lock.number(), LOCK_EX) != 0 && errno == EINTR) {
    }
    return lock;
}

Result<void> reserve_lock_file(const std::string& file, unsigned readers, unsigned mode) {
    constexpr off_t slot_bytes = 64;  // LMDB: a cache line each, and two before them
    const Descriptor lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!lock.is_open()) return {};
    struct stat status {};
    if (fstat(lock.number(), &status) != 0) return cannot("looking at " + file, errno);
    const off_t wanted = (static_cast<off_t>(readers) + 2) * slot_bytes;
    const int code =
        posix_fallocate(lock.number(), 0, status.st_size > 0 ? status.st_size : wanted);
    if (code == 0 || code == EOPNOTSUPP || code == EINVAL) return {};
    return fail(code == ENOSPC || code == EDQUOT ? Fault::exhausted : Fault::unavailable,
                "making room for " + file + ": " + std::strerror(code));
}

GroupUmask::GroupUmask() : before_(umask(0007)) {}

GroupUmask::~GroupUmask() {
    umask(before_);
}

}  // namespace bailiff::lmdb
