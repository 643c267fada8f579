#pragma once
// The other end of the desk socket, for `bailiff case` and the console.

#include <bailiff/clock.hpp>
#include <bailiff/ports/desk.hpp>
#include <bailiff/ports/http.hpp>
#include <bailiff/result.hpp>
#include <chrono>
#include <cstddef>
#include <string>

namespace bailiff {

struct CaseQuery {
    std::string state{};    ///< empty: all
    std::string service{};  ///< empty: all
    std::string since{};    ///< RFC 3339; empty: all
    std::string rule{};     ///< empty: all
    std::string path{};     ///< empty: all
    std::string mode{};     ///< empty: both
    std::size_t count = 100;
};

/// Answers are the JSON text of src/api/README.md, as it came.
/// Errors   those that the desk tells, by their fault; unavailable: nobody answers there.
/// Threads  any, as far as `http` and `clock` allow; both must outlive the client.
class DeskClient final {
public:
    DeskClient(Http& http, const Clock& clock, std::string unix_socket,
               std::chrono::milliseconds patience = std::chrono::seconds(15));

    [[nodiscard]] Result<std::string> list_json(const CaseQuery& query) const;
    [[nodiscard]] Result<std::string> show_json(const CaseId& id) const;
    [[nodiscard]] Result<Disclosed> disclose(const CaseId& id, const Disclosure& disclosure) const;
    [[nodiscard]] Result<std::string> exhibit(const CaseId& id, std::uint32_t bag,
                                              const std::string& path, std::uint64_t leaf) const;
    [[nodiscard]] Result<std::string> cover(const CaseId& id, const std::string& tiers,
                                            Language language, std::uint64_t leaf) const;
    /// Returns the case as it stands afterwards.
    [[nodiscard]] Result<std::string> decide(const CaseId& id, Decision decision,
                                             const DecidedBy& by) const;
    [[nodiscard]] Result<std::string> report_json(const std::string& since) const;
    [[nodiscard]] Result<std::string> breaker_json() const;
    /// Returns the breaker as it stands afterwards.
    [[nodiscard]] Result<std::string> reset_breaker(const DecidedBy& by) const;
    [[nodiscard]] Result<std::string> retention_json() const;
    [[nodiscard]] Result<std::string> run_retention(const DecidedBy& by,
                                                    const RetentionStep& step) const;
    [[nodiscard]] Result<std::string> status_json() const;

private:
    [[nodiscard]] Result<std::string> ask(const std::string& path, std::string_view body) const;

    Http& http_;
    const Clock& clock_;
    const std::string unix_socket_;
    const std::chrono::milliseconds patience_;
};

}  // namespace bailiff
