#pragma once

#include <bailiff/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// Everything that is wrong with one import file; only the first import_complaints_max are kept.
class ImportComplaints {
public:
    /// `field` may hold any bytes.
    void add(std::size_t line, std::string_view field, std::string_view what);
    [[nodiscard]] bool empty() const { return count_ == 0; }
    /// One a line, in order of lines.
    [[nodiscard]] Error error(std::string_view file) &&;

private:
    struct Complaint {
        std::size_t line;
        std::string text;
    };
    std::vector<Complaint> complaints_;
    std::size_t count_ = 0;
};

/// `text` bounded, with bytes that are not printable ASCII written out.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace bailiff
