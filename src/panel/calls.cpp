#include "src/panel/calls.hpp"

#include "src/panel/form.hpp"

#include <algorithm>

namespace bailiff::panel {
namespace {

constexpr auto connect_wait_max = std::chrono::seconds(5);
constexpr std::size_t reply_bytes_max = 8U << 20;  ///< listsuspended of a large server

std::string retry_after(const HttpReply& reply) {
    const auto at = std::ranges::find(reply.headers, "retry-after",
                                      [](const auto& header) { return header.first; });
    return at == reply.headers.end() ? "" : ", Retry-After " + as_said(at->second);
}

CallEnd ended(HttpReply reply) {
    using Kind = CallEnd::Kind;
    const auto status = reply.status;
    const auto end = [&](Kind kind, const std::string& what) {
        return CallEnd{kind, status, {}, what + " (HTTP " + std::to_string(status) + ")"};
    };
    if (status >= 200 && status < 300) return {Kind::answered, status, std::move(reply.body), {}};
    if (status == 429 || status == 503)
        return end(Kind::not_done, "the panel is busy" + retry_after(reply));
    if (status == 401 || status == 403)
        return end(Kind::not_done, "the panel refuses our credential or address");
    if (status >= 300 && status < 400)
        return end(Kind::unknown, "the panel sends us elsewhere, as to a login page");
    return end(Kind::unknown, "the panel fails" + retry_after(reply));
}

}  // namespace

CallEnd Calls::post(const std::string& url, Headers headers, std::string_view body) const {
    const HttpRequest request{.method = HttpRequest::Method::post,
                              .url = url,
                              .unix_socket = {},
                              .headers = std::move(headers),
                              .body = body,
                              .ca_file = ca_file_,
                              .connect_timeout = connect_wait_max,
                              .deadline = deadline_,
                              .reply_bytes_max = reply_bytes_max};
    const auto exchange = http_.begin(request);
    auto reply = exchange->finish();
    if (reply) return ended(*std::move(reply));
    const auto kind = exchange->unheard() ? CallEnd::Kind::not_done : CallEnd::Kind::unknown;
    return {kind, 0, {}, as_said(reply.error().what)};
}

}  // namespace bailiff::panel
