#include <rules/rule_set.hpp>
#include <algorithm>
#include <bailiff/limits.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <rules/plan.hpp>

namespace bailiff {
namespace {

constexpr std::size_t matched_bytes_shown = 60;
constexpr std::size_t description_bytes_shown = 500;
constexpr std::uintmax_t rule_file_bytes_max = 4U << 20;
constexpr std::size_t rule_files_max = 1'000;

using rules::Rule;

std::string reason(const Rule& rule, std::string_view where) {
    auto text = rules::printable(rule.en, description_bytes_shown);
    if (text.empty()) text = "rule " + rule.name + " hit";
    if (where.empty() || !rule.pattern) return text;
    const auto matched = rules::printable(rule.pattern->find(where), matched_bytes_shown);
    return matched.empty() ? text : text + ": \"" + matched + "\"";
}

/// The score, once for each counted match.
MilliPoints weight(const Rule& rule, std::uint32_t count) {
    const auto times = rule.count_max > 1 ? std::int64_t{count} : 1;
    const auto most = std::numeric_limits<MilliPoints>::max();
    const auto sum = std::clamp<std::int64_t>(rule.score * times, -most, most);
    return static_cast<MilliPoints>(sum);
}

/// Keeps the heaviest, in their order, and says so.
void cut(Findings& findings) {
    const auto found = findings.size();
    if (found <= limits::findings_max) return;
    auto by_weight = findings;
    const auto heavier = [](const Finding& a, const Finding& b) {
        return std::abs(std::int64_t{a.score}) > std::abs(std::int64_t{b.score});
    };
    std::stable_sort(by_weight.begin(), by_weight.end(), heavier);
    by_weight.resize(limits::findings_max);
    std::sort(by_weight.begin(), by_weight.end(),
              [](const Finding& a, const Finding& b) { return a.symbol < b.symbol; });
    findings = std::move(by_weight);
    findings.push_back(state_finding("FINDINGS_CUT", std::to_string(found) + " rules hit, the " +
                                                         std::to_string(limits::findings_max) +
                                                         " heaviest are kept"));
}

/// What the rules say of a message, live or replayed: this is the one place that knows.
template <class Reason>
Findings findings_of(const rules::Plan& plan, const std::vector<std::uint32_t>& counts,
                     const std::vector<double>& values, bool stopped, const Reason& reason_of) {
    Findings findings;
    for (std::uint32_t index = 0; index < plan.rules.size(); ++index) {
        const auto& rule = plan.rules[index];
        if (values[index] == 0 || rule.is_sub_rule()) continue;
        findings.push_back(
            {Family::rules, rule.name, weight(rule, counts[index]), reason_of(index)});
    }
    cut(findings);
    if (stopped) {
        findings.push_back(state_finding(
            "RULES_CUT", "the rules stopped after comparing " +
                             std::to_string(rules::compared_bytes_max >> 20) + " MiB of text"));
    }
    return findings;
}

Result<RuleFile> read_file(const std::filesystem::path& path) {
    const auto cannot = [&](std::string_view why) {
        return fail(Fault::unavailable,
                    "reading rule file " + path.string() + ": " + std::string(why));
    };
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return cannot(error.message());
    if (size > rule_file_bytes_max) {
        return cannot("larger than " + std::to_string(rule_file_bytes_max) + " bytes");
    }
    RuleFile file{path.filename().string(), std::string(size, '\0')};
    std::ifstream stream(path, std::ios::binary);
    stream.read(file.text.data(), static_cast<std::streamsize>(size));
    if (!stream) return cannot("it cannot be read to its end");
    return file;
}

Result<std::vector<std::filesystem::path>> rule_files_in(const std::string& directory) {
    std::error_code error;
    std::vector<std::filesystem::path> paths;
    std::filesystem::directory_iterator entry(directory, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (entry->path().extension() == ".cf") paths.push_back(entry->path());
    }
    if (error) {
        const bool missing = error == std::errc::no_such_file_or_directory;
        return fail(missing ? Fault::not_found : Fault::unavailable,
                    "reading rule directory " + directory + ": " + error.message());
    }
    if (paths.empty()) {
        return fail(Fault::not_found, "no rule file *.cf in " + directory);
    }
    if (paths.size() > rule_files_max) {
        return fail(Fault::exhausted,
                    "more than " + std::to_string(rule_files_max) + " rule files in " + directory);
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

RuleSet::RuleSet(std::unique_ptr<const rules::Plan> plan) : plan_(std::move(plan)) {}
RuleSet::~RuleSet() = default;

Result<std::shared_ptr<const RuleSet>> RuleSet::compile(const std::vector<RuleFile>& files) {
    BAILIFF_TRY(auto plan, rules::make_plan(rules::read_rules(files), files));
    return std::shared_ptr<const RuleSet>(new RuleSet(std::move(plan)));
}

Result<std::vector<RuleFile>> RuleSet::read_dir(const std::string& directory) {
    BAILIFF_TRY(const auto paths, rule_files_in(directory));
    std::vector<RuleFile> files;
    for (const auto& path : paths) {
        BAILIFF_TRY(auto file, read_file(path));
        files.push_back(std::move(file));
    }
    return files;
}

Result<std::shared_ptr<const RuleSet>> RuleSet::load_dir(const std::string& directory) {
    BAILIFF_TRY(const auto files, read_dir(directory));
    BAILIFF_TRY(auto set, compile(files));
    if (set->counts().rules == 0) return fail(Fault::not_found, "no rule in " + directory);
    return set;
}

Findings RuleSet::inspect(const Submission& submission, const Message& message) const {
    AtomHits unused;
    return inspect_noting(submission, message, unused);
}

Findings RuleSet::inspect_noting(const Submission& submission, const Message& message,
                                 AtomHits& atoms) const {
    const auto evaluation = plan_->evaluate(submission, message);
    const auto& hits = evaluation.hits;
    for (std::uint32_t atom = 0; atom < plan_->atoms.size(); ++atom) {
        const auto count = hits.count[plan_->atoms[atom]];
        if (count != 0) atoms.hits.push_back({atom, count});
    }
    atoms.cut = hits.cut;
    return findings_of(*plan_, hits.count, evaluation.values, hits.cut, [&](std::uint32_t rule) {
        return reason(plan_->rules[rule], hits.where[rule]);
    });
}

std::vector<Atom> RuleSet::atoms() const {
    std::vector<Atom> atoms;
    for (const auto rule : plan_->atoms)
        atoms.push_back({plan_->rules[rule].name, rules::definition_of(plan_->rules[rule])});
    return atoms;
}

std::vector<Atom> RuleSet::readings() const {
    std::vector<Digest> definitions;
    for (const auto& rule : plan_->rules) definitions.push_back(rules::definition_of(rule));
    for (const auto& meta : plan_->metas) {  // each behind those that it reads
        auto text = plan_->rules[meta.rule].expression.text();
        for (const auto read : meta.reads) text += read ? ' ' + definitions[*read].hex() : " -";
        definitions[meta.rule] = sha256(text);
    }
    std::vector<Atom> readings;
    for (std::size_t rule = 0; rule < definitions.size(); ++rule)
        readings.push_back({plan_->rules[rule].name,
                            sha256(definitions[rule].hex() + ' ' +
                                   std::to_string(plan_->rules[rule].score))});
    return readings;
}

Findings RuleSet::rescore(const AtomHits& atoms) const {
    std::vector<std::uint32_t> counts(plan_->rules.size(), 0);
    for (const auto& hit : atoms.hits) counts[plan_->atoms.at(hit.atom)] = hit.count;
    return findings_of(*plan_, counts, plan_->values_of(counts), atoms.cut,
                       [](std::uint32_t) { return std::string(); });
}

std::string RuleSet::place_of(std::string_view rule) const {
    const auto index = plan_->index_of(rule);
    if (!index) return {};
    const auto& place = plan_->rules[*index].place;
    return plan_->files[place.file] + ":" + std::to_string(place.line);
}

std::string RuleSet::digest() const {
    return plan_->digest;
}

RuleSet::Counts RuleSet::counts() const {
    Counts counts;
    for (const auto& rule : plan_->rules) {
        ++counts.rules;
        if (rule.pattern) ++counts.patterns;
        if (rule.kind == Rule::Kind::meta) ++counts.metas;
        if (!rule.is_sub_rule()) ++counts.scored;
    }
    return counts;
}

std::vector<std::string> RuleSet::names() const {
    std::vector<std::string> names;
    for (const auto& rule : plan_->rules) names.push_back(rule.name);
    return names;
}

std::optional<RuleExplanation> RuleSet::explanation(std::string_view rule) const {
    const auto index = plan_->index_of(rule);
    if (!index) return std::nullopt;
    const auto& found = plan_->rules[*index];
    if (found.en.empty() && found.fr.empty()) return std::nullopt;
    return RuleExplanation{found.en, found.fr};
}

std::vector<std::string> RuleSet::self_test() const {
    return rules::run_tests(*plan_);
}

}  // namespace bailiff
