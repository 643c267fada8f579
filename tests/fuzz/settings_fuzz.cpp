// Any bytes as a configuration: Settings that write and read back equal, or an error with a line.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/config/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto settings = bailiff::load_settings(text, "f");
    if (!settings) {
        if (!settings.error().what.starts_with("f:")) std::abort();
        return 0;
    }
    const auto written = bailiff::effective_configuration(*settings);
    const auto again = bailiff::load_settings(written, "again");
    if (!again || bailiff::effective_configuration(*again) != written) std::abort();
    return 0;
}
