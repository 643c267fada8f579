#include "src/app/kept_rules.hpp"

#include <filesystem>

#include "src/app/durable_file.hpp"
#include "src/app/role.hpp"

namespace bailiff {
namespace {

namespace fs = std::filesystem;

Failure failed(const std::string& path, const std::error_code& error) {
    return fail(Fault::unavailable, path + ": " + error.message());
}

}  // namespace

std::string kept_rules_path(const Settings& settings, const std::string& digest) {
    return counters_path(settings) + "/rules/" + digest;
}

Result<void> keep_rules(const Settings& settings, const std::string& digest,
                        const std::vector<RuleFile>& files) {
    const auto folder = kept_rules_path(settings, digest);
    std::error_code error;
    if (fs::exists(folder, error)) return {};
    const auto next = folder + beside;
    fs::remove_all(next, error);  // of a copy that was stopped half-way
    if (!fs::create_directories(next, error) && error) return failed(next, error);
    for (const auto& file : files)
        BAILIFF_CHECK(write_durably(next + "/" + file.name, file.text, 0640));
    fs::rename(next, folder, error);
    if (error) return failed(folder, error);
    return sync_folder_of(folder);
}

Result<std::vector<RuleFile>> kept_rules(const Settings& settings, const std::string& digest) {
    return RuleSet::read_dir(kept_rules_path(settings, digest));
}

}  // namespace bailiff
