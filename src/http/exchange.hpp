#pragma once
// One exchange on a libcurl handle. Private to this folder.

#include "src/http/handles.hpp"

#include <array>
#include <bailiff/ports/http.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff {

class CurlExchange final : public HttpExchange {
public:
    explicit CurlExchange(std::shared_ptr<HandleStash> stash) : stash_(std::move(stash)) {}
    ~CurlExchange() override;
    CurlExchange(const CurlExchange&) = delete;
    CurlExchange& operator=(const CurlExchange&) = delete;

    /// Starts; what goes wrong here is told by finish().
    void begin(const HttpRequest& request);
    [[nodiscard]] Result<HttpReply> finish() override;
    [[nodiscard]] bool dropped_unanswered() const override { return dropped_unanswered_; }
    [[nodiscard]] bool unheard() const override { return bytes_sent() == 0; }

private:
    [[nodiscard]] Result<HeaderList> prepare(const HttpRequest& request) const;
    void set_options(const HttpRequest& request);
    void set_target(const HttpRequest& request);
    void set_trust(const HttpRequest& request);
    void send_what_goes();
    /// Whether the transfer has ended; sets `code_`.
    [[nodiscard]] bool advance();
    [[nodiscard]] Result<HttpReply> ended();
    [[nodiscard]] std::string what_failed() const;
    [[nodiscard]] long bytes_sent() const;
    [[nodiscard]] bool take(std::size_t bytes);
    void take_header(std::string_view line);

    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);

    const std::shared_ptr<HandleStash> stash_;
    Handles handles_;
    HeaderList headers_;
    std::string unix_socket_;  ///< of the request; empty: none
    std::string ca_file_;      ///< of the request; empty: none
    std::optional<Error> failed_early_;
    SteadyInstant deadline_{};
    HttpReply reply_;
    std::size_t bytes_ = 0;
    std::size_t bytes_max_ = 0;
    bool too_large_ = false;
    bool dropped_unanswered_ = false;
    CURLcode code_ = CURLE_OK;
    bool done_ = false;
    std::array<char, CURL_ERROR_SIZE> text_{};
};

}  // namespace bailiff
