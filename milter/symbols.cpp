#include "milter/symbols.hpp"

#include <optional>

#include "milter/packet.hpp"

namespace bailiff {
namespace {

constexpr char mail_stage = 'M';

/// "{auth_type}" and "auth_type" are one name.
std::string_view without_braces(std::string_view name) {
    const bool braces = name.size() > 2 && name.front() == '{' && name.back() == '}';
    return braces ? name.substr(1, name.size() - 2) : name;
}

}  // namespace

bool Symbols::put(char stage, std::string_view pairs) {
    const auto at = stages.find(stage);
    if (at == std::string_view::npos) return true;
    clear_from(at);
    if (stage == mail_stage) of_this_mail_ = true;
    while (!pairs.empty()) {
        const auto name = take_text(pairs);
        const auto value = name ? take_text(pairs) : std::nullopt;
        if (!value) return false;
        by_stage_[at].push_back({std::string(without_braces(*name)), std::string(*value)});
    }
    return true;
}

void Symbols::begin_message() noexcept {
    if (!of_this_mail_) clear_from(stages.find(mail_stage));
    of_this_mail_ = false;
}

void Symbols::clear_from(std::size_t stage) noexcept {
    for (; stage < stages.size(); ++stage) by_stage_[stage].clear();
}

std::string_view Symbols::get(const char* name) const {
    const auto wanted = without_braces(name);
    for (auto symbols = by_stage_.rbegin(); symbols != by_stage_.rend(); ++symbols)
        for (const auto& symbol : *symbols)
            if (symbol.name == wanted) return symbol.value;
    return {};
}

}  // namespace bailiff
