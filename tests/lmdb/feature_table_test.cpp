#include "lmdb/feature_table.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "lmdb/environment.hpp"
#include "lmdb/feature_reader.hpp"
#include "lmdb/feature_records.hpp"
#include "lmdb/feature_tables.hpp"
#include "lmdb/key.hpp"
#include "lmdb/sent_table.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff {
namespace {

using namespace samples;
using std::chrono::days;
using std::chrono::hours;

constexpr Instant now{hours(500'000)};

std::shared_ptr<const FeatureBook> book(const std::string& rule_set, std::size_t atoms = 300) {
    FeatureBook made{rule_set, {}, digest(9)};
    for (std::size_t n = 0; n < atoms; ++n)
        made.atoms.push_back({"RULE_" + std::to_string(n), digest(static_cast<std::uint8_t>(n))});
    return std::make_shared<const FeatureBook>(std::move(made));
}

FeatureRow row(const std::shared_ptr<const FeatureBook>& of, Instant at = now) {
    FeatureRow made;
    made.received = at;
    made.door = Door::submission;
    made.rcpt_count = 3;
    made.strength = Strength::proven;
    made.service = service_ref("shop");
    made.account = id<AccountId>("acct");
    made.answers = made.vouched = made.directory_fresh = true;
    made.atoms.hits = {{0, 1}, {7, 3}, {299, 1}};
    made.rates = Rates{1, 20, 300};
    made.asked = Asked::heard;
    made.rspamd = {"BAYES_HAM", "MIME_GOOD", "ARC_NA"};
    made.others = {{Family::complaint, "COMPLAINT", 6000, ""},
                   {FamilySet(Family::rules) | Family::rspamd, "MIXED", -250, ""}};
    made.limits = {"PARTIAL"};
    made.decided = {Level::confirmed, "zero_tolerance", Reply::Kind::reject, true};
    made.book = of;
    return made;
}

/// Both tables on one environment, as the milter has them.
struct Kept {
    std::unique_ptr<SentTable> sent;
    std::unique_ptr<FeatureTable> features;
    explicit Kept(const TempDir& dir, FeatureTable::Options options = {})
        : sent(SentTable::open(dir / "counters").value()),
          features(FeatureTable::open(sent->environment(), options).value()) {}
};

struct Seen {
    std::vector<FeatureRow> rows;
    std::vector<std::uint32_t> books;
    std::uint64_t corrupt = 0;
};
Seen seen(const TempDir& dir, Instant since = Instant{}) {
    Seen all;
    const auto reader = FeatureReader::open(dir / "counters").value();
    const auto passed = reader->each(since, [&](std::uint32_t number, const FeatureRow& one) {
        all.rows.push_back(one);
        all.books.push_back(number);
    });
    EXPECT_TRUE(passed);
    EXPECT_EQ(passed->rows, all.rows.size());
    all.corrupt = passed->corrupt;
    return all;
}

void expect_equal(const FeatureRow& a, const FeatureRow& b) {
    EXPECT_EQ(a.received, b.received);
    EXPECT_EQ(a.door, b.door);
    EXPECT_EQ(a.rcpt_count, b.rcpt_count);
    EXPECT_EQ(a.strength, b.strength);
    EXPECT_EQ(a.service, b.service);
    EXPECT_EQ(a.account, b.account);
    EXPECT_EQ(a.answers, b.answers);
    EXPECT_EQ(a.vouched, b.vouched);
    EXPECT_EQ(a.test, b.test);
    EXPECT_EQ(a.is_protected, b.is_protected);
    EXPECT_EQ(a.directory_fresh, b.directory_fresh);
    EXPECT_EQ(a.late, b.late);
    EXPECT_EQ(a.atoms, b.atoms);
    EXPECT_EQ(a.trap, b.trap);
    EXPECT_EQ(a.rates, b.rates);
    EXPECT_EQ(a.asked, b.asked);
    EXPECT_EQ(a.rspamd, b.rspamd);
    EXPECT_EQ(a.others, b.others);
    EXPECT_EQ(a.limits, b.limits);
    EXPECT_EQ(a.decided, b.decided);
}

TEST(FeatureTable, gives_back_what_was_noted_once_it_is_flushed) {
    const TempDir dir;
    FeatureRow bare;
    bare.received = now + hours(1);
    bare.book = book("a");
    {
        const Kept kept(dir);
        kept.features->note(row(bare.book));
        kept.features->note(bare);
        EXPECT_EQ(kept.features->counts().kept, 0U);
        ASSERT_TRUE(kept.features->flush(now));
        EXPECT_EQ(kept.features->counts().kept, 2U);
    }
    const auto all = seen(dir);
    ASSERT_EQ(all.rows.size(), 2U);
    expect_equal(all.rows[0], row(bare.book));
    expect_equal(all.rows[1], bare);
    const auto books = FeatureReader::open(dir / "counters").value()->books().value();
    ASSERT_EQ(books.size(), 1U);
    EXPECT_EQ(*books[0].book, *bare.book);
}

TEST(FeatureTable, gives_back_each_flag) {
    const TempDir dir;
    std::vector<FeatureRow> rows;
    for (unsigned bits = 0; bits < 256; ++bits) {
        auto one = row(book("a"), now + std::chrono::milliseconds(bits));
        bool* const flags[]{&one.answers, &one.vouched,         &one.test,      &one.is_protected,
                            &one.late,    &one.directory_fresh, &one.atoms.cut, &one.decided.holds};
        for (unsigned bit = 0; bit < 8; ++bit) *flags[bit] = (bits & (1U << bit)) != 0;
        rows.push_back(std::move(one));
    }
    {
        const Kept kept(dir);
        for (const auto& one : rows) kept.features->note(one);
        ASSERT_TRUE(kept.features->flush(now));
    }
    const auto all = seen(dir);
    ASSERT_EQ(all.rows.size(), rows.size());
    for (std::size_t n = 0; n < rows.size(); ++n) expect_equal(all.rows[n], rows[n]);
}

TEST(FeatureTable, starts_where_it_is_asked_to) {
    const TempDir dir;
    {
        const Kept kept(dir);
        for (int n = 0; n < 12'000; ++n)  // more than one slice of the reader
            kept.features->note(row(book("a", 3), now + std::chrono::seconds(n)));
        ASSERT_TRUE(kept.features->flush(now));
    }
    EXPECT_EQ(seen(dir).rows.size(), 12'000U);
    EXPECT_EQ(seen(dir, now + std::chrono::seconds(11'000)).rows.size(), 1'000U);
    EXPECT_EQ(seen(dir, now + hours(24)).rows.size(), 0U);
}

TEST(FeatureTable, is_read_while_it_is_written) {
    const TempDir dir;
    const Kept kept(dir);
    kept.features->note(row(book("a")));
    ASSERT_TRUE(kept.features->flush(now));
    const pid_t child = fork();
    if (child == 0) {  // LMDB allows one object a process
        const auto reader = FeatureReader::open(dir / "counters");
        int rows = 0;
        if (reader) (void)(*reader)->each(Instant{}, [&](auto, const auto&) { ++rows; });
        _exit(rows);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(WEXITSTATUS(status), 1);
}

TEST(FeatureTable, drops_what_is_too_old) {
    const TempDir dir;
    const Kept kept(dir, {.kept_for = days(3)});
    const auto of = book("a");
    for (int n = 0; n < 100; ++n) kept.features->note(row(of, now - days(4)));
    kept.features->note(row(of, now - days(2)));
    ASSERT_TRUE(kept.features->flush(now - days(4)));
    EXPECT_EQ(kept.features->counts().kept, 101U);
    const auto rows = [&] {
        auto txn = lmdb::Txn::read(*kept.sent->environment()).value();
        const auto tables = lmdb::FeatureTables::open(txn, lmdb::Txn::Missing::fails).value();
        return txn.count(tables.row).value();
    };
    EXPECT_EQ(rows(), 101U);
    ASSERT_TRUE(kept.features->flush(now));  // without new mail, too
    EXPECT_EQ(rows(), 1U);
}

TEST(FeatureTable, drops_the_oldest_where_there_are_too_many) {
    const TempDir dir;
    {
        const Kept kept(dir, {.bytes_max = 256 << 10});
        const auto of = book("a");
        for (int second = 0; second < 20; ++second) {
            for (int n = 0; n < 1'000; ++n)
                kept.features->note(row(of, now + std::chrono::seconds(second)));
            ASSERT_TRUE(kept.features->flush(now));
        }
        EXPECT_LE(kept.features->counts().bytes, 256U << 10);
    }
    const auto all = seen(dir);
    EXPECT_GT(all.rows.size(), 500U);
    EXPECT_LT(all.rows.size(), 3'000U);
    EXPECT_EQ(all.rows.back().received, now + std::chrono::seconds(19));
    EXPECT_GT(all.rows.front().received, now + std::chrono::seconds(15));
}

TEST(FeatureTable, counts_what_finds_no_room) {
    const TempDir dir;
    const Kept kept(dir);
    const auto of = book("a", 3);
    for (std::size_t n = 0; n < FeatureTable::rows_max + 3; ++n) kept.features->note(row(of));
    EXPECT_EQ(kept.features->counts().lost, 3U);
    ASSERT_TRUE(kept.features->flush(now));
    kept.features->note(row(of));
    ASSERT_TRUE(kept.features->flush(now));
    EXPECT_EQ(kept.features->counts().lost, 3U);
    EXPECT_EQ(kept.features->counts().kept, FeatureTable::rows_max + 1);
}

TEST(FeatureTable, counts_what_cannot_be_written_and_goes_on) {
    const TempDir dir;
    {
        const Kept kept(dir);
        const auto of = book("a");
        auto wrong = row(of);
        wrong.received = Instant::max();  // no record has such a time
        wrong.rspamd = {"NUMBERED_IN_VAIN"};
        kept.features->note(row(of));
        kept.features->note(wrong);
        EXPECT_FALSE(kept.features->flush(now));
        EXPECT_EQ(kept.features->counts().lost, 2U);
        auto other = row(of);
        other.rspamd = {"ARC_NA", "NEW_SYMBOL", "BAYES_HAM"};
        kept.features->note(other);
        ASSERT_TRUE(kept.features->flush(now));
    }
    const auto all = seen(dir);
    ASSERT_EQ(all.rows.size(), 1U);
    EXPECT_EQ(all.rows[0].rspamd, (std::vector<std::string>{"ARC_NA", "NEW_SYMBOL", "BAYES_HAM"}));
    EXPECT_EQ(all.corrupt, 0U);
}

TEST(FeatureTable, loses_rows_of_ever_other_symbols_alone) {
    const TempDir dir;
    {
        const Kept kept(dir);
        const auto of = book("a", 3);
        auto large = row(of);
        large.rspamd = {std::string(FeatureTable::symbol_bytes_max + 1, 'x')};
        kept.features->note(large);
        auto many = row(of);
        many.rspamd.clear();
        for (std::size_t n = 0; n < FeatureTable::symbols_max - 10; ++n)
            many.rspamd.push_back("S" + std::to_string(n));
        kept.features->note(many);
        auto new_ones = row(of);
        new_ones.rspamd.clear();
        for (int n = 0; n < 20; ++n) new_ones.rspamd.push_back("T" + std::to_string(n));
        kept.features->note(new_ones);
        kept.features->note(row(of));
        ASSERT_TRUE(kept.features->flush(now));
        EXPECT_EQ(kept.features->counts().lost, 2U);
        EXPECT_EQ(kept.features->counts().kept, 2U);
    }
    EXPECT_EQ(seen(dir).rows.size(), 2U);
}

TEST(FeatureTable, keeps_no_row_that_has_no_book) {
    const TempDir dir;
    const Kept kept(dir);
    kept.features->note(row(nullptr));
    ASSERT_TRUE(kept.features->flush(now));
    EXPECT_EQ(kept.features->counts().kept, 0U);
}

TEST(FeatureTable, numbers_books_in_the_order_of_time) {
    const TempDir dir;
    const auto a = book("a"), b = book("b");
    {
        const Kept kept(dir);
        kept.features->note(row(a, now));
        kept.features->note(row(b, now + std::chrono::seconds(1)));
        kept.features->note(row(a, now + std::chrono::seconds(2)));  // began before the reload
        ASSERT_TRUE(kept.features->flush(now));
        kept.features->note(row(book("b"), now + std::chrono::seconds(3)));  // loaded once more
        kept.features->note(row(book("a"), now + std::chrono::seconds(4)));  // put back
        ASSERT_TRUE(kept.features->flush(now));
    }
    {
        const Kept kept(dir);  // a restart learns nothing new
        kept.features->note(row(book("a"), now + std::chrono::seconds(5)));
        ASSERT_TRUE(kept.features->flush(now));
    }
    EXPECT_EQ(seen(dir).books, (std::vector<std::uint32_t>{0, 1, 0, 1, 2, 2}));
    const auto books = FeatureReader::open(dir / "counters").value()->books().value();
    ASSERT_EQ(books.size(), 3U);
    EXPECT_EQ(*books[2].book, *a);
}

TEST(FeatureTable, drops_books_that_no_row_needs) {
    const TempDir dir;
    {
        const Kept kept(dir, {.kept_for = days(3)});
        for (int day = 0; day < 10; ++day) {
            kept.features->note(row(book("of day " + std::to_string(day)), now + days(day)));
            ASSERT_TRUE(kept.features->flush(now + days(day)));
        }
    }
    const auto all = seen(dir);
    const auto books = FeatureReader::open(dir / "counters").value()->books().value();
    EXPECT_LT(books.size(), 8U);
    EXPECT_LE(books.front().number, all.books.front());
    EXPECT_EQ(books.back().number, 9U);
}

/// Notes and flushes until it is killed.
[[noreturn]] void write_for_ever(const std::string& path, int told) {
    const auto sent = SentTable::open(path).value();
    const auto features = FeatureTable::open(sent->environment(), {}).value();
    const auto of = book("a");
    for (std::int64_t n = 0;; ++n) {
        features->note(row(of, now + std::chrono::milliseconds(n)));
        if (n % 50 != 49) continue;
        if (!features->flush(now)) _exit(1);
        if (write(told, "w", 1) != 1) _exit(1);
    }
}

TEST(FeatureTable, is_reopened_after_a_kill_with_all_that_was_flushed) {
    const TempDir dir;
    std::uint64_t flushed = 0;
    for (int round = 0; round < 5; ++round) {
        int told[2];
        ASSERT_EQ(pipe(told), 0);
        const pid_t child = fork();
        if (child == 0) write_for_ever(dir / "counters", told[1]);
        close(told[1]);
        char byte = 0;
        for (int n = 0; n < 20 + 7 * round && read(told[0], &byte, 1) == 1; ++n) flushed += 50;
        kill(child, SIGKILL);
        ASSERT_EQ(waitpid(child, nullptr, 0), child);
        while (read(told[0], &byte, 1) == 1) flushed += 50;
        close(told[0]);
        const auto all = seen(dir);
        EXPECT_EQ(all.corrupt, 0U);
        EXPECT_GE(all.rows.size(), flushed);  // of the same times in each round: no row is replaced
        EXPECT_LE(all.rows.size(), flushed + 50U * (static_cast<unsigned>(round) + 1));
    }
}

TEST(FeatureReader, passes_over_corrupt_rows_and_counts_them) {
    const TempDir dir;
    {
        const Kept kept(dir);
        for (int n = 0; n < 10; ++n)
            kept.features->note(row(book("a"), now + std::chrono::seconds(n)));
        ASSERT_TRUE(kept.features->flush(now));
        auto txn = lmdb::Txn::write(*kept.sent->environment()).value();
        const auto tables = lmdb::FeatureTables::open(txn, lmdb::Txn::Missing::fails).value();
        std::string key, value;
        {
            auto cursor = lmdb::Cursor::open(txn, tables.row).value();
            const auto first = cursor.first().value();
            key = first->key;
            value = first->value;
        }
        value[value.size() / 2] = static_cast<char>(value[value.size() / 2] ^ 1);
        ASSERT_TRUE(txn.put(tables.row, {key, value}));
        lmdb::PackedRow unknown;  // whole, but a symbol of it has no name
        unknown.row = row(nullptr);
        unknown.rspamd = lmdb::pack({500});
        ASSERT_TRUE(txn.put(tables.row, {lmdb::Key().instant(now + hours(1)).u64(1),
                                         lmdb::encode_row(unknown).value()}));
        ASSERT_TRUE(std::move(txn).commit());
    }
    const auto all = seen(dir);
    EXPECT_EQ(all.rows.size(), 9U);
    EXPECT_EQ(all.corrupt, 2U);
}

TEST(FeatureTable, begins_anew_where_its_dictionary_cannot_be_read) {
    const TempDir dir;
    {
        const Kept kept(dir);
        kept.features->note(row(book("a")));
        ASSERT_TRUE(kept.features->flush(now));
        auto txn = lmdb::Txn::write(*kept.sent->environment()).value();
        const auto tables = lmdb::FeatureTables::open(txn, lmdb::Txn::Missing::fails).value();
        ASSERT_TRUE(txn.put(tables.symbol, {lmdb::Key().u32(1), "nonsense"}));
        ASSERT_TRUE(std::move(txn).commit());
    }
    {
        const Kept kept(dir);
        kept.features->note(row(book("b")));
        ASSERT_TRUE(kept.features->flush(now));
    }
    EXPECT_EQ(seen(dir).rows.size(), 1U);
}

TEST(FeatureTable, is_cleared_for_a_host_that_wants_none) {
    const TempDir dir;
    {
        const Kept kept(dir);
        kept.features->note(row(book("a")));
        ASSERT_TRUE(kept.features->flush(now));
        ASSERT_TRUE(FeatureTable::clear(*kept.sent->environment()));
    }
    EXPECT_EQ(seen(dir).rows.size(), 0U);
    EXPECT_TRUE(FeatureReader::open(dir / "counters").value()->books().value().empty());
}

TEST(FeatureReader, says_that_nothing_was_ever_kept) {
    const TempDir dir;
    EXPECT_EQ(FeatureReader::open(dir / "counters").error().fault, Fault::not_found);
    { const auto sent = SentTable::open(dir / "counters").value(); }
    EXPECT_EQ(FeatureReader::open(dir / "counters").error().fault, Fault::not_found);
}

TEST(FeatureRecords, are_small) {
    lmdb::PackedRow packed;
    packed.row = row(nullptr);
    lmdb::Numbers symbols;
    for (std::uint32_t n = 0; n < 30; ++n) symbols.push_back(5 * n);
    packed.rspamd = lmdb::pack(symbols);
    std::vector<AtomHit> hits;
    for (std::uint32_t n = 0; n < 40; ++n) hits.push_back({37 * n, n % 8 == 0 ? 3U : 1U});
    packed.atoms = lmdb::pack_hits(hits);
    EXPECT_LT(lmdb::encode_row(packed).value().size(), 250U);
}

TEST(FeatureRecords, pack_any_numbers) {
    std::mt19937 random(1);
    for (int round = 0; round < 500; ++round) {
        lmdb::Numbers numbers;
        std::vector<AtomHit> hits;
        std::uint64_t atom = 0;
        for (std::size_t n = random() % 20; n > 0; --n) {
            const auto number = static_cast<std::uint32_t>(random() >> (random() % 32));
            numbers.push_back(number);
            atom += 1 + number / 64;
            hits.push_back({static_cast<std::uint32_t>(atom), 1 + number % 1'000});
        }
        EXPECT_EQ(lmdb::unpack(lmdb::pack(numbers)).value(), numbers);
        EXPECT_EQ(lmdb::unpack_hits(lmdb::pack_hits(hits)).value(), hits);
    }
    EXPECT_EQ(lmdb::unpack(lmdb::pack({0, UINT32_MAX})).value(), (lmdb::Numbers{0, UINT32_MAX}));
}

TEST(FeatureRecords, unpack_any_bytes) {
    std::mt19937 random(2);
    int refused = 0;
    for (int round = 0; round < 2'000; ++round) {
        std::string bytes(random() % 12, '\0');
        for (auto& byte : bytes) byte = static_cast<char>(random());
        if (!lmdb::unpack(bytes)) ++refused;
        (void)lmdb::unpack_hits(bytes);
        (void)lmdb::decode_row(bytes);
    }
    EXPECT_GT(refused, 100);
    EXPECT_FALSE(lmdb::unpack("\x80"));
    EXPECT_FALSE(lmdb::unpack("\xff\xff\xff\xff\x7f"));
}

}  // namespace
}  // namespace bailiff
