#pragma once
// What the measuring programs share: rules and directory of a configuration, messages of files.

#include <bailiff/clock.hpp>
#include <bailiff/submission.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "src/pipeline/judge.hpp"

namespace bailiff::bench {

[[nodiscard]] Instant wall_now();

/// A recipient that is a spam trap here: the second witness.
inline constexpr auto trap_address = "trap@remote.example";

/// Ends the program with the reason: a measurement has no other way to go on.
[[noreturn]] void give_up(const std::string& why);

/// What a role would have from this configuration, but for ledger and counters.
class Laboratory {
public:
    [[nodiscard]] static std::unique_ptr<Laboratory> open(const std::string& config);
    ~Laboratory();
    [[nodiscard]] JudgeParts judge_parts(Ledger& ledger, Counters& counters, const Clock& clock);
    [[nodiscard]] const Settings& settings() const;

private:
    struct Inside;
    explicit Laboratory(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

/// The file as Postfix hands it over, sent by login number `sender` of the bench's directory.
[[nodiscard]] Submission submission_of(const std::string& file, std::size_t sender);

}  // namespace bailiff::bench
