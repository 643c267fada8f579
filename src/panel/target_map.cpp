#include "src/panel/target_map.hpp"

#include <algorithm>
#include <bailiff/ids.hpp>

namespace bailiff::panel {
namespace {

constexpr std::size_t rows_max = 1'000'000;
constexpr std::string_view header = "what,id,panel";

std::string_view next_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

struct Row {
    ActionTarget what = ActionTarget::service;
    std::string id, name;
};

Result<Row> read_row(std::string_view line) {
    const auto wrong = [](const char* expected) { return fail(Fault::invalid_input, expected); };
    const auto first = line.find(',');
    const auto second = first == std::string_view::npos ? first : line.find(',', first + 1);
    if (second == std::string_view::npos || line.find(',', second + 1) != std::string_view::npos)
        return wrong("expected three cells: service or account, our id, the panel's name");
    const auto what = line.substr(0, first);
    if (what != "service" && what != "account") return wrong("what: expected service or account");
    Row row{what == "service" ? ActionTarget::service : ActionTarget::account,
            std::string(line.substr(first + 1, second - first - 1)),
            std::string(line.substr(second + 1))};
    if (!ServiceId::parse(row.id)) return wrong("id: expected 1 to 64 of A-Z a-z 0-9 . _ @ -");
    if (!ServiceId::parse(row.name)) return wrong("panel: expected 1 to 64 of A-Z a-z 0-9 . _ @ -");
    return row;
}

}  // namespace

Result<TargetMap> TargetMap::parse(std::string_view text, std::string_view file) {
    TargetMap map;
    map.file_ = file;
    const auto at = [&](std::size_t line, const std::string& what) {
        return fail(Fault::invalid_input,
                    std::string(file) + ":" + std::to_string(line) + ": " + what);
    };
    if (next_line(text) != header) return at(1, "expected the line " + std::string(header));
    for (std::size_t number = 2; !text.empty(); ++number) {
        const auto line = next_line(text);
        if (line.empty() || line.starts_with('#')) continue;
        if (number > rows_max) return at(number, "expected at most 1000000 lines");
        auto row = read_row(line);
        if (!row) return at(number, row.error().what);
        map.names_[{row->what, row->id}].push_back(std::move(row->name));
    }
    return map;
}

Result<std::vector<std::string>> TargetMap::find(ActionTarget what, const std::string& id) const {
    if (id.empty()) return fail(Fault::invalid_input, "the order names nobody");
    if (file_.empty()) return std::vector{id};
    const auto found = names_.find({what, id});
    if (found == names_.end())
        return fail(
            Fault::invalid_input,
            (what == ActionTarget::account ? "account " : "service ") + id + " is not in " + file_);
    return found->second;
}

}  // namespace bailiff::panel
