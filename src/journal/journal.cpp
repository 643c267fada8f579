#include "src/journal/journal.hpp"

#include "src/journal/descriptor_sink.hpp"
#include "src/journal/line.hpp"
#include "src/journal/pace.hpp"

#include <atomic>
#include <bailiff/mutex.hpp>
#include <pthread.h>
#include <thread>
#include <chrono>
#include <spdlog/async.h>
#include <spdlog/pattern_formatter.h>

namespace bailiff {
namespace {

constexpr std::size_t queued_lines_max = 1'024;

[[nodiscard]] std::shared_ptr<DescriptorSink> make_sink(int descriptor) {
    auto sink = std::make_shared<DescriptorSink>(descriptor);
    // The line is ready; whoever collects standard error adds time and process.
    sink->set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, "\n"));
    return sink;
}

}  // namespace

class SpdJournal::Writer {
    template <class Use>
    auto with_pace(const Use& use) {
        Lock lock(mutex_);
        return use(pace_);
    }

public:
    Writer(std::string_view role, const Clock* clock, int descriptor)
        : role_(role),
          clock_(clock),
          sink_(make_sink(descriptor)),
          pool_(std::make_shared<spdlog::details::thread_pool>(
              queued_lines_max, 1, [] { pthread_setname_np(pthread_self(), "journal"); })),
          logger_(std::make_shared<spdlog::async_logger>(
              "journal", sink_, pool_, spdlog::async_overflow_policy::overrun_oldest)) {
        logger_->set_level(spdlog::level::trace);
        logger_->set_error_handler([this](const std::string&) { ++failed_; });
    }

    ~Writer() {
        try {
            report_suppressed(with_pace([](Pace& pace) { return pace.all(); }));
            report_dropped();
        } catch (...) {  // nobody is left to tell
        }
    }

    void event(Severity severity, std::string_view name, std::initializer_list<Field> fields) {
        const auto now = clock_ != nullptr ? clock_->steady() : std::chrono::steady_clock::now();
        report_suppressed(with_pace([&](Pace& pace) { return pace.ended(now); }));
        report_dropped();
        if (with_pace([&](Pace& pace) { return pace.admit(severity, name, now); }))
            put(journal_line(role_, severity, name, fields));
    }

    void count_failure() { ++failed_; }

    /// The line that the thread has taken from the queue is written a moment later.
    void drain() const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
        while (pool_->queue_size() > 0 && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }

private:
    void put(const std::string& line) {
        logger_->log(spdlog::level::info, spdlog::string_view_t(line));
    }

    void report_suppressed(const std::vector<Pace::Suppressed>& all) {
        for (const auto& [name, count] : all)
            put(journal_line(role_, Severity::warning, "journal.suppressed",
                             {{"event", name}, {"count", std::to_string(count)}}));
    }

    /// The report may be dropped in its turn: the counters then show it the next time.
    void report_dropped() {
        const auto dropped = pool_->overrun_counter() + sink_->dropped() + failed_;
        auto told = told_dropped_.load();
        if (dropped <= told || pool_->queue_size() > queued_lines_max / 2) return;
        if (!told_dropped_.compare_exchange_strong(told, dropped)) return;
        put(journal_line(role_, Severity::alarm, "journal.dropped",
                         {{"count", std::to_string(dropped - told)}}));
    }

    // Constant after construction.
    const std::string role_;
    const Clock* const clock_;
    // Synchronise themselves.
    const std::shared_ptr<DescriptorSink> sink_;
    const std::shared_ptr<spdlog::details::thread_pool> pool_;
    const std::shared_ptr<spdlog::async_logger> logger_;
    std::atomic<std::uint64_t> failed_{0};
    std::atomic<std::uint64_t> told_dropped_{0};
    // Guarded by mutex_.
    Mutex mutex_;
    Pace pace_ BAILIFF_GUARDED_BY(mutex_);
};

SpdJournal::SpdJournal(std::string_view role, const Clock* clock, int descriptor)
    : writer_(std::make_unique<Writer>(role, clock, descriptor)) {}

SpdJournal::~SpdJournal() = default;

void SpdJournal::drain() const { writer_->drain(); }

void SpdJournal::event(Severity severity, std::string_view name,
                       std::initializer_list<Field> fields) noexcept {
    try {
        writer_->event(severity, name, fields);
    } catch (...) {  // out of memory: a line less
        writer_->count_failure();
    }
}

}  // namespace bailiff
