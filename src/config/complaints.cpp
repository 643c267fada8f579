#include "src/config/complaints.hpp"

#include <algorithm>
#include <cstdio>

namespace bailiff {

void ConfigComplaints::add(std::size_t line, std::string_view key, std::string_view what) {
    complaints_.push_back({line, printable_key(key) + ": " + std::string(what)});
}

Error ConfigComplaints::error(std::string_view file) && {
    std::ranges::stable_sort(complaints_, {}, &Complaint::line);
    std::string text;
    for (const auto& complaint : complaints_) {
        if (!text.empty()) text += '\n';
        text.append(file).append(":").append(std::to_string(complaint.line)).append(": ");
        text += complaint.text;
    }
    return {Fault::invalid_input, std::move(text)};
}

std::string printable_key(std::string_view text) {
    constexpr std::size_t shown_max = 80;
    std::string result;
    for (const auto c : text.substr(0, shown_max)) {
        if (c > 0x20 && c < 0x7f) {
            result += c;
            continue;
        }
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(c) & 0xffU);
        result += escaped;
    }
    if (text.size() > shown_max) result += "...";
    return result;
}

}  // namespace bailiff
