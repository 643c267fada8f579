#include "src/app/holder_source.hpp"

#include "src/app/role.hpp"
#include "src/directory/import.hpp"
#include "src/process/hook_file.hpp"
#include "src/process/hook_json.hpp"
#include "src/process/one_line.hpp"
#include "src/process/run.hpp"

namespace bailiff {
namespace {

/// Cases are sealed one after another: a hook that hangs must not hold up a thousand of them.
constexpr auto pause_after_failure = std::chrono::seconds(60);

std::string ending(const process::Ran& ran) {
    using End = process::Ran::End;
    if (ran.end == End::not_started) return ran.why;
    if (ran.end == End::late) return "no answer in time";
    if (ran.cut) return "its answer is too long";
    return "status " + std::to_string(ran.code) + ": " + process::one_line(ran.errors);
}

}  // namespace

HolderSource::HolderSource(const Settings& settings, const Directory& directory, const Clock& clock,
                           Journal& journal)
    : settings_(settings), directory_(directory), clock_(clock), journal_(journal) {
    auto holders = HolderStore::open(holders_path(settings));
    if (holders)
        holders_ = *std::move(holders);
    else
        journal.event(Severity::alarm, "no_holders", {{"why", holders.error().what}});
}

HolderFacts HolderSource::of(const Case& record) {
    HolderFacts facts{.holder = {}, .source = "nobody could be named", .at = clock_.now()};
    if (record.service.id.empty()) return facts;
    const auto service = directory_.service(record.service.id);
    facts.source = "the directory does not know the service";
    if (!service || !*service) return facts;
    ask(**service, facts);
    if (!facts.holder) import_of(**service, facts);
    return facts;
}

void HolderSource::ask(const Service& service, HolderFacts& facts) {
    facts.source.clear();
    if (settings_.evidence.holder_lookup.empty()) return;
    if (clock_.steady() < silent_until_) {
        facts.source = "; the lookup hook failed within the last minute";
        return;
    }
    auto found = answer_of(service);
    note(found ? "" : found.error().what);
    if (!found) {
        silent_until_ = clock_.steady() + pause_after_failure;
        facts.source = "; the lookup hook failed";
        return;
    }
    facts.source = *found ? "lookup hook" : "; the lookup hook knows nobody";
    facts.holder = *std::move(found);
}

void HolderSource::import_of(const Service& service, HolderFacts& facts) const {
    const auto say = [&](const char* what) { facts.source.insert(0, what); };
    if (service.holder.empty()) return say("the directory names no holder");
    if (!holders_) return say("the imported holders cannot be read");
    auto found = holders_->find(service.holder);
    if (!found) return say("the imported holders cannot be read");
    say(*found ? "imported holders" : "the holder was not imported");
    facts.holder = *std::move(found);
}

Result<std::optional<Holder>> HolderSource::answer_of(const Service& service) const {
    const auto& program = settings_.evidence.holder_lookup;
    BAILIFF_CHECK(process::check_hook_file(program));
    const auto ran =
        process::run({.path = program,
                      .arguments = {"holder"},
                      .environment = {"BAILIFF_HOOK_VERSION=1"},
                      .input = process::to_lookup_json(service.account, service.id, service.holder),
                      .deadline = settings_.evidence.holder_deadline});
    if (ran.end != process::Ran::End::exited || ran.code != 0 || ran.cut)
        return fail(Fault::unavailable, ending(ran));
    // What is wrong with an answer would quote it, and the journal knows nobody's name.
    auto holders = read_holders(ran.output, "answer.json");
    if (!holders || holders->size() > 1)
        return fail(Fault::invalid_input,
                    "expected one row of a holders file, or [], as `directory import` takes it");
    if (holders->empty()) return std::optional<Holder>();
    return std::optional<Holder>(std::move(holders->front()));
}

/// One alarm until it answers again.
void HolderSource::note(const std::string& why) {
    if (why.empty() != why_.empty())
        journal_.event(why.empty() ? Severity::info : Severity::alarm,
                       why.empty() ? "holder_lookup_works" : "holder_lookup_failed",
                       {{"hook", settings_.evidence.holder_lookup}, {"why", why}});
    why_ = why;
}

}  // namespace bailiff
