#pragma once
// Every fixed bound, with its name and reason. What an operator may change is a setting.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace bailiff::limits {

// One message. Reaching one of these shows as a finding of the name in brackets.
inline constexpr std::size_t message_bytes_max = 64U << 20;  ///< kept of one message [MESSAGE_CUT]
inline constexpr std::size_t header_bytes_max = 1U << 20;    ///< all headers together [HEADERS_CUT]
inline constexpr std::size_t header_count_max = 2'000;       ///< [HEADERS_CUT]
inline constexpr std::size_t recipients_kept_max = 1'000;  ///< others are counted [RECIPIENTS_CUT]
inline constexpr std::size_t address_bytes_max = 1'024;      ///< of one address argument
inline constexpr std::size_t mime_depth_max = 64;            ///< [MIME_TOO_DEEP]
inline constexpr std::size_t mime_parts_max = 1'000;         ///< [MIME_TOO_MANY_PARTS]
inline constexpr std::size_t part_text_bytes_max = 1U << 20; ///< decoded text of one part [PARTIAL]
inline constexpr std::size_t text_bytes_max = 4U << 20;      ///< decoded text in all [PARTIAL]
inline constexpr std::size_t uris_max = 2'000;               ///< [URIS_CUT]
inline constexpr std::size_t uri_bytes_max = 8'192;          ///< a longer one is cut [URIS_CUT]
inline constexpr std::size_t findings_max = 500;             ///< of one family [FINDINGS_CUT]

// Records.
inline constexpr std::size_t held_mails_per_case_max = 10'000;  ///< the rest are counted
inline constexpr std::size_t events_per_case_max = 1'000;      ///< the rest are counted
inline constexpr std::size_t reason_bytes_max = 1'000;         ///< of a person's or a hook's text

// Waiting.
inline constexpr auto commit_wait_max = std::chrono::seconds(2);  ///< then hold or 4xx
inline constexpr auto judge_wait_max = std::chrono::seconds(8);     ///< a later verdict is `late`
inline constexpr auto directory_age_max = std::chrono::hours(24);   ///< older than this: observe
inline constexpr auto directory_ahead_max = std::chrono::minutes(10);  ///< beyond: our clock lags
inline constexpr auto clock_step_max = std::chrono::seconds(60);  ///< a larger one is a jump
inline constexpr auto clock_settles_after = std::chrono::hours(1);  ///< then a jump is followed
inline constexpr std::size_t standings_kept_max = 65'536;  ///< for when the ledger is silent
inline constexpr auto hook_term_grace = std::chrono::seconds(5);    ///< between TERM and KILL
inline constexpr std::size_t writer_queue_max = 256;

// Outside parties.
inline constexpr std::size_t hook_output_bytes_max = 64U << 10;
inline constexpr std::size_t desk_request_bytes_max = 64U << 10;
inline constexpr std::uint32_t action_attempts_max = 12;  ///< then dead letter

}  // namespace bailiff::limits
