#pragma once
// Which service sent what is in the queue: expendable, kept by the milter for as long as mail may
// stay there.

#include <bailiff/clock.hpp>
#include <bailiff/ids.hpp>
#include <bailiff/result.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff {

struct SentRow {
    ServiceRef service;
    Instant at{};  ///< when it was judged
    bool operator==(const SentRow&) const = default;
};

class SentMail {
public:
    virtual ~SentMail() = default;

    /// Takes a note, soon; it may be lost.  Threads  any. Never blocks.
    virtual void note(std::string_view queue_id, const SentRow& row) noexcept = 0;

    /// Threads  any.  Errors   unavailable, corrupt.
    [[nodiscard]] virtual Result<std::optional<SentRow>> find(std::string_view queue_id) const = 0;
};

}  // namespace bailiff
