#include "src/app/checkpoint_ways.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "src/app/durable_file.hpp"
#include "src/app/own_program.hpp"
#include "src/app/signing_keys.hpp"
#include "src/app/stamp_process.hpp"
#include "src/app/system_clock.hpp"
#include "src/http/client.hpp"
#include "src/log/note.hpp"
#include "src/process/run.hpp"

namespace bailiff {
namespace {

constexpr auto hour = std::chrono::hours(1);
constexpr auto patience = std::chrono::seconds(20);
constexpr auto connect_patience = std::chrono::seconds(5);
constexpr const char* sendmail = "/usr/sbin/sendmail";

/// What ran well, or why not.
Result<void> ended(const process::Ran& ran) {
    if (ran.end == process::Ran::End::exited && ran.code == 0) return {};
    auto why = ran.errors.empty() ? ran.why : ran.errors;
    while (why.ends_with('\n')) why.pop_back();
    return fail(Fault::unavailable, why.empty() ? "not sent in time" : why);
}

CheckpointWay way_of(const char* name, std::chrono::milliseconds every, const std::string& config) {
    return {name, every, [name, config](const std::string& note) {
                return ended(process::run({.path = own_program(),
                                           .arguments = {"log", "send", name, "--config", config},
                                           .environment = {},
                                           .input = note,
                                           .deadline = 2 * patience}));
            }};
}

/// The checkpoint and its stamp lie together: `openssl ts -verify -data N.note -in N.tsr`.
CheckpointWay stamping(const std::string& config, LogFiles& files) {
    return {"stamp", hour, [source = stamp_process(config), &files](const std::string& note) {
                const auto keep = [&]() -> Result<void> {
                    BAILIFF_TRY(const auto parsed, log::parse_note(note));
                    BAILIFF_TRY(const auto checkpoint, log::parse_checkpoint(parsed.text));
                    BAILIFF_TRY(const auto stamp, source(note));
                    const auto name = "stamps/" + std::to_string(checkpoint.size);
                    BAILIFF_CHECK(files.write(name + ".note", note));
                    return files.write(name + ".tsr", stamp.reply);
                };
                return keep();
            }};
}

Failure failed(const std::string& path) {
    return fail(Fault::unavailable, path + ": " + std::strerror(errno));
}

/// Behind what is there, with a blank line after it; no link is followed.
Result<void> to_file(const std::string& path, const std::string& note) {
    const int file =
        ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0) return failed(path);
    const auto text = note + "\n";
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0;
    auto outcome = written ? Result<void>() : Result<void>(failed(path));
    ::close(file);
    return outcome;
}

Result<void> to_webhook(const std::string& url, const std::string& note) {
    CurlHttp http;
    const SystemClock clock;
    HttpRequest request;
    request.url = url;
    request.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
    request.body = note;
    request.connect_timeout = connect_patience;
    request.deadline = clock.steady() + patience;
    BAILIFF_TRY(const auto reply, http.begin(request)->finish().within(url));
    if (reply.status < 200 || reply.status > 299)
        return fail(Fault::unavailable, url + ": it answers " + std::to_string(reply.status));
    return {};
}

Result<void> to_mail(const Settings& settings, const std::string& note) {
    const auto letter = "To: " + settings.log.send_mail + "\nSubject: Checkpoint of " +
                        log_origin(settings) +
                        "\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
                        "Content-Type: text/plain; charset=utf-8\n"
                        "Content-Transfer-Encoding: 8bit\n\n" +
                        note;
    return ended(process::run({.path = sendmail,
                               .arguments = {"-i", "--", settings.log.send_mail},
                               .environment = {},
                               .input = letter,
                               .deadline = patience}));
}

}  // namespace

std::vector<CheckpointWay> checkpoint_ways(const Settings& settings, const std::string& config,
                                           LogFiles& files) {
    std::vector<CheckpointWay> ways;
    if (!settings.log.send_file.empty())
        ways.push_back(way_of("file", std::chrono::milliseconds(0), config));
    if (!settings.log.send_webhook.empty())
        ways.push_back(way_of("webhook", std::chrono::milliseconds(0), config));
    // A letter a minute is read by nobody.
    if (!settings.log.send_mail.empty()) ways.push_back(way_of("mail", hour, config));
    if (!settings.timestamp.authorities.empty()) ways.push_back(stamping(config, files));
    return ways;
}

Result<void> send_checkpoint(const Settings& settings, const std::string& way,
                             const std::string& note) {
    if (way == "file" && !settings.log.send_file.empty())
        return to_file(settings.log.send_file, note);
    if (way == "webhook" && !settings.log.send_webhook.empty())
        return to_webhook(settings.log.send_webhook, note);
    if (way == "mail" && !settings.log.send_mail.empty()) return to_mail(settings, note);
    return fail(Fault::invalid_input, "log.send_" + way + " is not configured");
}

}  // namespace bailiff
