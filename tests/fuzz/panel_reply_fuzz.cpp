// Any bytes: a yes or a no in the panel's own form, or none. Never a crash; what is said of it is
// one printable line; what carries no yes is no list.

#include "src/panel/order_json.hpp"
#include "src/panel/reason.hpp"
#include "src/panel/target_map.hpp"
#include "src/panel/whm_reply.hpp"
#include "src/panel/whmcs_reply.hpp"

#include <bailiff/ensure.hpp>
#include <bailiff/utf8.hpp>
#include <cstddef>
#include <cstdint>

namespace {

void is_printable(std::string_view text) {
    BAILIFF_ENSURE(text.size() <= 204);
    for (; !text.empty();) {
        const auto [code, bytes] = bailiff::first_character(text);
        BAILIFF_ENSURE(bytes != 0 && !bailiff::misleads(code));
        text.remove_prefix(bytes);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bailiff::panel;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto verdict = read_whm_verdict(text, "suspendacct");
    if (verdict) is_printable(verdict->reason);
    static_cast<void>(read_whm_account(text, "alice"));
    static_cast<void>(read_whm_suspension(text, "alice"));
    static_cast<void>(read_whm_resellers(text));
    const auto answer = read_whmcs_verdict(text);
    if (answer) is_printable(answer->message);
    if (const auto page = read_whmcs_products(text))
        for (const auto& row : page->rows) BAILIFF_ENSURE(!row.service.empty());
    static_cast<void>(read_whmcs_tickets(text));
    static_cast<void>(read_order(text));
    static_cast<void>(TargetMap::parse(text, "fuzz"));
    if (const auto own = read_reason(text)) {
        const auto again = read_reason(reason_text(*own));
        BAILIFF_ENSURE(again && again->case_id == own->case_id && again->meaning == own->meaning);
    }
    return 0;
}
