#pragma once
// The Journal port on spdlog: one line an event, to standard error.

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <memory>
#include <string_view>

namespace bailiff {

/// Writes `role severity event key="value" ...` lines, from a bounded queue by its own thread.
/// Shape    printable ASCII and UTF-8 only: control bytes, quotes, backslashes and bytes that are
///          no UTF-8 are escaped; a value ends at 1,000 bytes, a line at 4,000 (one pipe write).
/// Errors   none: a full queue or a blocked descriptor drops lines; `journal.dropped count="n"`
///          tells how many as soon as something goes through again.
/// Order    of one thread. At most 20 events of one name a second, the rest are counted in
///          `journal.suppressed`; an alarm goes through at least once a second and name.
/// Threads  any; never waits for the descriptor.
class SpdJournal final : public Journal {
public:
    /// `clock` (for the limit per second) may be null and must outlive the journal; `descriptor`
    /// stays the caller's.
    explicit SpdJournal(std::string_view role, const Clock* clock = nullptr, int descriptor = 2);
    ~SpdJournal() override;  ///< writes what is queued, unless the descriptor is blocked
    SpdJournal(const SpdJournal&) = delete;
    SpdJournal& operator=(const SpdJournal&) = delete;

    void event(Severity severity, std::string_view name,
               std::initializer_list<Field> fields) noexcept override;

    /// Gives queued lines half a second to be written: for a process that ends without destructors.
    void drain() const;

private:
    class Writer;
    const std::unique_ptr<Writer> writer_;
};

}  // namespace bailiff
