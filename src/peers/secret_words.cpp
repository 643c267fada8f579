#include "src/peers/secret_words.hpp"

#include <algorithm>

#include <bailiff/ascii.hpp>
#include "src/peers/readings.hpp"

namespace bailiff {
namespace {

using namespace ascii;

constexpr std::size_t start_bytes = 3;       // of a word, by which it is looked up
constexpr std::size_t joined_bytes_min = 8;  // shorter ones come together by chance

/// Of the first bytes of a word: most places of a text need no more.
std::size_t slot_of(std::string_view text) {
    const auto byte = [&](std::size_t at) -> std::uint32_t {
        return static_cast<unsigned char>(text[at]);
    };
    return ((byte(0) << 16U | byte(1) << 8U | byte(2)) * 2'654'435'761U) >> 16U;
}

std::uint64_t edge(std::uint32_t node, char byte) {
    return std::uint64_t{node} << 8U | static_cast<unsigned char>(byte);
}

/// "\"a\\ b\"" as "a b".
std::string unquoted_local(std::string_view local) {
    std::string out;
    for (const char c : local)
        if (c != '"' && c != '\\') out += c;
    return out;
}

}  // namespace

std::string case_folded(std::string_view text) {
    std::string out(text);
    for (std::size_t at = 0; at < out.size(); ++at) {
        out[at] = lower(out[at]);
        if (at + 1 >= out.size()) break;
        const auto lead = static_cast<unsigned char>(out[at]);
        const auto tail = static_cast<unsigned char>(out[at + 1]);
        if ((tail & 0xc0U) != 0x80U) continue;
        unsigned code = (lead & 0x1fU) << 6U | (tail & 0x3fU);
        if (lead < 0xc3 || lead > 0xd0) continue;
        if ((code >= 0xc0 && code <= 0xde && code != 0xd7) || (code >= 0x391 && code <= 0x3a9) ||
            (code >= 0x410 && code <= 0x42f))
            code += 0x20;
        else if (code >= 0x400 && code <= 0x40f)
            code += 0x50;
        out[at] = static_cast<char>(0xc0U | code >> 6U);
        out[++at] = static_cast<char>(0x80U | (code & 0x3fU));
    }
    return out;
}

SecretWords::SecretWords(const std::vector<std::string>& recipients) {
    for (const auto& recipient : recipients) {
        std::string_view address = trim(recipient);
        if (const auto open = address.rfind('<');
            open != std::string_view::npos && address.ends_with('>'))
            address = address.substr(open + 1, address.size() - open - 2);
        const auto at = address.rfind('@');
        const auto local = unquoted_local(address.substr(0, at));
        if (local.size() >= local_part_bytes_min) add(local, local.size(), true);
        const auto base = local.substr(0, local.find('+'));
        if (base.size() >= local_part_bytes_min) add(base, base.size(), true);
        if (at != std::string_view::npos) add_whole(local, address.substr(at + 1));
    }
}

void SecretWords::add_address(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return;
    add_whole(address.substr(0, at), address.substr(at + 1));
}

void SecretWords::add_whole(std::string_view local, std::string_view domain) {
    if (local.empty() || domain.empty()) return;
    constexpr std::array<std::string_view, 10> signs{"@",    "=",    "#",    "%",    "(at)",
                                                     "[at]", " at ", "_at_", "-at-", ".at."};
    for (const auto sign : signs)
        add(std::string(local).append(sign).append(domain), local.size(), false);
}

void SecretWords::add(std::string_view text, std::size_t masked, bool is_local) {
    if (text.size() < start_bytes) return;
    const auto folded = case_folded(text);
    std::uint32_t node = 0;
    for (const char c : folded) {
        const auto [found, is_new] =
            next_.try_emplace(edge(node, c), static_cast<std::uint32_t>(ends_.size()));
        if (is_new) ends_.push_back(0);
        node = found->second;
    }
    starts_.set(slot_of(folded));
    if (ends_[node] != 0 && !is_local) return;
    words_.push_back({folded, masked, is_local});
    ends_[node] = static_cast<std::uint32_t>(words_.size());
}

/// The longest local part here, else the longest address.
const SecretWords::Word* SecretWords::at(std::string_view folded, std::size_t position,
                                         std::size_t bytes_min) const {
    const auto rest = folded.substr(position);
    if (rest.size() < start_bytes || !starts_.test(slot_of(rest))) return nullptr;
    const Word* best = nullptr;
    std::uint32_t node = 0;
    for (const char c : rest) {
        const auto found = next_.find(edge(node, c));
        if (found == next_.end()) break;
        node = found->second;
        if (ends_[node] == 0) continue;
        const auto& word = words_[ends_[node] - 1];
        if (word.text.size() < bytes_min) continue;
        if (best == nullptr || word.is_local || !best->is_local) best = &word;
    }
    return best;
}

bool SecretWords::any_in(std::string_view text, std::size_t bytes_min) const {
    const auto folded = case_folded(text);
    for (std::size_t position = 0; position < folded.size(); ++position)
        if (at(folded, position, bytes_min) != nullptr) return true;
    return false;
}

bool SecretWords::stands_in(std::string_view text) const {
    return any_in(text, 0);
}

bool SecretWords::hides_in(std::string_view text) const {
    if (words_.empty()) return false;
    const auto readings = readings_of(text);
    return readings.is_unreadable || std::ranges::any_of(readings.all, [&](const auto& reading) {
               return any_in(reading.text, reading.joined ? joined_bytes_min : 0);
           });
}

std::string SecretWords::without(std::string_view text) const {
    const auto folded = case_folded(text);
    std::string out;
    for (std::size_t position = 0; position < folded.size();) {
        const auto* word = at(folded, position, 0);
        if (word == nullptr)
            out += text[position];
        else
            out.append(std::min<std::size_t>(word->masked, 3), '*');
        position += word == nullptr ? 1 : word->masked;
    }
    return out;
}

}  // namespace bailiff
