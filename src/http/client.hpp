#pragma once
// The Http port on libcurl.

#include <bailiff/ports/http.hpp>
#include <memory>

namespace bailiff {

class HandleStash;

/// One HTTP/1.1 POST an exchange, each on a connection of its own; no redirect, no proxy, no
/// decompression, nothing kept from one exchange for the next but empty handles.
/// Order    begin() sends what goes without waiting; finish() waits for reply or deadline. May be
///          destroyed before its exchanges.
/// Threads  any; an exchange stays on the thread that began it.
class CurlHttp final : public Http {
public:
    CurlHttp();
    ~CurlHttp() override;
    CurlHttp(const CurlHttp&) = delete;
    CurlHttp& operator=(const CurlHttp&) = delete;

    [[nodiscard]] std::unique_ptr<HttpExchange> begin(const HttpRequest& request) override;

private:
    const std::shared_ptr<HandleStash> stash_;
};

}  // namespace bailiff
