#pragma once
// Recipients are third parties: shown and stored masked, whole only where they are sealed.

#include <string>
#include <string_view>

namespace bailiff {

/// "alice@example.com" as "a***@example.com"; a second time it stays as it is.
[[nodiscard]] inline std::string masked_recipient(std::string_view address) {
    const auto at = address.rfind('@');
    std::string masked;
    if (at != 0 && !address.empty() && static_cast<unsigned char>(address.front()) < 0x80)
        masked = address.front();
    if (masked == "*") masked.clear();
    masked += "***";
    if (at != std::string_view::npos) masked += address.substr(at);
    return masked;
}

}  // namespace bailiff
