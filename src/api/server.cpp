#include "src/api/server.hpp"

#include <microhttpd.h>
#include <sys/socket.h>

#include <bailiff/limits.hpp>
#include <charconv>
#include <cstring>
#include <exception>

#include "src/api/connections.hpp"
#include "src/api/listener.hpp"
#include "src/api/routes.hpp"

namespace bailiff {
namespace {

constexpr unsigned threads = 2;
constexpr std::size_t connection_bytes = 32U << 10;  ///< request line and headers
constexpr std::size_t query_fields_max = 16;
constexpr std::size_t path_shown_max = 200;

/// What one request has brought so far.
struct Upload {
    std::string body;
};

SteadyInstant steady_now() {
    return std::chrono::steady_clock::now();
}

int descriptor_of(MHD_Connection* connection) {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == nullptr ? -1 : info->connect_fd;
}

struct Peer {
    std::string uid = "unknown", pid = "unknown";
};

Peer peer_of(MHD_Connection* connection) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    if (getsockopt(descriptor_of(connection), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return {};
    return {std::to_string(credentials.uid), std::to_string(credentials.pid)};
}

MHD_Result take_query(void* into, MHD_ValueKind, const char* name, std::size_t name_size,
                      const char* value, std::size_t value_size) {
    auto& query = *static_cast<decltype(DeskRequest::query)*>(into);
    if (query.size() == query_fields_max) return MHD_NO;
    query.emplace_back(std::string(name, name_size),
                       value == nullptr ? std::string() : std::string(value, value_size));
    return MHD_YES;
}

/// Whether the request says beforehand that its body is too large.
bool announces_too_much(MHD_Connection* connection) {
    const auto* text =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (text == nullptr) return false;
    std::size_t size = 0;
    const auto read = std::from_chars(text, text + std::strlen(text), size);
    return read.ec != std::errc{} || size > limits::desk_request_bytes_max;
}

MHD_Result send(MHD_Connection* connection, const DeskReply& reply) {
    auto* response = MHD_create_response_from_buffer(
        reply.body.size(), const_cast<char*>(reply.body.data()),  // NOLINT: it copies
        MHD_RESPMEM_MUST_COPY);
    if (response == nullptr) return MHD_NO;
    const std::string type(reply.type);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type.c_str());
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    const auto status = static_cast<unsigned>(reply.status);
    const auto queued = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return queued;
}

}  // namespace

/// A daemon of the library and what its callbacks need.
class DeskServer::Running {
public:
    Running(UnixListener listener, Desk& desk, Journal& journal, StatusJson status,
            const DeskServerBounds& bounds)
        : desk_(desk),
          journal_(journal),
          status_(std::move(status)),
          listener_(std::move(listener)),
          connections_({bounds.connections_max, bounds.age_max}) {}

    ~Running() {
        if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    [[nodiscard]] Result<void> start(const DeskServerBounds& bounds) {
        const auto idle_s = static_cast<unsigned>(bounds.idle_max.count());
        // The library's own limit is out of reach: ours closes what comes too much, and so looks at
        // old connections each time.
        const auto library_max = static_cast<unsigned>(bounds.connections_max * 2 + threads * 4);
        const int fd = listener_.release();
        daemon_ = MHD_start_daemon(
            MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, &Running::admit, this,
            &Running::handle, this, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
            threads, MHD_OPTION_CONNECTION_LIMIT, library_max, MHD_OPTION_CONNECTION_TIMEOUT,
            idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_bytes,
            MHD_OPTION_NOTIFY_CONNECTION, &Running::notice, this, MHD_OPTION_NOTIFY_COMPLETED,
            &Running::forget, this, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
        if (daemon_ != nullptr) return {};
        return fail(Fault::unavailable, "the HTTP library does not start");
    }

private:
    static MHD_Result admit(void* self, const sockaddr*, socklen_t) {
        return static_cast<Running*>(self)->connections_.admit(steady_now()) ? MHD_YES : MHD_NO;
    }

    static void notice(void* self, MHD_Connection* connection, void**,
                       MHD_ConnectionNotificationCode what) {
        auto& connections = static_cast<Running*>(self)->connections_;
        const int fd = descriptor_of(connection);
        if (what == MHD_CONNECTION_NOTIFY_STARTED)
            connections.opened(fd, steady_now());
        else
            connections.closing(fd);
    }

    static void forget(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
        delete static_cast<Upload*>(*state);
        *state = nullptr;
    }

    /// The wall: nothing of ours is thrown into the library.
    static MHD_Result handle(void* self, MHD_Connection* connection, const char* url,
                             const char* method, const char*, const char* data, std::size_t* size,
                             void** state) {
        auto& running = *static_cast<Running*>(self);
        try {
            if (*state == nullptr) return running.begin(connection, url, method, state);
            auto& upload = *static_cast<Upload*>(*state);
            if (*size == 0) return running.finish(connection, url, method, upload);
            if (upload.body.size() + *size > limits::desk_request_bytes_max) return MHD_NO;
            upload.body.append(data, *size);
            *size = 0;
            return MHD_YES;
        } catch (const std::exception& escaped) {
            running.journal_.event(Severity::alarm, "desk.escaped", {{"what", escaped.what()}});
        } catch (...) {
            running.journal_.event(Severity::alarm, "desk.escaped", {});
        }
        return MHD_NO;
    }

    MHD_Result begin(MHD_Connection* connection, const char* url, const char* method,
                     void** state) {
        if (announces_too_much(connection)) {
            auto reply = refusal(Error{Fault::exhausted, "the request is longer than 64 KiB"});
            reply.status = MHD_HTTP_CONTENT_TOO_LARGE;
            record(connection, url, method, reply);
            return send(connection, reply);
        }
        *state = new Upload;  // the library keeps it; forget() deletes it
        return MHD_YES;
    }

    MHD_Result finish(MHD_Connection* connection, const char* url, const char* method,
                      const Upload& upload) {
        DeskRequest request{.method = method, .path = url, .query = {}, .body = upload.body};
        MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, &take_query, &request.query);
        const auto reply = answer_to(request);
        record(connection, url, method, reply);
        return send(connection, reply);
    }

    DeskReply answer_to(const DeskRequest& request) {
        try {
            return answer(request, desk_, status_);
        } catch (const std::exception& escaped) {
            journal_.event(Severity::alarm, "desk.escaped", {{"what", escaped.what()}});
            return refusal(Error{Fault::internal, "our own mistake; the journal has more"});
        }
    }

    void record(MHD_Connection* connection, const char* url, const char* method,
                const DeskReply& reply) {
        const auto peer = peer_of(connection);
        journal_.event(Severity::info, "desk.request",
                       {{"uid", peer.uid},
                        {"pid", peer.pid},
                        {"method", method},
                        {"path", std::string(std::string_view(url).substr(0, path_shown_max))},
                        {"status", std::to_string(reply.status)},
                        {"by", reply.by}});
    }

    Desk& desk_;
    Journal& journal_;
    const StatusJson status_;
    UnixListener listener_;  ///< removes the socket's file after the daemon has stopped
    Connections connections_;
    MHD_Daemon* daemon_ = nullptr;
};

Result<std::unique_ptr<DeskServer>> DeskServer::open(const std::string& socket_path, Desk& desk,
                                                     Journal& journal,
                                                     std::function<std::string()> status_json,
                                                     DeskServerBounds bounds) {
    BAILIFF_TRY(auto listener, UnixListener::open(socket_path));
    auto running = std::make_unique<Running>(std::move(listener), desk, journal,
                                             std::move(status_json), bounds);
    BAILIFF_CHECK(running->start(bounds));
    return std::unique_ptr<DeskServer>(new DeskServer(std::move(running)));
}

DeskServer::DeskServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}
DeskServer::~DeskServer() = default;
void DeskServer::stop() {
    running_.reset();
}

}  // namespace bailiff
