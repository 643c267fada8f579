#pragma once

#include <bailiff/clock.hpp>
#include <bailiff/journal.hpp>
#include <bailiff/mutex.hpp>
#include <map>
#include <string>
#include <string_view>

namespace bailiff {

/// Follows the state of one part and tells the journal: one alarm when it leaves `ok` or turns to
/// another fault, one line when it has been `ok` again for `calm`. A state that flickers is told of
/// once in `repeat`.
/// Threads  any.
class StateWatch {
public:
    static constexpr auto calm = std::chrono::seconds(5);
    static constexpr auto repeat = std::chrono::minutes(10);

    struct State {
        std::string name;
        std::string why;
        Instant since{};
    };

    /// `event`: its name in the journal, "ledger_state". Both references must outlive it.
    StateWatch(std::string_view event, Journal& journal, const Clock& clock);

    void see(std::string_view name, const std::string& why);
    [[nodiscard]] State state() const;

private:
    void tell_fault(SteadyInstant now) BAILIFF_REQUIRES(mutex_);
    void tell_end(SteadyInstant now) BAILIFF_REQUIRES(mutex_);

    // Constant after construction.
    const std::string event_;
    Journal& journal_;
    const Clock& clock_;
    // Guarded by mutex_.
    mutable Mutex mutex_;
    State state_ BAILIFF_GUARDED_BY(mutex_);
    SteadyInstant changed_ BAILIFF_GUARDED_BY(mutex_);
    bool alarmed_ BAILIFF_GUARDED_BY(mutex_) = false;  ///< an alarm is out and has not ended
    SteadyInstant began_ BAILIFF_GUARDED_BY(mutex_);
    std::map<std::string, SteadyInstant> told_ BAILIFF_GUARDED_BY(mutex_);
};

}  // namespace bailiff
