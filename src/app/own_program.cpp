#include "src/app/own_program.hpp"

#include <unistd.h>

#include <array>
#include <string_view>

namespace bailiff {

std::string own_program() {
    std::array<char, 4096> path{};
    const auto length = readlink("/proc/self/exe", path.data(), path.size() - 1);
    if (length <= 0) return "bailiff";
    std::string text(path.data(), static_cast<std::size_t>(length));
    constexpr std::string_view gone = " (deleted)";
    if (text.ends_with(gone)) text.resize(text.size() - gone.size());
    return text;
}

}  // namespace bailiff
