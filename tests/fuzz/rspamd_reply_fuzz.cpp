// Any bytes: a reply with sane values, or an error. Never a crash, never an empty action.

#include "src/rspamd/findings.hpp"
#include "src/rspamd/reply.hpp"

#include <bailiff/ensure.hpp>
#include <bailiff/limits.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace bailiff;
    static const auto weights = Weights::parse("* 1\nR_SPF_FAIL 2\n", "fuzz");
    const auto reply = parse_reply(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!reply) {
        BAILIFF_ENSURE(!reply.error().what.empty());
        return 0;
    }
    BAILIFF_ENSURE(!reply->action.empty());
    BAILIFF_ENSURE(std::isfinite(reply->score));
    const auto findings = to_findings(*reply, *weights);
    BAILIFF_ENSURE(!findings.empty() && findings.size() <= limits::findings_max + 2);
    for (const auto& finding : findings)
        for (const char c : finding.symbol + finding.reason) BAILIFF_ENSURE(c >= 0x20 && c <= 0x7E);
    return 0;
}
