#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <memory>

#include "src/app/commands.hpp"
#include "src/app/files.hpp"
#include "src/app/system_clock.hpp"
#include "src/config/load.hpp"
#include "src/config/panel_file.hpp"
#include "src/http/client.hpp"
#include "src/panel/order_json.hpp"
#include "src/panel/panel_effect.hpp"

namespace bailiff {
namespace {

using namespace panel;

// Of <sysexits.h>, as the hook contract says.
constexpr int exit_no_such_verb = 64;
constexpr int exit_never = 65;
constexpr int exit_unknown = 70;
constexpr int exit_retry = 75;

constexpr std::size_t order_bytes_max = 16U << 20;  ///< an undo names the cases of its account
constexpr std::size_t map_bytes_max = 64U << 20;

/// Neither a core file nor another process of our user may show what we know.
void hide_memory() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

struct Given {
    PanelSettings settings;
    TargetMap map;
    Secrets secrets;
};

Result<Given> read_files(const std::string& path) {
    BAILIFF_TRY(const auto text, read_file(path, configuration_bytes_max));
    BAILIFF_TRY(auto settings, load_panel_settings(text, path));
    TargetMap map;
    if (!settings.map_file.empty()) {
        BAILIFF_TRY(const auto rows, read_file(settings.map_file, map_bytes_max));
        BAILIFF_TRY(map, TargetMap::parse(rows, settings.map_file));
    }
    BAILIFF_TRY(auto common, read_secret(settings.secret_file));
    Secrets secrets{std::move(common), {}};
    if (!settings.purge_secret_file.empty()) {
        BAILIFF_TRY(auto purge, read_secret(settings.purge_secret_file));
        secrets.purge.emplace(std::move(purge));
    }
    return Given{std::move(settings), std::move(map), std::move(secrets)};
}

/// To standard error: the enforcer makes it the one-line reason in the case.
void say(const std::string& text) {
    std::fprintf(stderr, "%s\n", text.c_str());
}

int exit_of(Outcome::Kind kind) {
    switch (kind) {
        case Outcome::Kind::done:
            return 0;
        case Outcome::Kind::retry:
            return exit_retry;
        case Outcome::Kind::never:
            return exit_never;
        case Outcome::Kind::unknown:
            return exit_unknown;
    }
    return exit_unknown;
}

int tell_state(const Result<std::optional<std::string>>& state, const Secrets& secrets) {
    if (!state) {
        say(without_secrets(state.error().what, secrets));
        return state.error().fault == Fault::invalid_input ? exit_never : exit_retry;
    }
    if (!*state) {
        say("there is no state to be had of this");
        return exit_no_such_verb;
    }
    const auto line = state_line(**state);
    const bool told = std::fwrite(line.data(), 1, line.size(), stdout) == line.size();
    return told && std::fflush(stdout) == 0 ? 0 : exit_retry;
}

int carry_out(const Given& given, const std::string& verb, const Order& order) {
    CurlHttp http;
    SystemClock clock;
    const auto effect =
        panel_effect({given.settings, given.secrets, given.map, http, clock}, order.kind);
    if (verb == "state") return tell_state(effect->state(order), given.secrets);
    const auto outcome = verb == "act" ? effect->act(order) : effect->undo(order);
    say(without_secrets(outcome.detail, given.secrets));
    return exit_of(outcome.kind);
}

/// As a hook: whatever is wrong with our own files can be mended, and nothing has been changed.
Result<int> run_panel(const std::string& file, const std::string& verb) {
    hide_memory();
    if (verb != "act" && verb != "undo" && verb != "state" && verb != "check") {
        say("expected the verb act, undo, state or check");
        return exit_no_such_verb;
    }
    const auto given = read_files(file);
    if (!given) {
        say(given.error().what);
        return exit_retry;
    }
    if (verb == "check") {
        std::printf("%s: good: %s at %s\n", file.c_str(), given->settings.panel.c_str(),
                    given->settings.url.c_str());
        return 0;
    }
    const auto line = read_file("-", order_bytes_max);
    const auto order = line ? read_order(*line) : Result<Order>(Failure(line.error()));
    if (!order) {
        say(order.error().what);
        return exit_never;
    }
    return carry_out(*given, verb, *order);
}

}  // namespace

void add_panel_command(CLI::App& app, Chosen& chosen) {
    auto* command =
        app.add_subcommand("panel", "Be a hook: carry out an order by WHM, WHMCS or a webhook");
    struct Named {
        std::string file, verb;
    };
    const auto named = std::make_shared<Named>();
    command->add_option("FILE", named->file, "TOML: which panel, and where its secret is")
        ->required();
    command->add_option("VERB", named->verb, "act, undo, state; or check: the file only")
        ->required();
    command->callback([&chosen, named] {
        chosen = [named]() -> Result<int> { return run_panel(named->file, named->verb); };
    });
}

}  // namespace bailiff
