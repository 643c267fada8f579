#include <rules/rule_file.hpp>
#include <algorithm>

namespace bailiff::rules {
namespace {

constexpr std::string_view blanks = " \t\r\f\v";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The line without its comment; \# stands for #.
std::string without_comment(std::string_view line) {
    std::string out;
    for (const char c : line) {
        if (c != '#') {
            out += c;
        } else if (!out.empty() && out.back() == '\\') {
            out.back() = '#';
        } else {
            break;
        }
    }
    return out;
}

std::string as_key(std::string_view word) {
    std::string key(word);
    for (auto& c : key) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 0x20);
        if (c == '-') c = '_';
    }
    return key;
}

/// Follows the blocks of one file.
class Blocks {
public:
    explicit Blocks(std::vector<Complaint>& complaints) : complaints_(complaints) {}

    [[nodiscard]] bool active() const { return open_.empty() || open_.back().active; }

    /// Whether this statement was about blocks.
    bool take(const Statement& statement) {
        if (statement.key == "ifplugin") {
            begin(statement, statement.text == "Bailiff");
        } else if (statement.key == "if") {
            if (active()) complain(statement, "only ifplugin is supported");
            begin(statement, false);
        } else if (statement.key == "else") {
            turn(statement);
        } else if (statement.key == "endif") {
            if (open_.empty())
                complain(statement, "expected an ifplugin before it");
            else
                open_.pop_back();
        } else {
            return false;
        }
        return true;
    }

    void end_of_file() {
        for (const auto& block : open_) complain(block.begin, "expected an endif before the end");
    }

private:
    struct Block {
        Statement begin;
        bool outer = true;
        bool active = true;
        bool turned = false;
    };

    void begin(const Statement& statement, bool condition) {
        const bool outer = active();
        open_.push_back({statement, outer, outer && condition, false});
    }

    void turn(const Statement& statement) {
        if (open_.empty() || open_.back().turned) {
            complain(statement, "expected an ifplugin before it");
            return;
        }
        auto& block = open_.back();
        block.turned = true;
        block.active = block.outer && !block.active && block.begin.key == "ifplugin";
    }

    void complain(const Statement& statement, std::string what) {
        complaints_.push_back({statement.place, statement.key, std::move(what)});
    }

    std::vector<Complaint>& complaints_;
    std::vector<Block> open_;
};

}  // namespace

std::string_view take_word(std::string_view& text) {
    text = trimmed(text);
    const auto end = std::min(text.find_first_of(blanks), text.size());
    const auto word = text.substr(0, end);
    text = trimmed(text.substr(end));
    return word;
}

std::vector<Statement> read_statements(std::string_view text, std::uint32_t file,
                                       std::vector<Complaint>& complaints) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::vector<Statement> statements;
    Blocks blocks(complaints);
    for (Place place{file, 1}; !text.empty(); ++place.line) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = without_comment(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        std::string_view rest = line;
        const auto word = take_word(rest);
        if (word.empty()) continue;
        Statement statement{place, as_key(word), std::string(rest)};
        if (!blocks.take(statement) && blocks.active()) statements.push_back(std::move(statement));
    }
    blocks.end_of_file();
    return statements;
}

}  // namespace bailiff::rules
