#include <rules/plan.hpp>
#include <algorithm>
#include <bailiff/digest.hpp>
#include <map>

namespace bailiff::rules {
namespace {

constexpr std::size_t complaints_shown_max = 1'000;
constexpr std::int64_t patterns_memory = set_memory_max / 2;  ///< shared out among the patterns

std::string digest_of(const std::vector<RuleFile>& files) {
    std::string all;
    const auto append = [&](std::string_view text) {
        all += std::to_string(text.size());
        all += ':';
        all += text;
    };
    for (const auto& file : files) {
        append(file.name);
        append(file.text);
    }
    return sha256(all).hex();
}

Failure refused(const Plan& plan, const std::vector<Complaint>& complaints) {
    std::string all;
    const auto shown = std::min(complaints.size(), complaints_shown_max);
    for (std::size_t index = 0; index < shown; ++index) {
        if (index > 0) all += '\n';
        all += plan.at(complaints[index]);
    }
    if (shown < complaints.size()) {
        all += "\nand " + std::to_string(complaints.size() - shown) + " more";
    }
    return fail(Fault::invalid_input, std::move(all));
}

Plan::Meta linked(const Plan& plan, std::uint32_t index) {
    const auto& expression = plan.rules[index].expression;
    Plan::Meta meta;
    meta.rule = index;
    for (const auto& name : expression.names()) meta.reads.push_back(plan.index_of(name));
    meta.at_rest = expression.value(std::vector<double>(meta.reads.size(), 0));
    return meta;
}

/// The names of a circle among metas of which each reads another one of them.
std::string circle_in(const Plan& plan, const std::map<std::uint32_t, Plan::Meta>& left) {
    std::vector<std::uint32_t> way;
    auto at = left.begin()->first;
    while (std::find(way.begin(), way.end(), at) == way.end()) {
        way.push_back(at);
        const auto& reads = left.at(at).reads;
        at = **std::find_if(reads.begin(), reads.end(),
                            [&](const auto& read) { return read && left.contains(*read); });
    }
    std::string names = plan.rules[at].name;
    for (auto step = std::find(way.begin(), way.end(), at) + 1; step != way.end(); ++step) {
        names += " reads " + plan.rules[*step].name;
    }
    return names + " reads " + plan.rules[at].name;
}

/// Puts each meta behind those that it reads (Kahn, CACM 5/11, 1962).
Result<void> order_metas(Plan& plan) {
    std::map<std::uint32_t, Plan::Meta> left;
    std::map<std::uint32_t, std::vector<std::uint32_t>> readers;
    std::map<std::uint32_t, std::size_t> waits_for;
    for (std::uint32_t index = 0; index < plan.rules.size(); ++index) {
        if (plan.rules[index].kind == Rule::Kind::meta) left.emplace(index, linked(plan, index));
    }
    std::vector<std::uint32_t> ready;
    for (const auto& [index, meta] : left) {
        for (const auto& read : meta.reads) {
            if (!read || !left.contains(*read)) continue;
            readers[*read].push_back(index);
            ++waits_for[index];
        }
        if (waits_for[index] == 0) ready.push_back(index);
    }
    for (std::size_t next = 0; next < ready.size(); ++next) {
        for (const auto reader : readers[ready[next]]) {
            if (--waits_for[reader] == 0) ready.push_back(reader);
        }
        auto done = left.extract(ready[next]);
        plan.metas.push_back(std::move(done.mapped()));
    }
    if (left.empty()) return {};
    const auto& place = plan.rules[left.begin()->first].place;
    return refused(plan, {{place, "meta", "a circle: " + circle_in(plan, left)}});
}

using Entries = std::vector<Matcher::Entry>;

/// Which patterns look at which text.
struct Assignment {
    std::map<Rule::Kind, Entries> texts;
    std::map<HeaderTarget, Entries> headers;
};

Assignment assign(Plan& plan) {
    Assignment to;
    for (std::uint32_t index = 0; index < plan.rules.size(); ++index) {
        const auto& rule = plan.rules[index];
        if (rule.kind == Rule::Kind::meta) continue;
        plan.atoms.push_back(index);
        const bool is_header = rule.kind == Rule::Kind::header;
        if (is_header && !rule.pattern) {
            plan.exists.push_back(index);
            continue;
        }
        if (rule.negated) plan.negated.push_back(index);
        auto& entries = is_header ? to.headers[rule.target] : to.texts[rule.kind];
        entries.push_back({index, rule.pattern.get(), rule.count_max, rule.skips_subject});
    }
    return to;
}

/// Gives each pattern its share of the budget when not all can have all that they could use.
Result<void> share_memory(Plan& plan) {
    const auto patterns = std::count_if(plan.rules.begin(), plan.rules.end(),
                                        [](const Rule& rule) { return rule.pattern != nullptr; });
    if (patterns * pattern_memory_max <= patterns_memory) return {};
    for (auto& rule : plan.rules) {
        if (!rule.pattern) continue;
        BAILIFF_TRY(rule.pattern, rule.pattern->limited_to(patterns_memory / patterns));
    }
    return {};
}

/// Builds the matchers; what everything may use must be within the set's budget.
Result<void> arrange(Plan& plan) {
    auto to = assign(plan);
    std::int64_t memory = 0;
    for (const auto& rule : plan.rules) memory += rule.pattern ? rule.pattern->memory() : 0;
    const auto build = [&](Entries entries) -> Result<Matcher> {
        auto matcher = Matcher::build(std::move(entries), {});
        if (matcher) memory += matcher->memory();
        return matcher;
    };
    BAILIFF_TRY(plan.body, build(std::move(to.texts[Rule::Kind::body])));
    BAILIFF_TRY(plan.rawbody, build(std::move(to.texts[Rule::Kind::rawbody])));
    BAILIFF_TRY(plan.uri, build(std::move(to.texts[Rule::Kind::uri])));
    for (auto& [target, entries] : to.headers) {
        BAILIFF_TRY(auto matcher, build(std::move(entries)));
        plan.headers.push_back({target, std::move(matcher)});
    }
    if (memory <= set_memory_max) return {};
    return fail(Fault::exhausted, "the rules may use " + std::to_string(memory >> 20) +
                                      " MiB, expected at most " +
                                      std::to_string(set_memory_max >> 20));
}

}  // namespace

std::string Plan::at(const Complaint& complaint) const {
    return files[complaint.place.file] + ":" + std::to_string(complaint.place.line) + ": " +
           complaint.key + ": " + complaint.what;
}

std::optional<std::uint32_t> Plan::index_of(std::string_view rule) const {
    const auto before = [](const Rule& a, std::string_view name) { return a.name < name; };
    const auto found = std::lower_bound(rules.begin(), rules.end(), rule, before);
    if (found == rules.end() || found->name != rule) return std::nullopt;
    return static_cast<std::uint32_t>(found - rules.begin());
}

Result<std::unique_ptr<const Plan>> make_plan(RuleBook book, const std::vector<RuleFile>& files) {
    auto plan = std::make_unique<Plan>();
    for (const auto& file : files) plan->files.push_back(file.name);
    if (!book.complaints.empty()) return refused(*plan, book.complaints);
    for (auto& rule : book.rules) {
        if (rule.score != 0) plan->rules.push_back(std::move(rule));
    }
    plan->tests = std::move(book.tests);
    plan->digest = digest_of(files);
    BAILIFF_CHECK(order_metas(*plan));
    BAILIFF_CHECK(share_memory(*plan));
    BAILIFF_CHECK(arrange(*plan));
    return std::unique_ptr<const Plan>(std::move(plan));
}

}  // namespace bailiff::rules
