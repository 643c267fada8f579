// A panel's hook that does nothing but note when it was started, and takes as long as the panel would:
// bench/hook_latency builds on it. Arguments: VERB. Beside the program lies its folder of states,
// "panel"; its file "takes_ms" says how long.
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>

namespace {

long long now_ns() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

/// The text of a field of the order; the enforcer writes it without spaces.
std::string field(const std::string& order, const std::string& name) {
    const auto key = "\"" + name + "\":\"";
    const auto at = order.find(key);
    if (at == std::string::npos) return {};
    const auto begin = at + key.size();
    return order.substr(begin, order.find('"', begin) - begin);
}

std::string wanted(const std::string& kind) {
    if (kind == "service.terminate") return "terminated";
    return kind == "account.suspend" ? "suspended" : "sent";
}

}  // namespace

int main(int argc, char** argv) {
    const auto started = now_ns();
    if (argc != 2) return 64;
    const std::string verb = argv[1];
    std::string order;
    std::getline(std::cin, order);
    const std::string self = argv[0];
    const auto panel = self.substr(0, self.rfind("/hooks/")) + "/panel/";
    const auto kind = field(order, "kind");
    const auto target = kind == "notify.team" ? field(order, "action_id") : field(order, "target");
    long takes_ms = 0;
    std::ifstream(panel + "takes_ms") >> takes_ms;
    std::this_thread::sleep_for(std::chrono::milliseconds(takes_ms));
    const auto state_file = panel + kind + "-" + target;
    if (verb == "state") {
        std::string state;
        if (!(std::ifstream(state_file) >> state)) state = "active";
        std::printf("{\"state\":\"%s\"}\n", state.c_str());
    } else {
        std::ofstream(state_file) << wanted(kind);
    }
    std::ofstream(panel + "started", std::ios::app)
        << std::to_string(started) + " " + verb + " " + kind + " " + field(order, "case_id") + "\n";
    return 0;
}
