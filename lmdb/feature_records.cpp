#include "lmdb/feature_records.hpp"

#include <limits>

#include "lmdb/codec_fields.hpp"
#include "lmdb/decoder.hpp"
#include "lmdb/encoder.hpp"

namespace bailiff::lmdb {

// Not in a namespace without a name: Encoder and Decoder look for them by their argument.

template <class Walk, Of<Atom> T>
void describe(Walk& walk, T& atom) {
    walk(atom.symbol);
    walk(atom.definition);
}

template <class Walk, Of<LearntBook> T>
void describe(Walk& walk, T& learnt) {
    walk(learnt.learnt);
    walk(learnt.book.rule_set);
    walk(learnt.book.traps);
    walk.list(learnt.book.atoms);
}

template <class Walk, Of<Rates> T>
void describe(Walk& walk, T& rates) {
    walk(rates.messages_minute);
    walk(rates.messages_hour);
    walk(rates.recipients_hour);
}

/// The truths of a row, a bit each, in this order; the bits are format.
template <class Row, class Each>
void each_more_flag(Row& row, const Each& each) {
    each(row.on_probation, 0);
    each(row.proves_login, 1);
    each(row.names_script, 2);
}

template <class Row, class Each>
void each_flag(Row& row, const Each& each) {
    each(row.answers, 0);
    each(row.vouched, 1);
    each(row.test, 2);
    each(row.is_protected, 3);
    each(row.directory_fresh, 4);
    each(row.late, 5);
    each(row.atoms.cut, 6);
    each(row.decided.holds, 7);
}

/// `each_of(row, each)` names the flags of one byte.
template <class Walk, Of<FeatureRow> T, class Flags>
void describe_flags(Walk& walk, T& row, const Flags& each_of) {
    std::uint8_t flags = 0;
    if constexpr (!Walk::reads)
        each_of(row, [&](bool flag, unsigned bit) {
            if (flag) flags = static_cast<std::uint8_t>(flags | (1U << bit));
        });
    walk(flags);
    if constexpr (Walk::reads)
        each_of(row, [&](bool& flag, unsigned bit) { flag = (flags & (1U << bit)) != 0; });
}

template <class Walk, Of<Habits> T>
void describe(Walk& walk, T& habits) {
    walk(habits.networks_hour);
    walk(habits.messages_hour);
    walk(habits.usual_hour);
    walk(habits.days_known);
    walk(habits.new_network);
}

template <class Walk, Of<PackedRow> T>
void describe(Walk& walk, T& packed) {
    auto& row = packed.row;
    walk(packed.book);
    walk(row.received);
    walk.choice(row.door, Door::unknown, Door::local);
    walk(row.rcpt_count);
    walk.choice(row.strength, Strength::unknown, Strength::proven);
    describe(walk, row.service);
    walk(row.account);
    describe_flags(walk, row, [](auto& of, const auto& each) { each_flag(of, each); });
    describe_flags(walk, row, [](auto& of, const auto& each) { each_more_flag(of, each); });
    walk(row.plan);
    walk.choice(row.trap, TrapHit::none, TrapHit::hit);
    walk.maybe(row.rates);
    walk.maybe(row.habits);
    walk.choice(row.asked, Asked::nobody, Asked::heard);
    walk.choice(row.decided.level, Level::pass, Level::confirmed);
    walk(row.decided.path);
    walk.choice(row.decided.reply, Reply::Kind::proceed, Reply::Kind::hold);
    walk(packed.atoms);
    walk(packed.rspamd);
    walk(packed.others);
    walk(packed.limits);
}

namespace {

template <class Record>
Result<std::string> encoded(const Record& record, RecordType type) {
    Encoder encoder;
    describe(encoder, record);
    return encoder.finish(type);
}

template <class Record>
Result<Record> decoded(std::string_view bytes, RecordType type) {
    BAILIFF_TRY(auto decoder, Decoder::open(bytes, type));
    Record record;
    describe(decoder, record);
    BAILIFF_CHECK(decoder.finish());
    return record;
}

void put_number(std::string& bytes, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) bytes += static_cast<char>((number & 0x7f) | 0x80);
    bytes += static_cast<char>(number);
}

/// Takes one number off `bytes`.
Result<std::uint64_t> take_number(std::string_view& bytes) {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift <= 28 + 7 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) return number;
    }
    return fail(Fault::corrupt, "a packed number has no end");
}

constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::string pack(const Numbers& numbers) {
    std::string bytes;
    for (const auto number : numbers) put_number(bytes, number);
    return bytes;
}

Result<Numbers> unpack(std::string_view bytes) {
    Numbers numbers;
    while (!bytes.empty()) {
        BAILIFF_TRY(const auto number, take_number(bytes));
        if (number > most) return fail(Fault::corrupt, "a packed number is too large");
        numbers.push_back(static_cast<std::uint32_t>(number));
    }
    return numbers;
}

std::string pack_hits(const std::vector<AtomHit>& hits) {
    std::string bytes;
    std::uint32_t next = 0;
    for (const auto& hit : hits) {
        const bool counted = hit.count != 1;
        put_number(bytes, (std::uint64_t{hit.atom} - next) * 2 + (counted ? 1 : 0));
        if (counted) put_number(bytes, hit.count);
        next = hit.atom + 1;
    }
    return bytes;
}

Result<std::vector<AtomHit>> unpack_hits(std::string_view bytes) {
    std::vector<AtomHit> hits;
    std::uint64_t next = 0;
    while (!bytes.empty()) {
        BAILIFF_TRY(const auto gap, take_number(bytes));
        std::uint64_t count = 1;
        if (gap % 2 == 1) {
            BAILIFF_TRY(count, take_number(bytes));
        }
        const auto atom = next + gap / 2;
        if (atom >= most || count > most) return fail(Fault::corrupt, "a packed hit is too large");
        hits.push_back({static_cast<std::uint32_t>(atom), static_cast<std::uint32_t>(count)});
        next = atom + 1;
    }
    return hits;
}

Result<std::string> encode_book(const LearntBook& book) {
    return encoded(book, RecordType::feature_book);
}

Result<std::string> encode_symbol(const std::string& symbol) {
    Encoder encoder;
    encoder(symbol);
    return encoder.finish(RecordType::feature_symbol);
}

Result<std::string> encode_row(const PackedRow& row) {
    return encoded(row, RecordType::feature_row);
}

Result<LearntBook> decode_book(std::string_view bytes) {
    return decoded<LearntBook>(bytes, RecordType::feature_book);
}

Result<std::string> decode_symbol(std::string_view bytes) {
    BAILIFF_TRY(auto decoder, Decoder::open(bytes, RecordType::feature_symbol));
    std::string symbol;
    decoder(symbol);
    BAILIFF_CHECK(decoder.finish());
    return symbol;
}

Result<PackedRow> decode_row(std::string_view bytes) {
    return decoded<PackedRow>(bytes, RecordType::feature_row);
}

}  // namespace bailiff::lmdb
