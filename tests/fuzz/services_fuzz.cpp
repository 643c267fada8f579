// Any bytes as services or holders, in both formats: values that write and read back equal, or an
// error.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/directory/import.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const std::string_view file : {"f.json", "f.csv"}) {
        const auto holders = bailiff::read_holders(text, file);
        if (!holders && !holders.error().what.starts_with(file)) std::abort();
        const auto services = bailiff::read_services(text, file);
        if (!services && !services.error().what.starts_with(file)) std::abort();
        if (!services) continue;
        const auto again = bailiff::read_services(bailiff::write_services(*services), "again.json");
        if (!again || *again != *services) std::abort();
    }
    return 0;
}
