#pragma once
// A real rspamd of our own: one worker on a unix socket below a temporary directory, no network.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <pwd.h>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bailiff {

class PrivateRspamd {
public:
    PrivateRspamd() {
        std::string pattern = "/tmp/bailiff-rspamd-XXXXXX";
        dir_ = mkdtemp(pattern.data());
        std::filesystem::permissions(dir_, std::filesystem::perms(0755));
        write_configuration();
        if (getuid() == 0) give_away();
        start();
    }
    ~PrivateRspamd() {
        stop();
        std::error_code ignored;
        std::filesystem::remove_all(dir_, ignored);
    }
    PrivateRspamd(const PrivateRspamd&) = delete;
    PrivateRspamd& operator=(const PrivateRspamd&) = delete;

    [[nodiscard]] std::string socket() const { return dir_ + "/normal.sock"; }
    [[nodiscard]] std::string log() const {
        std::ostringstream text;
        text << std::ifstream(dir_ + "/rspamd.log").rdbuf();
        return text.str();
    }
    [[nodiscard]] bool is_up() const { return up_; }

    void start() {
        child_ = fork();
        if (child_ == 0) become_rspamd();
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!(up_ = takes_connections()) && std::chrono::steady_clock::now() < limit)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    void stop() {
        if (child_ <= 0) return;
        kill(child_, SIGTERM);
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(2);
        while (waitpid(child_, nullptr, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() > limit)
                kill(-child_, SIGKILL);  // and its workers
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        child_ = -1;
        up_ = false;
        std::error_code ignored;
        std::filesystem::remove(socket(), ignored);
    }

private:
    /// The list of top-level domains is cut: reading the real one takes five seconds.
    void write_configuration() const {
        std::ofstream(dir_ + "/tld") << "com\nnet\norg\nexample\ntest\n";
        std::ofstream(dir_ + "/rspamd.conf")
            << "options { filters = \"regexp\"; disable_hyperscan = true; url_tld = \"" << dir_
            << "/tld\"; pidfile = \"" << dir_ << "/pid\"; control_socket = \"" << dir_
            << "/control.sock\"; hs_cache_dir = \"" << dir_ << "/\"; tempdir = \"" << dir_
            << "\"; dns { nameserver = [\"127.0.0.1:9\"]; timeout = 0.1s; } }\n"
            << "logging { type = file; filename = \"" << dir_ << "/rspamd.log\"; level = info; }\n"
            << "worker normal { bind_socket = \"" << socket() << " mode=0666\"; count = 1; }\n"
            << "actions { reject = 15; add_header = 6; }\n"
            << "modules { path = \"/usr/share/rspamd/plugins/settings.lua\"; }\n"
            << "settings { outbound { id = outbound; apply { actions { reject = 20; } } } }\n"
            << "regexp { LIVE_CASINO { re = \"Subject=/casino/iH\"; score = 2.5; } }\n";
    }
    void give_away() const {
        const auto* user = getpwnam("_rspamd");
        if (user == nullptr || chown(dir_.c_str(), user->pw_uid, user->pw_gid) != 0) std::abort();
    }
    [[noreturn]] void become_rspamd() const {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        const auto db = "--var=DBDIR=" + dir_, run = "--var=RUNDIR=" + dir_;
        const auto conf = dir_ + "/rspamd.conf";
        if (freopen((dir_ + "/output").c_str(), "w", stdout) == nullptr) _exit(126);
        dup2(1, 2);
        if (getuid() == 0)
            execl("/usr/bin/rspamd", "rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", "-c",
                  conf.c_str(), db.c_str(), run.c_str(), nullptr);
        else
            execl("/usr/bin/rspamd", "rspamd", "-f", "-c", conf.c_str(), db.c_str(), run.c_str(),
                  nullptr);
        _exit(127);
    }
    /// The worker is there when it answers: the socket exists before.
    [[nodiscard]] bool takes_connections() const {
        const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        socket().copy(address.sun_path, sizeof address.sun_path - 1);
        char answer[16] = {};
        constexpr std::string_view ping = "GET /ping HTTP/1.0\r\n\r\n";
        pollfd waiting{descriptor, POLLIN, 0};
        const bool ok =
            connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
            send(descriptor, ping.data(), ping.size(), MSG_NOSIGNAL) > 0 &&
            poll(&waiting, 1, 2'000) == 1 && recv(descriptor, answer, sizeof answer, 0) > 0;
        close(descriptor);
        return ok;
    }

    std::string dir_;
    pid_t child_ = -1;
    bool up_ = false;
};

}  // namespace bailiff
