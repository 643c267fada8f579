#pragma once
// The contract party. Personal data: only the enforcer's own environment holds it.

#include <bailiff/ids.hpp>
#include <string>

namespace bailiff {

struct Holder {
    HolderId id;
    std::string name;
    std::string email;
    std::string phone;
    std::string address;  ///< one line, as the panel gives it
    std::string country;  ///< ISO 3166-1 alpha-2, upper case; may be empty
    std::string language; ///< "en" or "fr", for notices; may be empty
    bool operator==(const Holder&) const = default;
};

}  // namespace bailiff
