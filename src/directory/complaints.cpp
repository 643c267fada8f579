#include "src/directory/complaints.hpp"

#include <algorithm>
#include <cstdio>

#include "src/directory/import.hpp"

namespace bailiff {

void ImportComplaints::add(std::size_t line, std::string_view field, std::string_view what) {
    if (++count_ > import_complaints_max) return;
    complaints_.push_back({line, shown(field) + ": " + std::string(what)});
}

Error ImportComplaints::error(std::string_view file) && {
    std::ranges::stable_sort(complaints_, {}, &Complaint::line);
    std::string text;
    for (const auto& complaint : complaints_) {
        if (!text.empty()) text += '\n';
        text.append(file).append(":").append(std::to_string(complaint.line)).append(": ");
        text += complaint.text;
    }
    if (count_ > complaints_.size())
        text.append("\n").append(file).append(": and ").append(
            std::to_string(count_ - complaints_.size()) + " more");
    return {Fault::invalid_input, std::move(text)};
}

std::string shown(std::string_view text) {
    constexpr std::size_t shown_max = 60;
    std::string result;
    for (const auto c : text.substr(0, shown_max)) {
        if (c >= 0x20 && c < 0x7f) {
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
