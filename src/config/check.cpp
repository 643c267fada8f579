#include "src/config/check.hpp"

#include <algorithm>

namespace bailiff {
namespace {

class Check {
public:
    Check(const Settings& settings, const FileContent& content, ConfigComplaints& complaints)
        : settings_(settings), content_(content), complaints_(complaints) {}

    void run() {
        lines();
        allowances();
        durations();
        retention();
        names();
        paths();
        hooks();
        hooks_of_paths();
    }

private:
    void lines() {
        const auto& lines = settings_.policy.lines;
        for (const auto family : families) {
            const auto& line = lines.of(family);
            const auto name = "decide." + std::string(to_text(family));
            demand(line.corroborates <= line.alone, name + "_corroborates", name + "_alone",
                   "at most what the family needs alone");
        }
        demand(lines.suspect <= lines.spam, "decide.suspect", "decide.spam", "at most decide.spam");
        const auto at = lines_of("lines");
        for (std::size_t i = 0; i < at.size(); ++i) row_of_lines(settings_.policy.rows[i], at[i]);
    }

    /// Laid over [decide], a row must make sense; over another row as well, which a person sees.
    void row_of_lines(const LineRow& row, std::size_t line) {
        const auto over = [](MilliPoints own, MilliPoints base) { return own == 0 ? base : own; };
        const auto& base = settings_.policy.lines;
        for (const auto family : families)
            if (over(row.lines.of(family).corroborates, base.of(family).corroborates) >
                over(row.lines.of(family).alone, base.of(family).alone))
                complaints_.add(line, "lines." + std::string(to_text(family)) + "_corroborates",
                                "expected at most what the family needs alone");
        if (over(row.lines.suspect, base.suspect) > over(row.lines.spam, base.spam))
            complaints_.add(line, "lines.suspect", "expected at most spam");
        if (!row.path.empty() && !is_path(row.path))
            complaints_.add(line, "lines.path", "expected the name of a [[path]]");
    }

    void allowances() {
        const auto at = lines_of("allow");
        for (std::size_t i = 0; i < at.size(); ++i)
            if (settings_.policy.allow[i].service.empty() &&
                settings_.policy.allow[i].account.empty())
                complaints_.add(at[i], "allow", "expected a service or an account");
    }

    [[nodiscard]] bool is_path(std::string_view name) const {
        return std::ranges::find(settings_.paths, name, &PathSettings::name) !=
               settings_.paths.end();
    }

    void durations() {
        demand(settings_.enforcer.retry_first <= settings_.enforcer.retry_ceiling,
               "enforcer.retry_first_ms", "enforcer.retry_ceiling_ms",
               "at most enforcer.retry_ceiling_ms");
        demand(settings_.rspamd.connect_timeout <= settings_.rspamd.deadline,
               "rspamd.connect_timeout_ms", "rspamd.deadline_ms", "at most rspamd.deadline_ms");
    }

    void retention() {
        const auto& kept = settings_.retention;
        const auto outlives = [this](std::int64_t file, std::int64_t content,
                                     const std::string& kind) {
            const auto of_content = "retention." + kind + "_days";
            demand(content <= file, "retention." + kind + "_file_days", of_content,
                   "at least " + of_content + ": nobody can be named for what is still kept");
        };
        outlives(kept.spam_file_days, kept.spam_days, "spam");
        outlives(kept.fraud_file_days, kept.fraud_days, "fraud");
        outlives(kept.compromised_file_days, kept.compromised_days, "compromised");
    }

    void names() {
        demand(settings_.milter.submission_tag != settings_.milter.local_tag, "milter.local_tag",
               "milter.submission_tag",
               "another tag than milter.submission_tag: doors are told apart by it");
        demand(!settings_.rspamd.enabled || !settings_.rspamd.url.empty(), "rspamd.url",
               "rspamd.enabled", "a URL while rspamd.enabled is true");
        demand(settings_.state_dir != settings_.run_dir, "run_dir", "state_dir",
               "another folder than state_dir");
    }

    void paths() {
        const auto lines = lines_of("path");
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto& name = settings_.paths[i].name;
            const auto before = settings_.paths.begin() + static_cast<std::ptrdiff_t>(i);
            if (!name.empty() && std::find_if(settings_.paths.begin(), before, [&](auto& path) {
                                     return path.name == name;
                                 }) != before)
                complaints_.add(lines[i], "path.name",
                                "expected a name once; '" + name + "' is there before");
        }
        for (std::size_t i = 0; i < lines.size(); ++i)
            if (std::ranges::count(settings_.paths[i].actions, ActionKind::service_purge,
                                   &PathStep::kind) > 0)
                complaints_.add(lines[i], "path.actions",
                                "expected no service.purge: only a person orders it, for one case");
        if (lines.empty()) return;  // the default paths are in force
        for (const std::string_view name : {"zero_tolerance", "compromised"})
            if (!is_path(name))
                complaints_.add(
                    lines.back(), "path",
                    "expected one with name = \"" + std::string(name) + "\": a verdict starts it");
    }

    void hooks() {
        const auto lines = lines_of("hook");
        std::vector<ActionKind> seen;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            for (const auto kind : settings_.hooks[i].kinds) {
                if (std::ranges::find(seen, kind) != seen.end())
                    complaints_.add(lines[i], "hook.kinds",
                                    "expected each action at one hook; " +
                                        std::string(to_text(kind)) + " has one before");
                seen.push_back(kind);
            }
        }
    }

    void hooks_of_paths() {
        if (settings_.mode != Mode::enforce) return;
        const auto lines = lines_of("path");
        for (std::size_t i = 0; i < settings_.paths.size(); ++i) {
            const auto& path = settings_.paths[i];
            if (path.observe || !started_by_verdict(path.name)) continue;
            for (const auto& [kind, when] : path.actions)
                if (!has_hook(kind))
                    complaints_.add(i < lines.size() ? lines[i] : line_of("mode"), "path.actions",
                                    "expected a [[hook]] for " + std::string(to_text(kind)) +
                                        " of path " + path.name + " in mode enforce");
        }
    }

    /// The others are a person's to start, who sees what has no hook.
    [[nodiscard]] bool started_by_verdict(std::string_view name) const {
        const auto& policy = settings_.policy;
        return name == "zero_tolerance" || name == "compromised" ||
               (name == "prohibited_content" && !policy.prohibited.empty()) ||
               std::ranges::find(policy.rows, name, &LineRow::path) != policy.rows.end();
    }

    [[nodiscard]] bool has_hook(ActionKind kind) const {
        const bool of_queue = to_text(kind).starts_with("queue.");
        if (of_queue && !settings_.queue.socket.empty()) return true;
        return std::ranges::any_of(settings_.hooks, [&](const HookSettings& hook) {
            return std::ranges::find(hook.kinds, kind) != hook.kinds.end();
        });
    }

    /// `key` is to blame, or `other` when only that one is in the file.
    void demand(bool holds, std::string_view key, std::string_view other,
                std::string_view expected) {
        if (holds) return;
        const auto line = line_of(key);
        complaints_.add(line == 0 ? line_of(other) : line, key,
                        "expected " + std::string(expected));
    }

    [[nodiscard]] std::size_t line_of(std::string_view key) const {
        const auto at = std::ranges::find(content_.entries, key, &FileEntry::key);
        return at == content_.entries.end() ? 0 : at->line;
    }

    /// Of every block of this name; as many as Settings has, or none for defaults.
    [[nodiscard]] std::vector<std::size_t> lines_of(std::string_view name) const {
        std::vector<std::size_t> lines;
        for (const auto& block : content_.blocks)
            if (block.name == name) lines.push_back(block.line);
        return lines;
    }

    const Settings& settings_;
    const FileContent& content_;
    ConfigComplaints& complaints_;
};

}  // namespace

void check_combinations(const Settings& settings, const FileContent& content,
                        ConfigComplaints& complaints) {
    Check(settings, content, complaints).run();
}

}  // namespace bailiff
