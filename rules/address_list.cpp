#include <rules/address_list.hpp>
#include <utility>

namespace bailiff::rules {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string without_blanks(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (!is_blank(c)) out += c;
    }
    return out;
}

std::string collapsed(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (!is_blank(c))
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

/// One mailbox while it is being read.
struct Draft {
    std::string words;     ///< outside of brackets: a name, or an address without brackets
    std::string brackets;  ///< between < and >
    std::string comments;
    bool had_brackets = false;

    [[nodiscard]] ListedAddress finish() const {
        auto name = collapsed(decode_words(had_brackets ? words : comments));
        if (name.size() >= 2 && name.front() == '\'' && name.back() == '\'') {
            name = name.substr(1, name.size() - 2);
        }
        return {without_blanks(had_brackets ? brackets : words), std::move(name)};
    }
};

class AddressReader {
public:
    explicit AddressReader(std::string_view raw) : raw_(raw) {}

    std::vector<ListedAddress> read() {
        while (at_ < raw_.size()) step(raw_[at_]);
        finish();
        return std::move(found_);
    }

private:
    void step(char c) {
        switch (c) {
            case '"':
                quoted();
                return;
            case '(':
                comment();
                return;
            case '<':
                bracketed();
                return;
            case ',':
            case ';':
                finish();
                break;
            case ':':  // "group name: members;"
                if (draft_.had_brackets || draft_.words.find('@') != std::string::npos) {
                    draft_.words += c;
                } else {
                    draft_ = {};
                }
                break;
            default:
                draft_.words += c;
        }
        ++at_;
    }

    /// A quoted local part keeps its quotes, a quoted name loses them: decided by what follows.
    void quoted() {
        std::string inside;
        for (++at_; at_ < raw_.size() && raw_[at_] != '"'; ++at_) {
            if (raw_[at_] == '\\' && at_ + 1 < raw_.size()) ++at_;
            inside += raw_[at_];
        }
        if (at_ < raw_.size()) ++at_;
        const bool local_part = at_ < raw_.size() && raw_[at_] == '@';
        draft_.words += local_part ? '"' + inside + '"' : inside;
    }

    void comment() {
        std::size_t depth = 0;
        for (; at_ < raw_.size(); ++at_) {
            const char c = raw_[at_];
            if (c == '\\' && at_ + 1 < raw_.size())
                draft_.comments += raw_[++at_];
            else if (c == '(' && depth++ == 0)
                continue;
            else if (c == ')' && --depth == 0)
                break;
            else
                draft_.comments += c;
        }
        if (at_ < raw_.size()) ++at_;
    }

    void bracketed() {
        const auto end = raw_.find('>', ++at_);
        const auto inside = raw_.substr(at_, end == std::string_view::npos ? end : end - at_);
        if (!draft_.had_brackets) draft_.brackets = inside;
        draft_.had_brackets = true;
        at_ = end == std::string_view::npos ? raw_.size() : end + 1;
    }

    void finish() {
        auto listed = std::exchange(draft_, {}).finish();
        if (!listed.address.empty() || !listed.name.empty()) found_.push_back(std::move(listed));
    }

    std::string_view raw_;
    std::size_t at_ = 0;
    Draft draft_;
    std::vector<ListedAddress> found_;
};

}  // namespace

std::vector<ListedAddress> read_addresses(std::string_view raw) {
    return AddressReader(raw).read();
}

}  // namespace bailiff::rules
