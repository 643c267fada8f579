// The `test` lines: small messages made of their texts.

#include <rules/plan.hpp>
#include <algorithm>
#include <array>

namespace bailiff::rules {
namespace {

using Source = HeaderTarget::Source;

constexpr std::size_t test_bytes_shown = 200;

HeaderField field(std::string name, std::string_view value) {
    return {std::move(name), " " + std::string(value), std::string(value)};
}

/// A message with only the header that the rule looks at.
void put_header(const HeaderTarget& target, std::string_view text, Submission& submission,
                Message& message) {
    switch (target.source) {
        case Source::named:
            message.fields.push_back(field(target.header, text));
            break;
        case Source::to_cc:
            message.fields.push_back(field("To", text));
            break;
        case Source::message_id:
            message.fields.push_back(field("Message-Id", text));
            break;
        case Source::envelope_from:
            submission.envelope.mail_from = text;
            break;
        case Source::all: {
            auto value = text.substr(std::min(text.find(':'), text.size()));
            const std::string name(text.substr(0, text.size() - value.size()));
            value.remove_prefix(std::min(value.find_first_not_of(": "), value.size()));
            message.fields.push_back(field(name, value));
        }
    }
}

/// `text` without what stands in < and >.
std::string without_tags(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto open = std::min(text.find('<'), text.size());
        const auto close = text.find('>', open);
        out += text.substr(0, close == std::string_view::npos ? text.size() : open);
        text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
    }
    return out;
}

/// Whatever begins like a link, up to a blank, quote or bracket; else all of a text of one word.
std::vector<std::string> links_in(std::string_view text) {
    constexpr std::array<std::string_view, 5> beginnings{"http://", "https://", "ftp://",
                                                         "mailto:", "www."};
    std::vector<std::string> links;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto here = text.substr(at);
        const bool begins = std::any_of(beginnings.begin(), beginnings.end(), [&](auto beginning) {
            return here.starts_with(beginning);
        });
        if (!begins) continue;
        links.emplace_back(here.substr(0, here.find_first_of(" \t\"'<>")));
        at += links.back().size();
    }
    if (links.empty() && text.find_first_of(" \t") == std::string_view::npos) {
        links.emplace_back(text);
    }
    return links;
}

bool hits(const Plan& plan, std::uint32_t index, const RuleTest& test) {
    const auto& rule = plan.rules[index];
    Submission submission;
    Message message;
    message.body.emplace_back("\n");
    if (rule.kind == Rule::Kind::header) {
        put_header(rule.target, test.text, submission, message);
    } else {
        message.body.push_back(without_tags(test.text) + "\n");
        message.rawbody.push_back(test.text + "\n");
        message.uris = links_in(test.text);
    }
    return plan.evaluate(submission, message).values[index] != 0;
}

}  // namespace

std::vector<std::string> run_tests(const Plan& plan) {
    std::vector<std::string> failed;
    for (const auto& test : plan.tests) {
        const auto index = plan.index_of(test.rule);
        if (!index || hits(plan, *index, test) == test.must_hit) continue;  // none: score 0
        const std::string what = test.must_hit ? " must hit: " : " must not hit: ";
        const auto text = printable(test.text, test_bytes_shown);
        failed.push_back(plan.at({test.place, "test", test.rule + what + text}));
    }
    return failed;
}

}  // namespace bailiff::rules
