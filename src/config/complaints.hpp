#pragma once

#include <bailiff/result.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

/// Everything that is wrong with one configuration file.
class ConfigComplaints {
public:
    /// `key` may hold any bytes; `what` says what was expected.
    void add(std::size_t line, std::string_view key, std::string_view what);
    [[nodiscard]] bool empty() const { return complaints_.empty(); }
    /// One a line, in order of lines.
    [[nodiscard]] Error error(std::string_view file) &&;

private:
    struct Complaint {
        std::size_t line;
        std::string text;
    };
    std::vector<Complaint> complaints_;
};

/// `text` bounded, with control bytes and such written out.
[[nodiscard]] std::string printable_key(std::string_view text);

}  // namespace bailiff
