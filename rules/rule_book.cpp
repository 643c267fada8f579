#include <rules/rule_book.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace bailiff::rules {
namespace {

/// What other lines than the definition say of a rule.
struct Attributes {
    std::optional<MilliPoints> score;
    MilliPoints added = 0;  ///< by `score NAME (x)`
    bool nice = false;
    bool multiple = false;
    bool skips_subject = false;
    std::uint32_t count_max = hits_max;
    std::string en, fr;
};

/// A rule that some line names.
struct Mention {
    Place place;
    std::string key;
    std::string rule;
};

bool is_rule_name(std::string_view name) {
    const auto is_word = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_';
    };
    if (name.empty() || name.size() > rule_name_bytes_max) return false;
    const bool digit_first = name[0] >= '0' && name[0] <= '9';
    return !digit_first && std::all_of(name.begin(), name.end(), is_word);
}

/// Flags that concern what we do not have: network, learning, other people's tools.
bool is_ignored_flag(std::string_view flag) {
    constexpr std::array<std::string_view, 13> ignored{
        "net",   "userconf",       "learn",   "noautolearn", "autolearn_force", "autolearn_header",
        "noawl", "autolearn_body", "publish", "nopublish",   "domains_only",    "ips_only",
        "a"};
    return std::find(ignored.begin(), ignored.end(), flag) != ignored.end();
}

class BookReader {
public:
    void read(const Statement& statement) {
        statement_ = &statement;
        const auto row = std::find_if(keys.begin(), keys.end(),
                                      [&](const auto& key) { return key.text == statement.key; });
        if (row == keys.end()) {
            complain("unknown keyword, expected " + known_keys());
            return;
        }
        std::string_view rest = statement.text;
        (this->*row->read)(rest);
    }

    RuleBook finish(std::vector<Complaint> complaints) && {
        complaints_.insert(complaints_.end(), complaints.begin(), complaints.end());
        for (const auto& [name, rule] : rules_) {
            for (const auto& read : rule.expression.names()) {
                if (!rules_.contains(read)) complain_unknown({rule.place, "meta", read});
            }
        }
        for (const auto& mention : mentions_) {
            if (!rules_.contains(mention.rule)) complain_unknown(mention);
        }
        std::stable_sort(complaints_.begin(), complaints_.end(),
                         [](const auto& a, const auto& b) { return a.place < b.place; });
        RuleBook book{{}, std::move(tests_), std::move(complaints_)};
        for (auto& [name, rule] : rules_) book.rules.push_back(with_attributes(std::move(rule)));
        return book;
    }

private:
    using Read = void (BookReader::*)(std::string_view);
    struct Key {
        std::string_view text;
        Read read;
    };
    static const std::array<Key, 10> keys;

    static std::string known_keys() {
        std::string all;
        for (const auto& key : keys) all += std::string(key.text) + ", ";
        return all + "ifplugin, else or endif";
    }

    void read_header(std::string_view text) { define(Rule::Kind::header, text); }
    void read_body(std::string_view text) { define(Rule::Kind::body, text); }
    void read_rawbody(std::string_view text) { define(Rule::Kind::rawbody, text); }
    void read_uri(std::string_view text) { define(Rule::Kind::uri, text); }
    void read_meta(std::string_view text) { define(Rule::Kind::meta, text); }

    void define(Rule::Kind kind, std::string_view text) {
        const std::string name(take_word(text));
        if (!is_rule_name(name)) {
            complain("expected a rule name of word characters, not beginning with a digit");
            return;
        }
        if (!rules_.contains(name) && rules_.size() >= rules_max) {
            complain("more than " + std::to_string(rules_max) + " rules");
            return;
        }
        auto parsed = parse_definition(kind, text);
        if (!parsed) complain(name + ": " + parsed.error().what);
        auto rule = parsed ? *std::move(parsed) : Rule{};  // still defined, for other lines' sake
        rule.name = name;
        rule.place = statement_->place;
        const auto [known, is_new] = rules_.try_emplace(name, rule);
        if (is_new) return;
        if (known->second.place.file == rule.place.file) {
            complain(name + " is defined in line " + std::to_string(known->second.place.line) +
                     " already; only another file may replace it");
        }
        known->second = std::move(rule);
    }

    /// The rule that the line is about.
    Attributes& about(std::string_view& text, std::string* name = nullptr) {
        std::string word(take_word(text));
        mentions_.push_back({statement_->place, statement_->key, word});
        if (name != nullptr) *name = word;
        return attributes_[std::move(word)];
    }

    void read_score(std::string_view text) {
        auto& rule = about(text);
        std::vector<std::string_view> words;
        while (!text.empty()) words.push_back(take_word(text));
        if (words.size() != 1 && words.size() != 4) {
            complain("expected one score or four");
            return;
        }
        for (std::size_t word = words.size(); word-- > 0;) {  // the first one counts
            auto number = words[word];
            const bool relative = number.starts_with('(') && number.ends_with(')');
            if (relative) {
                number.remove_prefix(1);
                number.remove_suffix(std::min<std::size_t>(number.size(), 1));
            }
            const auto score = parse_score(number);
            if (!score) complain(score.error().what);
            if (!score || word != 0) continue;
            if (relative) {
                rule.added = add(rule.added, *score);
            } else {
                rule.score = *score;
                rule.added = 0;
            }
        }
    }

    void read_describe(std::string_view text) {
        auto& rule = about(text);
        rule.en = text;
    }

    void read_lang(std::string_view text) {
        const auto language = take_word(text);
        if (take_word(text) != "describe") {
            complain("expected `lang fr describe NAME TEXT`");
            return;
        }
        auto& rule = about(text);
        if (language.substr(0, 2) == "fr") rule.fr = text;
        if (language.substr(0, 2) == "en") rule.en = text;
    }

    void read_tflags(std::string_view text) {
        auto& rule = about(text);
        while (!text.empty()) {
            const auto flag = take_word(text);
            if (flag == "multiple")
                rule.multiple = true;
            else if (flag == "nosubject")
                rule.skips_subject = true;
            else if (flag == "nice")
                rule.nice = true;
            else if (flag.starts_with("maxhits="))
                read_count(flag.substr(8), rule);
            else if (!is_ignored_flag(flag)) {
                complain("unknown flag " + std::string(flag) +
                         ", expected multiple, maxhits=N, nosubject, nice or net");
            }
        }
    }

    void read_count(std::string_view text, Attributes& rule) {
        std::uint32_t count = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
        const bool whole = error == std::errc() && end == text.data() + text.size();
        if (whole && count >= 1 && count <= hits_max)
            rule.count_max = count;
        else
            complain("expected maxhits=1 to maxhits=" + std::to_string(hits_max));
    }

    void read_test(std::string_view text) {
        RuleTest test;
        test.place = statement_->place;
        about(text, &test.rule);
        const auto want = take_word(text);
        if ((want != "ok" && want != "fail") || text.empty()) {
            complain("expected `test NAME ok TEXT` or `test NAME fail TEXT`");
            return;
        }
        test.must_hit = want == "ok";
        test.text = text;
        tests_.push_back(std::move(test));
    }

    Rule with_attributes(Rule rule) {
        const auto& said = attributes_[rule.name];
        const MilliPoints size = rule.name.starts_with("T_") ? 10 : 1000;
        const auto score = add(said.score.value_or(said.nice ? -size : size), said.added);
        rule.score = std::clamp(score, -score_max, score_max);
        const bool counts = said.multiple && rule.pattern && !rule.negated;
        rule.count_max = counts ? said.count_max : 1;
        rule.skips_subject = said.skips_subject;
        rule.en = said.en;
        rule.fr = said.fr;
        return rule;
    }

    void complain(std::string what) {
        complaints_.push_back({statement_->place, statement_->key, std::move(what)});
    }

    void complain_unknown(const Mention& mention) {
        complaints_.push_back({mention.place, mention.key,
                               "unknown rule " + mention.rule + ", expected one of these files"});
    }

    const Statement* statement_ = nullptr;
    std::map<std::string, Rule> rules_;
    std::map<std::string, Attributes> attributes_;
    std::vector<Mention> mentions_;
    std::vector<RuleTest> tests_;
    std::vector<Complaint> complaints_;
};

const std::array<BookReader::Key, 10> BookReader::keys{{
    {"header", &BookReader::read_header},
    {"body", &BookReader::read_body},
    {"rawbody", &BookReader::read_rawbody},
    {"uri", &BookReader::read_uri},
    {"meta", &BookReader::read_meta},
    {"score", &BookReader::read_score},
    {"describe", &BookReader::read_describe},
    {"lang", &BookReader::read_lang},
    {"tflags", &BookReader::read_tflags},
    {"test", &BookReader::read_test},
}};

}  // namespace

RuleBook read_rules(const std::vector<RuleFile>& files) {
    BookReader reader;
    std::vector<Complaint> complaints;
    for (std::uint32_t file = 0; file < files.size(); ++file) {
        for (const auto& statement : read_statements(files[file].text, file, complaints)) {
            reader.read(statement);
        }
    }
    return std::move(reader).finish(std::move(complaints));
}

}  // namespace bailiff::rules
