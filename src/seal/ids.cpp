#include "src/seal/ids.hpp"

#include <array>
#include <bailiff/digest.hpp>
#include <bailiff/ensure.hpp>
#include <string>

namespace bailiff {
namespace {

void put_number(std::string& out, std::uint64_t number, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>((number >> shift) & 0xFFU);
}

void put_text(std::string& out, std::string_view text) {
    put_number(out, text.size(), 8);
    out += text;
}

}  // namespace

CaseId new_case_id(Entropy& entropy) {
    std::array<std::uint8_t, 10> random{};
    entropy.fill(random);
    std::string text = "B";
    std::uint32_t pool = 0;
    unsigned bits = 0;
    for (const auto byte : random) {
        pool = (pool << 8U) | byte;
        for (bits += 8; bits >= 5; bits -= 5) text += CaseTag::alphabet[(pool >> (bits - 5)) & 31U];
    }
    auto id = CaseId::parse(text);
    BAILIFF_ENSURE(id.has_value());
    return *std::move(id);
}

ActionId action_id(const CaseId& case_id, Direction direction, ActionKind kind,
                   std::string_view target, std::uint32_t generation) {
    std::string bytes;
    put_text(bytes, "bailiff.action.1");
    put_text(bytes, case_id.text());
    put_text(bytes, to_text(direction));
    put_text(bytes, to_text(kind));
    put_text(bytes, target);
    put_number(bytes, generation, 4);
    auto id = ActionId::parse(sha256(bytes).hex());
    BAILIFF_ENSURE(id.has_value());
    return *std::move(id);
}

}  // namespace bailiff
