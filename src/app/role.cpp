#include "src/app/role.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "src/app/durable_file.hpp"
#include "src/app/files.hpp"
#include "src/config/load.hpp"

namespace bailiff {
namespace {

std::optional<unsigned> number(const std::string& text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

Result<uid_t> user_id(const std::string& name) {
    if (const auto id = number(name)) return *id;
    if (const auto* entry = getpwnam(name.c_str())) return entry->pw_uid;
    return fail(Fault::not_found, "user '" + name + "' does not exist on this machine");
}

namespace {

Result<gid_t> group_id(const std::string& name) {
    if (const auto id = number(name)) return *id;
    if (const auto* entry = getgrnam(name.c_str())) return entry->gr_gid;
    return fail(Fault::not_found, "group '" + name + "' does not exist on this machine");
}

struct Owner {
    uid_t user;
    gid_t group;
    mode_t mode;
};

/// Makes a missing directory; one that is there keeps what the operator gave it.
Result<void> make_directory(const std::string& path, Owner owner) {
    if (mkdir(path.c_str(), 0700) != 0) {
        if (errno == EEXIST) return {};
        return fail(Fault::unavailable, "creating " + path + ": " + std::strerror(errno));
    }
    if (chown(path.c_str(), owner.user, owner.group) != 0 || chmod(path.c_str(), owner.mode) != 0)
        return fail(Fault::unavailable, "giving " + path + " its owner: " + std::strerror(errno));
    return {};
}

Result<void> make_directories(const Settings& settings, gid_t group) {
    BAILIFF_TRY(const auto milter, user_id(settings.milter.user));
    BAILIFF_TRY(const auto enforcer, user_id(settings.enforcer.user));
    BAILIFF_CHECK(make_directory(settings.state_dir, {0, group, 02750}));
    BAILIFF_CHECK(make_directory(settings.run_dir, {0, group, 02770}));
    BAILIFF_CHECK(make_directory(ledger_path(settings), {milter, group, 02770}));
    BAILIFF_CHECK(make_directory(counters_path(settings), {milter, group, 02770}));
    BAILIFF_CHECK(make_directory(directory_path(settings), {enforcer, group, 02750}));
    BAILIFF_CHECK(make_directory(settings.state_dir + "/log", {enforcer, group, 0755}));
    BAILIFF_CHECK(make_directory(holders_path(settings), {enforcer, group, 0700}));
    // At each start, for whoever made them may have had no time to.
    BAILIFF_CHECK(sync_folder_of(ledger_path(settings)));
    return sync_folder_of(settings.state_dir);
}

/// A core file would hold mail; a ptrace would show it (fault H07).
void keep_memory_private() {
    prctl(PR_SET_DUMPABLE, 0);
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

Result<Settings> settings_from(const std::string& path) {
    BAILIFF_TRY(const auto text, read_file(path, 1U << 20).within("reading the configuration"));
    return load_settings(text, path);
}

Result<void> become(const Settings& settings, const std::string& user) {
    umask(0007);
    if (geteuid() == 0) {
        BAILIFF_TRY(const auto group, group_id(settings.group));
        BAILIFF_TRY(const auto id, user_id(user));
        BAILIFF_CHECK(make_directories(settings, group));
        if (setgroups(1, &group) != 0 || setgid(group) != 0 || setuid(id) != 0)
            return fail(Fault::internal, "becoming user " + user + ": " + std::strerror(errno));
    }
    keep_memory_private();
    return {};
}

Result<void> join_group(const Settings& settings) {
    umask(0007);
    BAILIFF_TRY(const auto group, group_id(settings.group));
    BAILIFF_CHECK(make_directories(settings, group));
    if (setgroups(1, &group) != 0 || setgid(group) != 0)
        return fail(Fault::internal, std::string("joining the group: ") + std::strerror(errno));
    return {};
}

Result<std::unique_ptr<LmdbLedger>> open_ledger(const Settings& settings, const char* role) {
    return LmdbLedger::open({.path = ledger_path(settings),
                             .role = role,
                             .map_bytes = static_cast<std::uint64_t>(settings.ledger.map_mb) << 20})
        .within("opening the ledger");
}

std::string ledger_path(const Settings& settings) {
    return settings.state_dir + "/ledger";
}
std::string counters_path(const Settings& settings) {
    return settings.state_dir + "/counters";
}
std::string directory_path(const Settings& settings) {
    return settings.state_dir + "/directory";
}
std::string holders_path(const Settings& settings) {
    return settings.state_dir + "/holders";
}

}  // namespace bailiff
