// Mail at a fixed rate, whoever is slow: an open loop, where waiting is seen and not avoided.
//   bailiff_paced PORT RATE SECONDS SERVICES FOLDER
// Message n begins at n / RATE seconds, on a connection of its own to 127.0.0.1:PORT, from a login
// that XCLIENT gives it. Before that the rate rises from nothing for three seconds, which do not
// count: at once it would make Postfix start processes by the hundred, which then stay and take
// turns with cold caches. Prints one line a message: ms from its last byte to the reply, or "20000"
// for one that was given up. One thread, so that it takes little of what it measures.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bailiff/descriptor.hpp>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace bailiff {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto give_up = 20s;
constexpr double rise_s = 3;
constexpr double given_up_ms = 20'000;

/// As SMTP wants it: CRLF, dots doubled at the start of a line, and the end.
std::string on_the_wire(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string wire, line;
    while (std::getline(file, line)) {
        if (line.ends_with('\r')) line.pop_back();
        wire += (line.starts_with('.') ? "." : "") + line + "\r\n";
    }
    return wire + ".\r\n";
}

/// One connection: what it says next, and since when it waits for the last reply.
struct Dialogue {
    Descriptor socket;
    std::vector<std::string> lines;  ///< said one by one, each after the reply to the one before
    std::size_t said = 0;
    std::string reply;   ///< the line that is being received
    std::string unsent;  ///< of a message that the socket did not take whole
    bool counts = true;
    Clock::time_point begun, ended_body;
};

class Load {
public:
    Load(std::uint16_t port, int services, std::vector<std::string> bodies)
        : port_(port),
          services_(services),
          bodies_(std::move(bodies)),
          epoll_(::epoll_create1(0)) {}

    /// The waits of all messages, in ms.
    std::vector<double> run(double rate, double seconds) {
        const auto begin = Clock::now();
        uncounted_ = static_cast<long>(rate * rise_s / 2);
        const auto count = uncounted_ + static_cast<long>(rate * seconds);
        const auto due = [&](long number) {
            const auto n = static_cast<double>(number), risen = rate * rise_s / 2;
            const double at =
                n < risen ? std::sqrt(2 * rise_s * n / rate) : rise_s + (n - risen) / rate;
            return begin +
                   std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(at));
        };
        for (long number = 0; number < count || !open_.empty();) {
            for (; number < count && due(number) <= Clock::now(); ++number) start(number);
            serve(number < count ? due(number) : Clock::now() + 50ms);
            drop_the_late();
        }
        return waits_;
    }

private:
    void start(long number) {
        Dialogue dialogue;
        const auto login = "user" + std::to_string(pick_(random_)) + "@hosted.example";
        const auto id = std::to_string(number);
        dialogue.lines = {"EHLO client.hosted.example\r\n",
                          "XCLIENT NAME=[UNAVAILABLE] ADDR=198.51.100." +
                              std::to_string(1 + number % 250) + " LOGIN=" + login + "\r\n",
                          "EHLO client.hosted.example\r\n",
                          "MAIL FROM:<" + login + ">\r\n",
                          "RCPT TO:<r" + id + "@remote.example>\r\n",
                          "DATA\r\n",
                          "Message-ID: <" + id + "." + std::to_string(random_()) +
                              "@client.hosted.example>\r\n" +
                              bodies_[static_cast<std::size_t>(number) % bodies_.size()]};
        dialogue.socket = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
        sockaddr_in there{};
        there.sin_family = AF_INET;
        there.sin_port = htons(port_);
        there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = dialogue.socket.number(), at_once = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        ::connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there);
        watch(fd, EPOLLIN, EPOLL_CTL_ADD);
        dialogue.begun = Clock::now();
        dialogue.counts = number >= uncounted_;
        open_.emplace(fd, std::move(dialogue));
    }

    void watch(int fd, std::uint32_t events, int how) {
        epoll_event event{events, {.fd = fd}};
        ::epoll_ctl(epoll_.number(), how, fd, &event);
    }

    void serve(Clock::time_point until) {
        std::array<epoll_event, 64> ready{};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        const int count =
            ::epoll_wait(epoll_.number(), ready.data(), static_cast<int>(ready.size()),
                         static_cast<int>(std::max<std::int64_t>(0, left.count())));
        for (int i = 0; i < count; ++i) {
            const auto found = open_.find(ready[static_cast<std::size_t>(i)].data.fd);
            if (found == open_.end()) continue;
            if (!send_rest(found->second) || !hear(found->second)) open_.erase(found);
        }
    }

    /// False: the dialogue is over.
    bool hear(Dialogue& dialogue) {
        std::array<char, 2048> bytes{};
        const auto count = ::recv(dialogue.socket.number(), bytes.data(), bytes.size(), 0);
        if (count < 0 && errno == EAGAIN) return true;
        if (count <= 0) return failed(dialogue, "closed");
        for (const char c : std::string_view(bytes.data(), static_cast<std::size_t>(count))) {
            dialogue.reply += c;
            if (c != '\n') continue;
            const auto line = std::exchange(dialogue.reply, {});
            if (line.size() > 3 && line[3] == '-') continue;
            if (!answered(dialogue, line)) return false;
        }
        return true;
    }

    bool answered(Dialogue& dialogue, const std::string& line) {
        if (line[0] != '2' && line[0] != '3') return failed(dialogue, line);
        if (dialogue.said == dialogue.lines.size()) {
            const std::chrono::duration<double, std::milli> wait =
                Clock::now() - dialogue.ended_body;
            if (dialogue.counts) waits_.push_back(wait.count());
            ::send(dialogue.socket.number(), "QUIT\r\n", 6, MSG_NOSIGNAL);
            return false;
        }
        dialogue.unsent = dialogue.lines[dialogue.said++];
        return send_rest(dialogue);
    }

    bool send_rest(Dialogue& dialogue) {
        if (dialogue.unsent.empty()) return true;
        const int fd = dialogue.socket.number();
        const auto count = ::send(fd, dialogue.unsent.data(), dialogue.unsent.size(), MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN) return failed(dialogue, "cannot send");
        if (count > 0) dialogue.unsent.erase(0, static_cast<std::size_t>(count));
        const bool all = dialogue.unsent.empty();
        watch(fd, all ? EPOLLIN : EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
        if (all) dialogue.ended_body = Clock::now();
        return true;
    }

    /// A mail that is not accepted makes the figures worthless.
    [[noreturn]] bool failed(const Dialogue& dialogue, const std::string& why) {
        std::fprintf(stderr, "bailiff_paced: after line %zu: %s\n", dialogue.said, why.c_str());
        std::exit(1);
    }

    void drop_the_late() {
        std::erase_if(open_, [&](const auto& entry) {
            const bool late = Clock::now() - entry.second.begun > give_up;
            if (late && entry.second.counts) waits_.push_back(given_up_ms);
            return late;
        });
    }

    const std::uint16_t port_;
    const int services_;
    const std::vector<std::string> bodies_;
    const Descriptor epoll_;
    std::map<int, Dialogue> open_;
    std::vector<double> waits_;
    long uncounted_ = 0;
    std::mt19937_64 random_{1};
    std::uniform_int_distribution<int> pick_{0, services_ - 1};
};

int run(char** arguments) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(arguments[5]))
        paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> bodies;
    std::ranges::transform(paths, std::back_inserter(bodies), on_the_wire);
    if (bodies.empty()) return std::fprintf(stderr, "bailiff_paced: no messages\n"), 2;
    Load load(static_cast<std::uint16_t>(std::atoi(arguments[1])), std::atoi(arguments[4]), bodies);
    for (const double wait : load.run(std::atof(arguments[2]), std::atof(arguments[3])))
        std::printf("%.3f\n", wait);
    return 0;
}

}  // namespace
}  // namespace bailiff

int main(int count, char** arguments) {
    if (count != 6) {
        std::fprintf(stderr, "usage: bailiff_paced PORT RATE SECONDS SERVICES FOLDER\n");
        return 2;
    }
    return bailiff::run(arguments);
}
