// A process of its own: whoever opens the ledger parses nothing that an authority sends.
#include <bailiff/base64.hpp>
#include <cstdio>
#include <memory>

#include "src/app/commands.hpp"
#include "src/app/files.hpp"
#include "src/app/role.hpp"
#include "src/app/stamp_process.hpp"
#include "src/app/system_clock.hpp"
#include "src/http/client.hpp"
#include "src/seal/entropy.hpp"
#include "src/seal/timestamp.hpp"

namespace bailiff {
namespace {

constexpr auto patience = std::chrono::seconds(10);
constexpr auto connect_patience = std::chrono::seconds(3);

Result<std::string> ask(Http& http, const Clock& clock, const std::string& url,
                        const std::string& question) {
    HttpRequest request;
    request.url = url;
    request.headers = {{"Content-Type", "application/timestamp-query"},
                       {"Accept", "application/timestamp-reply"}};
    request.body = question;
    request.connect_timeout = connect_patience;
    request.deadline = clock.steady() + patience;
    request.reply_bytes_max = stamp_reply_bytes_max;
    BAILIFF_TRY(auto reply, http.begin(request)->finish());
    if (reply.status != 200)
        return fail(Fault::unavailable, "it answers " + std::to_string(reply.status));
    return std::move(reply.body);
}

Result<KeptStamp> stamp_by(const Settings& settings, const std::string& url,
                           const std::string& bytes) {
    CurlHttp http;
    SystemClock clock;
    SystemEntropy entropy;
    StampTrust trust{.roots_pem = {},
                     .untrusted_pem = {},
                     .policies = settings.timestamp.policies,
                     .clock_difference = std::chrono::seconds(300)};
    BAILIFF_TRY(trust.roots_pem, read_file(settings.timestamp.roots, 1U << 20));
    BAILIFF_TRY(const auto question, ask_stamp(bytes, entropy));
    BAILIFF_TRY(auto reply, ask(http, clock, url, question.request));
    BAILIFF_TRY(auto stamp, read_stamp(reply, bytes, question, trust, clock.now()));
    return KeptStamp{std::move(reply), std::move(stamp.chain_pem), stamp.at};
}

/// The first authority that gives a good one.
Result<int> run_stamp(const std::string& config) {
    BAILIFF_TRY(const auto settings, settings_from(config));
    BAILIFF_TRY(const auto bytes, read_file("-", 1U << 20));
    std::string why = "timestamp.authorities is empty";
    for (const auto& url : settings.timestamp.authorities) {
        auto stamp = stamp_by(settings, url, bytes);
        if (stamp) {
            std::printf("%s", stamp_lines(*stamp).c_str());
            return 0;
        }
        why = url + ": " + stamp.error().what;
    }
    return fail(Fault::unavailable, why);
}

}  // namespace

void add_stamp_command(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("stamp", "Have what comes in time-stamped, and print that");
    const auto config = std::make_shared<std::string>(configuration_file);
    command->add_option("-c,--config", *config, "Configuration file");
    command->callback([&chosen, config] { chosen = [config] { return run_stamp(*config); }; });
}

}  // namespace bailiff
