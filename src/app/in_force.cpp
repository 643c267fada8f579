#include "src/app/in_force.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <bailiff/descriptor.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "src/app/files.hpp"
#include "src/config/load.hpp"

namespace bailiff {

std::string in_force_path(const Settings& settings) {
    return settings.run_dir + "/in_force.toml";
}

std::string replayed_path(const Settings& settings) {
    return settings.run_dir + "/reload.replayed";
}

std::string fingerprint_of(const Settings& settings, const Loaded& loaded) {
    auto all = effective_configuration(settings) + loaded.snapshot->rule_set + '\n';
    for (const auto& trap : loaded.snapshot->traps) all += trap + '\n';
    if (!settings.rspamd.weights.empty()) all += read_file(settings.rspamd.weights).value_or("");
    return sha256(all).hex();
}

std::string in_force_text(const Settings& settings, const Loaded& loaded, Instant since) {
    return "# In force since " + to_rfc3339(since) + "\n# Rules " + loaded.snapshot->rule_set +
           "\n# Fingerprint " + fingerprint_of(settings, loaded) + "\n" +
           effective_configuration(settings);
}

Result<void> replace_safely(const std::string& path, const std::string& content) {
    const auto failed = [&](const char* doing) {
        return fail(Fault::unavailable, path + ": " + doing + ": " + std::strerror(errno));
    };
    const auto next = path + ".new";
    (void)unlink(next.c_str());
    const Descriptor file(
        ::open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
    if (file.number() < 0) return failed("cannot be created");
    if (::write(file.number(), content.data(), content.size()) !=
        static_cast<ssize_t>(content.size()))
        return failed("cannot be written");
    if (std::rename(next.c_str(), path.c_str()) != 0) return failed("cannot be replaced");
    return {};
}

}  // namespace bailiff
