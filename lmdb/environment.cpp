#include "lmdb/environment.hpp"

#include <bailiff/mutex.hpp>
#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "lmdb/pages.hpp"
#include "lmdb/txn.hpp"

namespace bailiff::lmdb {
namespace {

constexpr int oldest_good_version = 9 * 1000 + 24;  // 0.9.24

/// Environments that this process has open: a second one of the same files would, when closed,
/// drop the first one's locks (fcntl(2) locks belong to the process). A child after fork(2) has
/// none, so the process id is part of the entry.
struct Registry {
    Mutex mutex;
    std::set<std::string> entries BAILIFF_GUARDED_BY(mutex);
};

Registry& registry() {
    static Registry open_here;
    return open_here;
}

bool is_role(std::string_view role) {
    return role.size() <= 32 &&
           role.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

Result<void> require_version() {
    int major = 0, minor = 0, patch = 0;
    const char* const text = mdb_version(&major, &minor, &patch);
    if (major * 1'000'000 + minor * 1000 + patch >= oldest_good_version) return {};
    return fail(Fault::internal,
                std::string(text) + " is too old: 0.9.24 is the oldest that works");
}

/// Collects the smallest transaction of a reader from the table that LMDB prints.
struct OldestReader {
    std::uint64_t transaction = UINT64_MAX;

    static int line(const char* text, void* self) {
        std::string_view rest(text);
        while (!rest.empty() && (rest.back() == '\n' || rest.back() == ' ')) rest.remove_suffix(1);
        const auto blank = rest.rfind(' ');
        if (blank == std::string_view::npos) return 0;
        rest.remove_prefix(blank + 1);
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        auto& oldest = static_cast<OldestReader*>(self)->transaction;
        if (error == std::errc{} && end == rest.data() + rest.size())
            oldest = std::min(oldest, number);
        return 0;
    }
};

Fault fault_of(int code) {
    switch (code) {
        case MDB_MAP_FULL:
        case MDB_TXN_FULL:
        case ENOSPC:
        case EFBIG:
        case EDQUOT:
            return Fault::exhausted;
        case MDB_CORRUPTED:
        case MDB_PAGE_NOTFOUND:
        case MDB_INVALID:
        case MDB_VERSION_MISMATCH:
            return Fault::corrupt;
        case MDB_READERS_FULL:
        case MDB_MAP_RESIZED:
        case ENOMEM:
        case EACCES:
        case EPERM:
        case EROFS:
        case EAGAIN:
        case EBUSY:
        case EMFILE:
        case ENFILE:
            return Fault::unavailable;
        case ENOENT:
        case MDB_NOTFOUND:
            return Fault::not_found;
        default:
            return Fault::internal;
    }
}

}  // namespace

Failure failure(int code, std::string_view doing) {
    return fail(fault_of(code), std::string(doing) + ": " + mdb_strerror(code));
}

Result<std::unique_ptr<Environment>> Environment::open(EnvironmentOptions options) {
    BAILIFF_CHECK(require_version());
    if (!is_role(options.role))
        return fail(Fault::invalid_input, "'" + options.role + "' is no role");
    std::unique_ptr<Environment> environment(new Environment(std::move(options)));
    const auto doing = "opening " + environment->path();
    BAILIFF_CHECK(environment->prepare().within(doing));
    return environment;
}

Result<void> Environment::prepare() {
    const auto data = path() + "/data.mdb";
    if (read_only()) {
        BAILIFF_TRY(const bool there, exists(data));
        if (!there) return fail(Fault::not_found, data + " does not exist");
    }
    const GroupUmask umask;
    if (!read_only()) BAILIFF_CHECK(require_directory(path(), options_.directory_mode));
    BAILIFF_CHECK(require_local_file_system(path()));
    BAILIFF_CHECK(enter_registry());
    const Descriptor turn = lock_opening(path(), options_.lock_mode);
    if (!options_.role.empty()) {
        BAILIFF_TRY(role_lock_, lock_role(path(), options_.role, options_.lock_mode));
    }
    BAILIFF_CHECK(require_whole_data_file(data));
    BAILIFF_TRY(const bool old, exists(data));
    BAILIFF_CHECK(reserve_lock_file(path() + "/lock.mdb", readers_max, options_.lock_mode));
    BAILIFF_CHECK(map());
    if (!old && options_.data_mode != options_.lock_mode &&
        chmod(data.c_str(), options_.data_mode) != 0)
        return failure(errno, "setting the mode of " + data);
    // LMDB syncs what it writes, but not that there is a data.mdb.
    return read_only() ? Result<void>() : sync_directory(path());
}

Result<void> Environment::enter_registry() {
    struct stat status {};
    if (stat(path().c_str(), &status) != 0) return failure(errno, "looking at " + path());
    auto entry = std::to_string(getpid()) + ':' + std::to_string(status.st_dev) + ':' +
                 std::to_string(status.st_ino);
    auto& here = registry();
    const Lock lock(here.mutex);
    if (!here.entries.insert(entry).second)
        return fail(Fault::unavailable, "this process has it open already");
    registered_ = std::move(entry);
    return {};
}

Result<void> Environment::map() {
    if (const int code = mdb_env_create(&env_)) return failure(code, "creating the handle");
    mdb_env_set_maxreaders(env_, readers_max);
    mdb_env_set_maxdbs(env_, tables_max);
    if (const int code = mdb_env_set_mapsize(env_, options_.map_bytes))
        return failure(code, "setting the map size");
    const unsigned flags =
        MDB_NOTLS | (read_only() ? MDB_RDONLY : 0U) | (options_.expendable ? MDB_NOSYNC : 0U);
    if (const int code = mdb_env_open(env_, path().c_str(), flags, options_.lock_mode)) {
        auto wrong = failure(code, "mapping data.mdb");
        // MDB_INVALID and its like are about the file, ENOENT of a reader about lock.mdb.
        if (wrong.value().fault == Fault::not_found) wrong.value().fault = Fault::unavailable;
        return wrong;
    }
    check_readers();
    auto checked = check_pages(*this);
    // Without a free reader slot nobody can look, and whoever reads will be told the same.
    if (!checked && checked.error().fault != Fault::corrupt) return {};
    return checked;
}

Environment::~Environment() {
    if (env_ != nullptr) mdb_env_close(env_);
    auto& here = registry();
    const Lock lock(here.mutex);
    here.entries.erase(registered_);
}

void Environment::check_readers() const {
    int dead = 0;
    mdb_reader_check(env_, &dead);
}

bool Environment::panicked() const {
    MDB_txn* probe = nullptr;
    const int code = mdb_txn_begin(env_, nullptr, MDB_RDONLY, &probe);
    if (code == 0) mdb_txn_abort(probe);
    return code == MDB_PANIC;
}

std::uint64_t Environment::bytes_reached() const {
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(env_, &info);
    mdb_env_stat(env_, &stat);
    return (info.me_last_pgno + 1) * stat.ms_psize;
}

std::uint64_t Environment::map_bytes() const {
    MDB_envinfo info{};
    mdb_env_info(env_, &info);
    return info.me_mapsize;
}

Result<EnvironmentStats> Environment::stats() const {
    // Before our own transaction is in the reader table.
    OldestReader oldest;
    mdb_reader_list(env_, &OldestReader::line, &oldest);
    BAILIFF_TRY(const auto txn, Txn::read(*this));
    BAILIFF_TRY(const auto free, txn.free_pages());
    MDB_envinfo info{};
    MDB_stat stat{};
    mdb_env_info(env_, &info);
    mdb_env_stat(env_, &stat);
    EnvironmentStats stats;
    stats.map_bytes = info.me_mapsize;
    const std::uint64_t reached = info.me_last_pgno + 1;
    stats.map_bytes_used = (reached - std::min(free, reached)) * stat.ms_psize;
    if (oldest.transaction < info.me_last_txnid)
        stats.oldest_reader_lag = info.me_last_txnid - oldest.transaction;
    return stats;
}

}  // namespace bailiff::lmdb
