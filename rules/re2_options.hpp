#pragma once
// The one way we ask RE2: bytes, no captures, silent.

#include <re2/re2.h>
#include <cstdint>

namespace bailiff::rules {

[[nodiscard]] inline re2::RE2::Options re2_options(std::int64_t memory) {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(memory);
    return options;
}

}  // namespace bailiff::rules
