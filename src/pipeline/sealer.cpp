#include "src/pipeline/sealer.hpp"

#include <algorithm>
#include <bailiff/crash_point.hpp>
#include <bailiff/version.hpp>
#include <memory>

#include "src/evidence/bag.hpp"
#include "src/report/verify_text.hpp"

namespace bailiff {
namespace {

/// When the case was last touched, by anybody.
Instant last_change(const Case& record, const std::vector<Action>& actions) {
    auto last = record.opened;
    for (const auto& event : record.events) last = std::max(last, event.at);
    for (const auto& action : actions) last = std::max(last, action.changed);
    return last;
}

Exhibit exhibit_of(const ExhibitFile& file) {
    return {file.path, sha256(file.bytes), file.bytes.size()};
}

/// What each file is, in both languages; of all that the bag has.
void add_readmes(const BagFacts& facts, const std::vector<Exhibit>& kept,
                 std::vector<ExhibitFile>& files) {
    ReadmeFacts readme{.case_id = facts.record.id,
                       .operator_name = facts.node,
                       .software = std::string("bailiff ") + program_version,
                       .written = facts.at,
                       .files = {}};
    if (facts.number == 0) {
        for (const auto& exhibit : kept) readme.files.push_back(exhibit.path);
        readme.files.emplace_back(message_path);
    }
    for (const auto& file : files) readme.files.push_back(file.path);
    for (const auto* name : {"README.en.txt", "README.fr.txt"}) readme.files.emplace_back(name);
    std::ranges::sort(readme.files);
    files.push_back({"README.en.txt", readme_text(readme, Language::en)});
    files.push_back({"README.fr.txt", readme_text(readme, Language::fr)});
}

BagInfo info_of(const BagFacts& facts, const std::string& identity) {
    BagInfo info{
        {"Bagging-Date", to_rfc3339(facts.at).substr(0, 10)},
        {"External-Identifier", facts.record.id.text()},
        {"Internal-Sender-Identifier", facts.record.id.text() + "-" + std::to_string(facts.number)},
        {"Source-Organization", facts.node},
        {"Signed-By", identity}};
    if (facts.number > 0) info.emplace_back("Previous-Tag-Manifest-SHA-256", facts.previous);
    return info;
}

}  // namespace

std::size_t Sealer::run_due() {
    const Lock lock(mutex_);
    const auto done = run_locked();
    note(done ? "" : done.error().what);
    return done ? *done : 0;
}

Result<std::size_t> Sealer::run_locked() {
    std::vector<Unsealed> changed;
    const auto after = after_;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(changed, view.unsealed(after, cases_per_run_max));
        return {};
    }));
    // In turns: those that are not due yet must not keep others from being seen.
    after_ = changed.size() < cases_per_run_max ? CaseId() : changed.back().case_id;
    std::size_t sealed = 0;
    std::optional<Error> wrong;
    for (const auto& one : changed) {
        auto made = draft(one);
        if (made && !made->is_due) continue;
        auto done = made ? seal(*std::move(made)) : Result<void>(Failure(made.error()));
        if (done) {
            ++sealed;
            continue;
        }
        wrong = std::move(done).error().within("sealing case " + one.case_id.text());
        if (wrong->fault == Fault::unavailable) break;  // the signer, or the ledger: not for one
    }
    if (wrong) return Failure(*std::move(wrong));
    return sealed;
}

Result<void> Sealer::seal_now(const CaseId& id) {
    const Lock lock(mutex_);
    std::uint64_t changes = 0;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(changes, view.changes_since_seal(id));
        return {};
    }));
    if (changes == 0) return {};
    BAILIFF_TRY(auto made, draft({id, changes}));
    return seal(std::move(made));
}

std::string Sealer::error() const {
    const Lock lock(mutex_);
    return error_;
}

void Sealer::note(const std::string& error) {
    if (error_ == error) return;
    if (error.empty())
        journal_.event(Severity::info, "sealed_again", {});
    else
        journal_.event(Severity::alarm, "not_sealed", {{"why", error}});
    error_ = error;
}

Result<Sealer::Draft> Sealer::draft(const Unsealed& unsealed) const {
    Draft draft{.facts = {}, .changes = unsealed.changes, .kept = {}, .is_due = false};
    auto& facts = draft.facts;
    BAILIFF_CHECK(ledger_.read([&](const LedgerView& view) -> Result<void> {
        BAILIFF_TRY(auto found, view.find_case(unsealed.case_id));
        if (!found) return fail(Fault::corrupt, "the case is gone");
        facts.record = *std::move(found);
        BAILIFF_TRY(facts.actions, view.actions_of(unsealed.case_id));
        BAILIFF_TRY(const auto seals, view.seals(unsealed.case_id));
        facts.number = static_cast<std::uint32_t>(seals.size());
        for (const auto& seal : seals) facts.sealed.push_back(seal.at);
        if (!seals.empty()) facts.previous = sha256(seals.back().tag_manifest).hex();
        BAILIFF_TRY(draft.kept, view.exhibits(unsealed.case_id, facts.number));
        return {};
    }));
    facts.at = clock_.now();
    facts.node = options_.node;
    draft.is_due =
        facts.number == 0 || facts.at - last_change(facts.record, facts.actions) >= options_.quiet;
    return draft;
}

Result<void> Sealer::seal(Draft draft) const {
    auto& facts = draft.facts;
    if (options_.clock_state) facts.clock = options_.clock_state();
    if (facts.number == 0 && options_.holder) facts.holder = options_.holder(facts.record);
    auto files = facts.number == 0 ? case_files(facts) : addendum_files(facts);
    add_readmes(facts, draft.kept, files);
    Files written;
    auto listed = facts.number == 0 ? draft.kept : std::vector<Exhibit>{};
    for (auto& file : files) {
        const auto exhibit = exhibit_of(file);  // of the plain bytes
        std::erase_if(listed, [&](const Exhibit& one) { return one.path == file.path; });
        listed.push_back(exhibit);
        const bool seals = file.seals && options_.seal;
        written.emplace_back(exhibit, seals ? options_.seal(file.bytes, facts.record.id, file.path)
                                            : std::move(file.bytes));
    }
    if (facts.number == 0)
        listed.push_back(
            {std::string(message_path), facts.record.message_digest, facts.record.message_size});
    BAILIFF_TRY(auto tags, bag_tags(std::move(listed), info_of(facts, options_.identity)));
    Seal sealed;
    sealed.number = facts.number;
    sealed.at = facts.at;
    sealed.bag_info = std::move(tags.bag_info);
    sealed.manifest = std::move(tags.manifest);
    sealed.tag_manifest = std::move(tags.tag_manifest);
    BAILIFF_TRY(sealed.signature, signer_.sign_bag(sealed.tag_manifest));
    crash_point("bag_signed");
    return write(draft, std::move(sealed), std::move(written));
}

/// One transaction: the files, the seal, and the leaf that proves it.
Result<void> Sealer::write(const Draft& draft, Seal seal, Files files) const {
    struct Work {
        CaseId id;
        std::uint64_t changes;
        Seal seal;
        Files files;
        Leaf leaf;
    };
    auto work = std::make_shared<Work>();
    work->id = draft.facts.record.id;
    work->changes = draft.changes;
    work->leaf = new_leaf(seal.number == 0 ? "seal" : "addendum", work->id.text(),
                          seal.tag_manifest, seal.at);
    work->files = std::move(files);
    work->seal = std::move(seal);
    work->seal.salt = work->leaf.salt;
    return ledger_.update([work](LedgerTxn& txn) -> Result<void> {
        BAILIFF_TRY(const auto before, txn.seals(work->id));
        if (before.size() != work->seal.number) return {};  // sealed meanwhile: by whom we are not
        for (const auto& [exhibit, bytes] : work->files)
            BAILIFF_CHECK(txn.put_exhibit(work->id, work->seal.number, exhibit, bytes));
        BAILIFF_TRY(work->seal.leaf, txn.append_leaf(work->leaf));
        BAILIFF_CHECK(txn.put_seal(work->id, work->seal));
        crash_point("seal_unwritten");
        return txn.set_sealed(work->id, work->changes);
    });
}

}  // namespace bailiff
