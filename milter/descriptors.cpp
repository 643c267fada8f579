#include "milter/descriptors.hpp"

#include <dirent.h>
#include <sys/resource.h>

#include <algorithm>
#include <string>

namespace bailiff {
namespace {

constexpr std::uint64_t reserve = 16;          // status file, journal, reload: a few at a time
constexpr rlim_t limit_wanted = 65'536;        // as in the unit; a higher one is left as it is
constexpr std::uint64_t limit_max = 1U << 30;  // "unlimited"

}  // namespace

Result<DescriptorBudget> descriptor_budget(std::uint64_t limit, std::uint64_t used,
                                           std::uint64_t sessions_wanted) {
    const auto taken = used + reserve;
    const auto fit = limit > taken ? (limit - taken) / 2 : 0;
    if (fit == 0)
        return fail(Fault::exhausted, "a limit of " + std::to_string(limit) +
                                          " descriptors is too small: " + std::to_string(used) +
                                          " are open before the first connection");
    const auto sessions = std::min(fit, sessions_wanted);
    return DescriptorBudget{limit, sessions, static_cast<int>(limit - sessions - reserve / 2)};
}

std::uint64_t raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur < limit_wanted && limit.rlim_cur < limit.rlim_max) {
        const rlimit raised{std::min(limit.rlim_max, limit_wanted), limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    return std::min<std::uint64_t>(limit.rlim_cur, limit_max);
}

std::uint64_t descriptors_used() noexcept {
    DIR* open = opendir("/proc/self/fd");
    if (open == nullptr) return 0;
    std::uint64_t entries = 0;
    while (readdir(open) != nullptr) ++entries;
    closedir(open);
    return entries < 3 ? 0 : entries - 3;  // ".", ".." and the one we looked with
}

}  // namespace bailiff
