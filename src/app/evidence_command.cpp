#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bailiff/descriptor.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "src/api/client.hpp"
#include "src/app/commands.hpp"
#include "src/app/role.hpp"
#include "src/app/system_clock.hpp"
#include "src/evidence/bag.hpp"
#include "src/http/client.hpp"

namespace bailiff {
namespace {

struct EvidenceOptions {
    std::string config = configuration_file;
    std::string id;
    std::string directory;
};

Failure failed(const std::string& path) {
    return fail(Fault::unavailable, path + ": " + std::strerror(errno));
}

/// Creates, never replaces, never follows a link.
Result<void> write_new(const std::string& path, const std::string& content) {
    const Descriptor file(
        open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.number() < 0) return failed(path);
    for (std::size_t at = 0; at < content.size();) {
        const auto count = write(file.number(), content.data() + at, content.size() - at);
        if (count < 0) return failed(path);
        at += static_cast<std::size_t>(count);
    }
    if (fsync(file.number()) != 0) return failed(path);
    return {};
}

Result<void> write_bag(const std::string& directory, const std::vector<BagFile>& files) {
    if (mkdir(directory.c_str(), 0700) != 0) return failed(directory);
    if (mkdir((directory + "/data").c_str(), 0700) != 0) return failed(directory);
    for (const auto& file : files)
        BAILIFF_CHECK(write_new(directory + "/" + file.path, file.content));
    return {};
}

Result<int> export_case(const EvidenceOptions& options) {
    BAILIFF_TRY(const auto id, CaseId::parse(options.id));
    BAILIFF_TRY(const auto settings, settings_from(options.config));
    CurlHttp http;
    SystemClock clock;
    DeskClient client(http, clock, settings.enforcer.desk_socket);
    BAILIFF_TRY(const auto json, client.show_json(id));
    BAILIFF_TRY(const auto message, client.message(id));
    BAILIFF_TRY(const auto bag,
                make_bag({{"case.json", json + "\n"}, {"message.eml", message}},
                         {{"Bagging-Date", to_rfc3339(clock.now()).substr(0, 10)},
                          {"External-Identifier", id.text()},
                          {"Internal-Sender-Description",
                           "Case and raw message as bailiff stored them; unsealed"}}));
    BAILIFF_CHECK(write_bag(options.directory, bag).within("writing the bag"));
    std::printf(
        "%s: bag of case %s; check: (cd %s && sha256sum -c manifest-sha256.txt "
        "tagmanifest-sha256.txt)\n",
        options.directory.c_str(), id.text().c_str(), options.directory.c_str());
    return 0;
}

}  // namespace

void add_evidence_command(CLI::App& app, Chosen& chosen) {
    auto* group = app.add_subcommand("evidence", "Take a case out of the house");
    group->require_subcommand(1);
    const auto options = std::make_shared<EvidenceOptions>();
    auto* command =
        group->add_subcommand("export", "Write a BagIt bag with the case and its message");
    command->add_option("CASE", options->id, "Case")->required();
    command->add_option("DIR", options->directory, "Folder to create")->required();
    command->add_option("-c,--config", options->config, "Configuration file");
    command->callback([&chosen, options] { chosen = [options] { return export_case(*options); }; });
}

}  // namespace bailiff
