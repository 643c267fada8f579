#include "src/http/exchange.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

namespace bailiff {
namespace {

constexpr std::size_t reply_headers_max = 100;  ///< kept; the bytes of all of them count
constexpr int rounds_max = 64;                  ///< of sending in begin()

using std::chrono::milliseconds;

[[nodiscard]] SteadyInstant steady_now() {
    return std::chrono::steady_clock::now();
}

/// Rounded up: a wait of 0 ms before the deadline would spin.
[[nodiscard]] milliseconds left_until(SteadyInstant deadline) {
    return std::chrono::ceil<milliseconds>(deadline - steady_now());
}

[[nodiscard]] std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    return out;
}

/// RFC 9110 section 5.6.2.
[[nodiscard]] bool is_token(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

[[nodiscard]] bool breaks_line(std::string_view value) {
    return value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// libcurl drops a header that it is given with nothing after the colon; ';' keeps it.
[[nodiscard]] std::string header_line(const std::string& name, const std::string& value) {
    return value.empty() ? name + ";" : name + ": " + value;
}

[[nodiscard]] bool append(HeaderList& list, const std::string& line) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return false;
    static_cast<void>(list.release());
    list.reset(longer);
    return true;
}

[[nodiscard]] std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
        text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
        text.remove_suffix(1);
    return text;
}

[[nodiscard]] bool is_https(std::string_view url) {
    return lower(url.substr(0, 8)) == "https://";
}

/// Ended by the other side or the wire, as opposed to our own limits.
[[nodiscard]] bool is_drop(CURLcode code) {
    return code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;
}

}  // namespace

CurlExchange::~CurlExchange() {
    if (handles_.multi && handles_.easy) {
        curl_multi_remove_handle(handles_.multi.get(), handles_.easy.get());
        stash_->put(std::move(handles_));
    }
}

void CurlExchange::begin(const HttpRequest& request) {
    auto headers = prepare(request);
    if (!headers) {
        failed_early_ = std::move(headers).error();
        return;
    }
    headers_ = *std::move(headers);
    deadline_ = request.deadline;
    bytes_max_ = request.reply_bytes_max;
    if (left_until(deadline_).count() <= 0) {
        failed_early_ = Error{Fault::unavailable, "no time left before the deadline"};
        return;
    }
    handles_ = stash_->take();
    if (!handles_.multi || !handles_.easy) {
        handles_ = {};
        failed_early_ = Error{Fault::unavailable, "libcurl gives no handle"};
        return;
    }
    set_target(request);
    set_trust(request);
    set_options(request);
    if (curl_multi_add_handle(handles_.multi.get(), handles_.easy.get()) != CURLM_OK) {
        failed_early_ = Error{Fault::unavailable, "libcurl takes no handle"};
        return;
    }
    send_what_goes();
}

/// Errors   invalid_input: a header that could end its line, or that says how long the body is.
Result<HeaderList> CurlExchange::prepare(const HttpRequest& request) const {
    HeaderList list;
    // Neither a wait for "100 Continue" nor a claim that the body is a web form.
    bool ok = append(list, "Expect:");
    bool typed = false;
    for (const auto& [name, value] : request.headers) {
        const auto name_low = lower(name);
        if (!is_token(name) || breaks_line(value))
            return fail(Fault::invalid_input, "request header is not one line");
        if (name_low == "content-length" || name_low == "transfer-encoding")
            return fail(Fault::invalid_input,
                        "request header " + name_low + " is not the caller's");
        typed = typed || name_low == "content-type";
        ok = ok && append(list, header_line(name, value));
    }
    if (!typed) ok = ok && append(list, "Content-Type: application/octet-stream");
    if (!ok) return fail(Fault::unavailable, "libcurl has no memory for headers");
    return list;
}

void CurlExchange::set_target(const HttpRequest& request) {
    auto* easy = handles_.easy.get();
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, is_https(request.url) ? "https" : "http");
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    unix_socket_ = request.unix_socket;
    if (!unix_socket_.empty())
        curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, unix_socket_.c_str());
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");  // the empty name also shuts out *_proxy variables
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    // Points into the caller's bytes: libcurl copies nothing.
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
}

/// What is libcurl's default is said all the same: it must not depend on how libcurl was built.
void CurlExchange::set_trust(const HttpRequest& request) {
    auto* easy = handles_.easy.get();
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    ca_file_ = request.ca_file;
    if (ca_file_.empty()) return;
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file_.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);  // these authorities, and none beside them
}

void CurlExchange::set_options(const HttpRequest& request) {
    auto* easy = handles_.easy.get();
    if (request.method == HttpRequest::Method::get) curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // A resolver that hangs must not hold us beyond the deadline.
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    const auto left =
        static_cast<long>(std::max<milliseconds::rep>(1, left_until(deadline_).count()));
    const auto connect =
        static_cast<long>(std::max<milliseconds::rep>(1, request.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, left);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, std::min(left, connect));
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(bytes_max_));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &CurlExchange::on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &CurlExchange::on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, text_.data());
}

/// Until the next step would have to wait for the other side.
void CurlExchange::send_what_goes() {
    for (int round = 0; round < rounds_max; ++round) {
        if (advance()) return;
        int ready = 0;
        if (curl_multi_poll(handles_.multi.get(), nullptr, 0, 0, &ready) != CURLM_OK) return;
        if (ready == 0) return;
    }
}

bool CurlExchange::advance() {
    int running = 0;
    if (done_) return true;
    const auto outcome = curl_multi_perform(handles_.multi.get(), &running);
    if (outcome != CURLM_OK) {
        code_ = CURLE_RECV_ERROR;
        return done_ = true;
    }
    if (running > 0) return false;
    int queued = 0;
    const auto* message = curl_multi_info_read(handles_.multi.get(), &queued);
    code_ = message != nullptr ? message->data.result : CURLE_RECV_ERROR;
    return done_ = true;
}

Result<HttpReply> CurlExchange::finish() {
    if (failed_early_) return Failure(*failed_early_);
    while (!advance()) {
        const auto left = left_until(deadline_);
        if (left.count() <= 0) return fail(Fault::unavailable, "no full reply before the deadline");
        const auto wait = static_cast<int>(std::min<milliseconds::rep>(left.count(), 1'000));
        if (curl_multi_poll(handles_.multi.get(), nullptr, 0, wait, nullptr) != CURLM_OK)
            return fail(Fault::unavailable, "libcurl cannot wait");
    }
    return ended();
}

Result<HttpReply> CurlExchange::ended() {
    if (too_large_ || code_ == CURLE_FILESIZE_EXCEEDED)
        return fail(Fault::unavailable,
                    "reply is larger than " + std::to_string(bytes_max_) + " bytes");
    if (code_ != CURLE_OK) {
        dropped_unanswered_ = bytes_ == 0 && is_drop(code_);
        // libcurl also calls it "unsupported" when a server speaks no HTTP.
        const bool ours = unheard() && (code_ == CURLE_URL_MALFORMAT ||
                                        code_ == CURLE_UNSUPPORTED_PROTOCOL);
        return fail(ours ? Fault::invalid_input : Fault::unavailable, what_failed());
    }
    long status = 0;
    curl_easy_getinfo(handles_.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    reply_.status = static_cast<int>(status);
    return std::move(reply_);
}

/// Of the request, not of the handshake before it.
long CurlExchange::bytes_sent() const {
    long sent = 0;
    if (handles_.easy) curl_easy_getinfo(handles_.easy.get(), CURLINFO_REQUEST_SIZE, &sent);
    return sent;
}

/// libcurl names host and port of the URL even where a unix socket stands for them.
std::string CurlExchange::what_failed() const {
    if (code_ == CURLE_COULDNT_CONNECT && !unix_socket_.empty())
        return "cannot connect to " + unix_socket_;
    return text_.front() != '\0' ? text_.data() : curl_easy_strerror(code_);
}

/// Counts headers and body alike: a reply of headers without end is as large as any.
bool CurlExchange::take(std::size_t bytes) {
    if (bytes > bytes_max_ - bytes_) {
        too_large_ = true;
        return false;
    }
    bytes_ += bytes;
    return true;
}

void CurlExchange::take_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // after "100 Continue" the real ones follow
        reply_.headers.clear();
        return;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || reply_.headers.size() >= reply_headers_max) return;
    reply_.headers.emplace_back(lower(trimmed(line.substr(0, colon))),
                                std::string(trimmed(line.substr(colon + 1))));
}

std::size_t CurlExchange::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<CurlExchange*>(self);
    if (!exchange.take(size * count)) return 0;
    try {
        exchange.reply_.body.append(data, size * count);
    } catch (...) {  // nothing may leave through libcurl
        exchange.too_large_ = true;
        return 0;
    }
    return size * count;
}

std::size_t CurlExchange::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    auto& exchange = *static_cast<CurlExchange*>(self);
    if (!exchange.take(size * count)) return 0;
    try {
        exchange.take_header({data, size * count});
    } catch (...) {
        exchange.too_large_ = true;
        return 0;
    }
    return size * count;
}

}  // namespace bailiff
