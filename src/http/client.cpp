#include "src/http/client.hpp"

#include "src/http/exchange.hpp"
#include "src/http/handles.hpp"

#include <bailiff/ensure.hpp>

namespace bailiff {
namespace {

/// Once a process, before the first handle (libcurl: not safe beside other threads otherwise).
void start_libcurl() {
    static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    BAILIFF_ENSURE(started);
}

}  // namespace

CurlHttp::CurlHttp() : stash_(std::make_shared<HandleStash>()) {
    start_libcurl();
}

CurlHttp::~CurlHttp() = default;

std::unique_ptr<HttpExchange> CurlHttp::begin(const HttpRequest& request) {
    auto exchange = std::make_unique<CurlExchange>(stash_);
    exchange->begin(request);
    return exchange;
}

}  // namespace bailiff
