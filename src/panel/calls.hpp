#pragma once
// Requests to one panel within one deadline, and what their ends say about its state.

#include <bailiff/clock.hpp>
#include <bailiff/panel_settings.hpp>
#include <bailiff/ports/http.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff::panel {

/// How a request ended, as far as the wire and HTTP tell.
struct CallEnd {
    enum class Kind : std::uint8_t {
        answered,  ///< a status of success; whether it is one, only the body says
        not_done,  ///< it was not heard, or turned away before anything was done
        unknown,   ///< it may have been carried out
    };
    Kind kind = Kind::unknown;
    int status = 0;    ///< 0: no reply
    std::string body;  ///< of `answered`
    std::string why;   ///< of the others; for people
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The requests of one verb: together they end before `settings.timeout` has passed.
/// Threads  one.
class Calls {
public:
    Calls(Http& http, const Clock& clock, const PanelSettings& settings)
        : http_(http), ca_file_(settings.ca_file), deadline_(clock.steady() + settings.timeout) {}

    [[nodiscard]] CallEnd post(const std::string& url, Headers headers,
                               std::string_view body) const;

private:
    Http& http_;
    std::string ca_file_;
    SteadyInstant deadline_;
};

}  // namespace bailiff::panel
