#pragma once
// A directory of hooks that a test writes as shell scripts; gone with the test.

#include <bailiff/ports/effect.hpp>
#include <bailiff/settings.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace bailiff::test {

class Workshop {
public:
    Workshop() {
        std::string name =
            (std::filesystem::temp_directory_path() / "bailiff-hook-XXXXXX").string();
        directory_ = mkdtemp(name.data());
    }
    ~Workshop() {
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const {
        return (directory_ / name).string();
    }
    /// Writes a script; "HERE" in it becomes this directory.
    std::string hook(const std::string& body, const std::string& name = "hook") const {
        std::string text = "#!/bin/sh\n" + body + "\n";
        for (auto at = text.find("HERE"); at != std::string::npos; at = text.find("HERE", at))
            text.replace(at, 4, directory_.string());
        std::ofstream(path(name)) << text;
        std::filesystem::permissions(path(name), std::filesystem::perms(0755));
        return path(name);
    }
    /// What a hook wrote into a file here; empty if there is none.
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }

private:
    std::filesystem::path directory_;
};

inline Order order() {
    return {.action_id = *ActionId::parse(std::string(64, 'a')),
            .case_id = *CaseId::parse("B0123456789ABCDEF"),
            .kind = ActionKind::service_terminate,
            .account = *AccountId::parse("acc-1"),
            .service = *ServiceId::parse("svc-1"),
            .target = "svc-1",
            .state_before = "active",
            .reason = "case B0123456789ABCDEF, path zero_tolerance",
            .mode = Mode::enforce};
}

inline HookSettings settings(std::string command,
                             std::chrono::milliseconds deadline = std::chrono::seconds(20)) {
    return {std::move(command), {ActionKind::service_terminate}, deadline};
}

}  // namespace bailiff::test
