#include "src/process/postfix_queue.hpp"

#include "src/process/one_line.hpp"
#include "src/process/postcat_text.hpp"
#include "src/process/run.hpp"
#include "src/process/spawn.hpp"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace bailiff {

namespace {

using namespace process;
namespace fs = std::filesystem;

constexpr std::size_t files_per_postcat = 50;
constexpr std::size_t postcat_bytes_max = 64U << 20;
constexpr auto tool_deadline = std::chrono::seconds(60);

/// Mail moves forward, and back from deferred to active: those before it are looked at twice.
constexpr std::array queues{"incoming", "active", "deferred", "hold", "incoming", "active"};

Result<std::string> output_of(const Command& command) {
    const auto ran = run(command);
    if (ran.end == Ran::End::exited && ran.code == 0) return ran.output;
    const auto said = one_line(ran.errors);
    return fail(Fault::unavailable, command.path + ": " + (ran.why.empty() ? said : ran.why));
}

/// cleanup(8) sets the bit when the file is whole; what is not yet is nobody's mail.
bool is_whole(const std::string& path) {
    struct stat there {};
    return lstat(path.c_str(), &there) == 0 && S_ISREG(there.st_mode) &&
           (there.st_mode & S_IXUSR) != 0;
}

/// Every message, in the queue where it was seen last.
class Scan {
public:
    Result<void> look(const std::string& queue_directory, std::size_t mails_max) {
        for (const auto* queue : queues) {
            std::error_code error;
            fs::recursive_directory_iterator at(queue_directory + "/" + queue, error), end;
            if (error)
                return fail(Fault::unavailable,
                            queue_directory + "/" + queue + ": " + error.message());
            // A file that leaves while we read is no error.
            for (; at != end; at.increment(error)) add(at->path(), queue);
            if (files_.size() > mails_max)
                return fail(Fault::exhausted,
                            "more than " + std::to_string(mails_max) + " messages in the queue");
        }
        return {};
    }

    [[nodiscard]] std::vector<QueueFile> files() const {
        std::vector<QueueFile> all;
        for (const auto& [id, file] : files_) all.push_back(file);
        return all;
    }
    [[nodiscard]] const QueueFile* find(const std::string& id) const {
        const auto at = files_.find(id);
        return at == files_.end() ? nullptr : &at->second;
    }

private:
    void add(const fs::path& path, const char* queue) {
        const auto id = path.filename().string();
        if (!is_queue_id(id) || !is_whole(path)) return;
        files_[id] = {path.string(), id, queue};
    }

    std::map<std::string, QueueFile> files_;
};

/// postcat(1) ends, a second later, at the first file that is gone. So the files are opened here
/// and named to it by descriptor: what has been opened cannot leave.
class PostcatReader {
public:
    PostcatReader(std::string postcat, std::string config)
        : postcat_(std::move(postcat)), config_(std::move(config)) {}

    [[nodiscard]] std::vector<QueuedMail> read(std::span<const QueueFile> files) const {
        std::vector<QueuedMail> mails;
        while (!files.empty()) {
            const auto batch = files.first(std::min(files.size(), files_per_postcat));
            read_batch(batch, mails);
            files = files.subspan(batch.size());
        }
        return mails;
    }

private:
    void read_batch(std::span<const QueueFile> batch, std::vector<QueuedMail>& mails) const {
        std::vector<Descriptor> kept;
        std::vector<QueueFile> readable;
        for (auto file : batch) {
            Descriptor opened(open(file.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
            if (!opened.is_open()) continue;
            file.path =
                "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(opened.number());
            kept.push_back(std::move(opened));
            readable.push_back(std::move(file));
        }
        for (std::span<const QueueFile> rest(readable); !rest.empty();) {
            auto some = read_some(rest);
            rest = rest.subspan(some.empty() ? 1 : some.size());  // none: damaged
            for (auto& mail : some) mails.push_back(std::move(mail));
        }
    }

    [[nodiscard]] std::vector<QueuedMail> read_some(std::span<const QueueFile> files) const {
        Command command{.path = postcat_,
                        .arguments = {"-c", config_, "-eh"},
                        .environment = {"TZ=UTC"},
                        .input = {},
                        .output_bytes_max = postcat_bytes_max,
                        .deadline = tool_deadline};
        for (const auto& file : files) command.arguments.push_back(file.path);
        return parse_postcat(run(command).output, files);
    }

    std::string postcat_, config_;
};

bool carries(const QueuedMail& mail, const MailProof& proof) {
    switch (proof.kind) {
        case IdentityKind::login:
            return !mail.login.empty() && mail.login == proof.value;
        case IdentityKind::client_ip:
            return !mail.client_address.empty() && mail.client_address == proof.value;
        case IdentityKind::uid:
            return mail.uid && std::to_string(*mail.uid) == proof.value;
        case IdentityKind::script:
        case IdentityKind::domain:
            return false;  // claims
    }
    return false;
}

}  // namespace

Result<std::string> PostfixQueue::setting(const std::string& name) const {
    BAILIFF_TRY(auto text, output_of({.path = options_.tools + "/postconf",
                                      .arguments = {"-c", options_.config_directory, "-xh", name},
                                      .environment = {},
                                      .input = {}}));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

Result<std::vector<QueuedMail>> PostfixQueue::list(std::span<const MailProof> proofs) {
    BAILIFF_TRY(const auto directory, setting("queue_directory"));
    Scan scan;
    BAILIFF_CHECK(scan.look(directory, options_.mails_max));
    const auto files = scan.files();
    auto mails = PostcatReader(options_.tools + "/postcat", options_.config_directory).read(files);
    std::erase_if(mails, [&](const QueuedMail& mail) {
        return std::ranges::none_of(proofs,
                                    [&](const MailProof& proof) { return carries(mail, proof); });
    });
    return mails;
}

Result<std::vector<QueuedMail>> PostfixQueue::find(const QueueIds& ids) {
    BAILIFF_TRY(const auto directory, setting("queue_directory"));
    Scan scan;
    BAILIFF_CHECK(scan.look(directory, options_.mails_max));
    std::vector<QueueFile> files;
    for (const auto& id : ids)
        if (const auto* file = scan.find(id)) files.push_back(*file);
    return PostcatReader(options_.tools + "/postcat", options_.config_directory).read(files);
}

Result<void> PostfixQueue::check() const {
    BAILIFF_TRY(const auto long_ids, setting("enable_long_queue_ids"));
    if (long_ids == "yes") return {};
    return fail(Fault::invalid_input,
                options_.config_directory +
                    "/main.cf: expected enable_long_queue_ids = yes: a short queue id may soon be "
                    "another message's");
}

Result<void> PostfixQueue::change(const std::vector<std::string>& what, const QueueIds& ids) {
    BAILIFF_CHECK(check());
    Command command{.path = options_.tools + "/postsuper",
                    .arguments = {"-c", options_.config_directory},
                    .environment = {},
                    .input = {},
                    .deadline = tool_deadline};
    command.arguments.insert(command.arguments.end(), what.begin(), what.end());
    for (const auto& id : ids) {
        if (!is_queue_id(id)) return fail(Fault::invalid_input, "expected queue ids");
        command.input += id + "\n";
    }
    const auto said = output_of(command);
    if (!said) return Failure(said.error());
    return {};
}

Result<void> PostfixQueue::hold(const QueueIds& ids) {
    return change({"-h", "-"}, ids);
}

Result<void> PostfixQueue::release(const QueueIds& ids) {
    return change({"-H", "-"}, ids);
}

Result<void> PostfixQueue::remove(const QueueIds& ids) {
    return change({"-d", "-", "hold"}, ids);
}

}  // namespace bailiff
