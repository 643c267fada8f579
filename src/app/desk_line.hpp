#pragma once

#include <memory>
#include <string>

#include "src/api/client.hpp"
#include "src/app/role.hpp"
#include "src/app/system_clock.hpp"
#include "src/http/client.hpp"

namespace bailiff {

/// A client on the desk socket of the enforcer.
struct DeskLine {
    CurlHttp http;
    SystemClock clock;
    DeskClient client;
    explicit DeskLine(const std::string& socket) : client(http, clock, socket) {}
};

/// By the socket that this configuration names.
[[nodiscard]] inline Result<std::unique_ptr<DeskLine>> desk_of(const std::string& config) {
    BAILIFF_TRY(const auto settings, settings_from(config));
    return std::make_unique<DeskLine>(settings.enforcer.desk_socket);
}

}  // namespace bailiff
