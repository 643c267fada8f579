#include "lmdb/codec.hpp"

#include <bailiff/limits.hpp>

#include "lmdb/codec_evidence_fields.hpp"
#include "lmdb/codec_index_fields.hpp"
#include "lmdb/decoder.hpp"
#include "lmdb/encoder.hpp"

namespace bailiff::lmdb {
namespace {

template <class Record>
constexpr RecordType type_of = RecordType::none;
template <>
constexpr RecordType type_of<Case> = RecordType::service_case;
template <>
constexpr RecordType type_of<Action> = RecordType::action;
template <>
constexpr RecordType type_of<StandingRow> = RecordType::standing;
template <>
constexpr RecordType type_of<Leaf> = RecordType::leaf;
template <>
constexpr RecordType type_of<Exhibit> = RecordType::exhibit;
template <>
constexpr RecordType type_of<Seal> = RecordType::seal;
template <>
constexpr RecordType type_of<ChangeCount> = RecordType::change_count;
template <>
constexpr RecordType type_of<Service> = RecordType::service;
template <>
constexpr RecordType type_of<Holder> = RecordType::holder;
template <>
constexpr RecordType type_of<CaseEntry> = RecordType::case_entry;
template <>
constexpr RecordType type_of<Mark> = RecordType::mark;
template <>
constexpr RecordType type_of<ImportInfo> = RecordType::directory_info;
template <>
constexpr RecordType type_of<SentRow> = RecordType::sent;
template <>
constexpr RecordType type_of<EffectRow> = RecordType::effect;
template <>
constexpr RecordType type_of<ActionBreaker> = RecordType::breaker;
template <>
constexpr RecordType type_of<RuleAge> = RecordType::rule_age;
template <>
constexpr RecordType type_of<Schema> = RecordType::schema;

}  // namespace

template <class Record>
Result<std::string> encode(const Record& record) {
    static_assert(type_of<Record> != RecordType::none);
    Encoder encoder;
    describe(encoder, record);
    return encoder.finish(type_of<Record>);
}

template <class Record>
Result<Record> decode(std::string_view bytes) {
    BAILIFF_TRY(auto decoder, Decoder::open(bytes, type_of<Record>));
    Record record;
    describe(decoder, record);
    BAILIFF_CHECK(decoder.finish());
    return record;
}

std::string message_head(std::string_view raw) {
    return envelope_of(RecordType::message, raw);
}

Result<std::string_view> decode_message(std::string_view bytes) {
    BAILIFF_TRY(const auto decoder, Decoder::open(bytes, RecordType::message,
                                                  limits::message_bytes_max + envelope_size));
    return decoder.rest();
}

#define BAILIFF_STORED_(Record)                         \
    template Result<std::string> encode(const Record&); \
    template Result<Record> decode(std::string_view);
BAILIFF_STORED_(Case)
BAILIFF_STORED_(Action)
BAILIFF_STORED_(StandingRow)
BAILIFF_STORED_(Leaf)
BAILIFF_STORED_(Exhibit)
BAILIFF_STORED_(Seal)
BAILIFF_STORED_(ChangeCount)
BAILIFF_STORED_(Service)
BAILIFF_STORED_(Holder)
BAILIFF_STORED_(CaseEntry)
BAILIFF_STORED_(Mark)
BAILIFF_STORED_(ImportInfo)
BAILIFF_STORED_(Schema)
BAILIFF_STORED_(SentRow)
BAILIFF_STORED_(EffectRow)
BAILIFF_STORED_(ActionBreaker)
BAILIFF_STORED_(RuleAge)
#undef BAILIFF_STORED_

}  // namespace bailiff::lmdb
