#include "src/app/load_snapshot.hpp"

#include <algorithm>
#include <cctype>

#include "src/app/files.hpp"

namespace bailiff {
namespace {

/// One address a line, `#` begins a comment.
Result<Traps> read_traps(const std::string& path) {
    Traps traps;
    if (path.empty()) return traps;
    BAILIFF_TRY(auto text, read_file(path).within("reputation.traps"));
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string_view rest = text;
    std::size_t number = 0;
    while (!rest.empty()) {
        ++number;
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        line = line.substr(0, line.find('#'));
        line = line.substr(std::min(line.find_first_not_of(" \t\r"), line.size()));
        line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
        if (line.empty()) continue;
        if (line.find('@') == std::string_view::npos || line.find(' ') != std::string_view::npos)
            return fail(Fault::invalid_input, path + ":" + std::to_string(number) +
                                                  ": expected one address, local@domain");
        traps.emplace(line);
    }
    return traps;
}

/// Of the addresses, however the file writes them down.
Digest digest_of(const Traps& traps) {
    std::string all;
    for (const auto& address : traps) all += address + '\n';
    return sha256(all);
}

Result<std::shared_ptr<const Weights>> read_weights(const std::string& path) {
    std::string text;
    if (!path.empty()) {
        BAILIFF_TRY(text, read_file(path).within("rspamd.weights"));
    }
    BAILIFF_TRY(auto weights, Weights::parse(text, path));
    return std::make_shared<const Weights>(std::move(weights));
}

}  // namespace

Result<Loaded> load_snapshot(const Settings& settings) {
    Loaded loaded;
    BAILIFF_TRY(loaded.rule_files, RuleSet::read_dir(settings.rules.dir).within("rules.dir"));
    BAILIFF_TRY(loaded.rules, RuleSet::compile(loaded.rule_files).within("rules.dir"));
    if (loaded.rules->counts().rules == 0)
        return fail(Fault::not_found, "rules.dir: no rule in " + settings.rules.dir);
    BAILIFF_TRY(loaded.weights, read_weights(settings.rspamd.weights));
    BAILIFF_TRY(auto traps, read_traps(settings.reputation.traps));
    auto book = std::make_shared<const FeatureBook>(
        FeatureBook{loaded.rules->digest(), loaded.rules->atoms(), digest_of(traps)});
    loaded.snapshot = std::make_shared<const Snapshot>(Snapshot{
        settings, loaded.rules, loaded.rules->digest(), std::move(traps), std::move(book)});
    return loaded;
}

RspamdOptions rspamd_options(const Settings& settings) {
    return {.socket = settings.rspamd.socket,
            .url = settings.rspamd.url,
            .connect_timeout = settings.rspamd.connect_timeout,
            .patience = settings.rspamd.patience,
            .deadline = settings.rspamd.deadline,
            .reply_bytes_max = static_cast<std::size_t>(settings.rspamd.reply_bytes_max),
            .breaker_failures = static_cast<std::uint32_t>(settings.rspamd.breaker_failures),
            .breaker_pause = settings.rspamd.breaker_pause,
            .settings_id = settings.rspamd.settings_id,
            .groups_off = settings.rspamd.groups_off};
}

}  // namespace bailiff
