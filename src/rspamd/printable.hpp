#pragma once
// Text of strangers, made fit for a line.

#include <string>
#include <string_view>

namespace bailiff {

/// `text` with all but printable ASCII replaced by '?', cut with "..." after `bytes_max`.
[[nodiscard]] inline std::string printable(std::string_view text,
                                           std::size_t bytes_max = std::string_view::npos) {
    std::string out(text.substr(0, bytes_max));
    for (auto& c : out)
        if (c < 0x20 || c > 0x7E) c = '?';
    if (out.size() < text.size()) out += "...";
    return out;
}

}  // namespace bailiff
