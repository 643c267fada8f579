#include "src/inspect/behaviour.hpp"

#include <array>
#include <string>

namespace bailiff {

Findings judge_rate(const BehaviourSettings& settings, const Tally& tally) {
    struct Rate {
        const char* symbol;
        const char* unit;
        std::int64_t seen, line;
    };
    const std::array rates{
        Rate{"RATE_MESSAGES_MINUTE", "messages within a minute", tally.messages_last_minute,
             settings.messages_per_minute},
        Rate{"RATE_MESSAGES_HOUR", "messages within an hour", tally.messages_last_hour,
             settings.messages_per_hour},
        Rate{"RATE_RECIPIENTS_HOUR", "recipients within an hour", tally.recipients_last_hour,
             settings.recipients_per_hour},
    };
    Findings findings;
    for (const auto& rate : rates)
        if (rate.seen > rate.line)
            findings.push_back({Family::behaviour, rate.symbol, settings.score,
                                std::to_string(rate.seen) + " " + rate.unit + ", the line is " +
                                    std::to_string(rate.line)});
    return findings;
}

}  // namespace bailiff
