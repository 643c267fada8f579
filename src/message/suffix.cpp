#include "src/message/suffix.hpp"

#include <libpsl.h>

#include <string>

namespace bailiff::uri {
namespace {

constexpr std::size_t host_bytes_max = 253;  // RFC 1035 §2.3.4

bool is_listed(const char* suffix) {
    constexpr int listed_only = PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE;
    return psl_is_public_suffix2(psl_builtin(), suffix, listed_only) != 0;
}

}  // namespace

void prepare_suffixes() {
    (void)psl_builtin();
}

bool is_registrable(std::string_view host) {
    const auto dot = host.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || host.size() > host_bytes_max) return false;
    const std::string name(host);
    // "*.ck" lists what is below, not "ck" itself.
    const bool known = is_listed(name.c_str() + dot + 1) || is_listed(name.c_str());
    return known && psl_registrable_domain(psl_builtin(), name.c_str()) != nullptr;
}

}  // namespace bailiff::uri
