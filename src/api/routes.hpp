#pragma once
// One request → one reply: what the desk answers, free of sockets and of the HTTP library.

#include <bailiff/ports/desk.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bailiff {

using QueryField = std::pair<std::string, std::string>;

struct DeskRequest {
    std::string_view method;
    std::string_view path;          ///< decoded, without query
    std::vector<QueryField> query;  ///< decoded
    std::string_view body;
};

struct DeskReply {
    int status = 200;
    std::string body;
    std::string_view type = "application/json";
    std::string by{};  ///< who decided, for the journal; empty: nobody
};

using StatusJson = std::function<std::string()>;

/// Shape    any bytes in every field.
/// Threads  any, as far as `desk` and `status` allow.
[[nodiscard]] DeskReply answer(const DeskRequest& request, Desk& desk, const StatusJson& status);

/// {"error":...} with the status that fits its fault.
[[nodiscard]] DeskReply refusal(const Error& error);

}  // namespace bailiff
