#include "lmdb/codec.hpp"

#include <gtest/gtest.h>

#include <bailiff/limits.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "lmdb/crc32c.hpp"
#include "lmdb/encoder.hpp"
#include "tests/lmdb/samples.hpp"

namespace bailiff::lmdb {
namespace {

using namespace samples;

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

/// Encoding what was decoded gives the same bytes; Case has no operator==.
template <class Record>
void expect_round_trip(const Record& record) {
    const auto bytes = encode(record).value();
    const auto back = decode<Record>(bytes);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(hex(encode(*back).value()), hex(bytes));
}

template <class Record>
void expect_every_flip_is_found(const Record& record) {
    const auto bytes = encode(record).value();
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto wrong = bytes;
        wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(decode<Record>(wrong)) << "bit " << bit;
    }
}

template <class Record>
void expect_every_cut_is_found(const Record& record) {
    const auto bytes = encode(record).value();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode<Record>(std::string_view(bytes).substr(0, size))) << size;
    EXPECT_FALSE(decode<Record>(bytes + '\0'));
}

/// A record whose checksum is right and whose payload is not.
std::string sealed(RecordType type, const std::string& payload) {
    return envelope_of(type, payload) + payload;
}

const StandingRow held{Standing::held, case_id(5), at_ms(1'000)};
const Leaf leaf{"case", "B0000000000000005", digest(9), at_ms(2'000), digest(7)};
const Exhibit exhibit{"1-subscriber/holder.json", digest(3), 17};

TEST(Codec, gives_back_what_it_was_given) {
    expect_round_trip(full_case(1));
    expect_round_trip(Case{});
    expect_round_trip(full_action(1, 2));
    expect_round_trip(held);
    expect_round_trip(leaf);
    expect_round_trip(exhibit);
    expect_round_trip(full_seal(3));
    expect_round_trip(ChangeCount{7});
    expect_round_trip(full_service(3));
    expect_round_trip(full_holder(4));
    expect_round_trip(CaseEntry{case_id(5), CaseState::released});
    expect_round_trip(Schema{"ledger", 1});
}

TEST(Codec, gives_back_equal_values) {
    EXPECT_EQ(decode<Action>(encode(full_action(1, 2)).value()).value(), full_action(1, 2));
    EXPECT_EQ(decode<Service>(encode(full_service(1)).value()).value(), full_service(1));
    EXPECT_EQ(decode<Holder>(encode(full_holder(1)).value()).value(), full_holder(1));
    EXPECT_EQ(decode<StandingRow>(encode(held).value()).value(), held);
    EXPECT_EQ(decode<Leaf>(encode(leaf).value()).value(), leaf);
    EXPECT_EQ(decode<Exhibit>(encode(exhibit).value()).value(), exhibit);
    EXPECT_EQ(decode<Seal>(encode(full_seal(2)).value()).value(), full_seal(2));
}

TEST(Codec, gives_back_anything) {
    Sampler sampler(1);
    for (int round = 0; round < 300; ++round) {
        expect_round_trip(sampler.any_case());
        expect_round_trip(sampler.any_action());
        expect_round_trip(sampler.any_service());
    }
}

TEST(Codec, finds_every_flipped_bit) {  // fault E09
    expect_every_flip_is_found(full_case(1));
    expect_every_flip_is_found(full_action(1, 2));
    expect_every_flip_is_found(held);
    expect_every_flip_is_found(leaf);
    expect_every_flip_is_found(exhibit);
    expect_every_flip_is_found(full_seal(1));
    expect_every_flip_is_found(full_service(3));
    expect_every_flip_is_found(full_holder(4));
}

TEST(Codec, finds_every_cut) {
    expect_every_cut_is_found(full_case(1));
    expect_every_cut_is_found(full_action(1, 2));
    expect_every_cut_is_found(full_service(3));
}

TEST(Codec, reads_any_bytes_under_a_right_checksum) {
    Sampler sampler(2);
    for (int round = 0; round < 3'000; ++round) {
        auto payload = encode(sampler.any_case()).value().substr(envelope_size);
        for (auto left = 1 + sampler.below(4); left > 0; --left)
            payload[sampler.below(payload.size())] = static_cast<char>(sampler.below(256));
        payload.resize(payload.size() - sampler.below(2) * sampler.below(payload.size()));
        const auto read = decode<Case>(sealed(RecordType::service_case, payload));
        EXPECT_TRUE(read || read.error().fault == Fault::corrupt);
    }
}

struct Refused {
    std::string name, payload;
};
std::ostream& operator<<(std::ostream& out, const Refused& row) {
    return out << row.name;
}

// A standing: u8 standing, text case id, i64 since, i64 probation.
const std::string no_id(4, '\0'), zero_time(16, '\0');
const Refused refused[] = {
    {"unknown_choice", '\5' + no_id + zero_time},
    {"length_beyond_the_record", '\1' + std::string("\xff\xff\xff\xff", 4) + zero_time},
    {"length_beyond_the_bound", '\1' + std::string("\x7f\x00\x00\x00", 4) + zero_time},
    {"malformed_id", '\1' + std::string("\0\0\0\1", 4) + "x" + zero_time},
    {"time_beyond_year_9999",
     '\1' + no_id + std::string("\x7f\xff\xff\xff\xff\xff\xff\xff", 8) + zero_time.substr(8)},
    {"bytes_left_over", '\1' + no_id + zero_time + '\0'},
    {"nothing", ""},
};

class RefusedStanding : public testing::TestWithParam<Refused> {};
INSTANTIATE_TEST_SUITE_P(Codec, RefusedStanding, testing::ValuesIn(refused),
                         [](const auto& row) { return row.param.name; });
TEST_P(RefusedStanding, is_corrupt) {
    const auto read = decode<StandingRow>(sealed(RecordType::standing, GetParam().payload));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().fault, Fault::corrupt);
}

TEST(Codec, accepts_the_row_that_the_refused_ones_vary) {
    EXPECT_TRUE(decode<StandingRow>(sealed(RecordType::standing, '\1' + no_id + zero_time)));
}

TEST(Codec, does_not_take_one_type_for_another) {
    EXPECT_FALSE(decode<Leaf>(encode(held).value()));
    EXPECT_FALSE(decode<Case>(encode(full_action(1, 2)).value()));
}

TEST(Codec, says_that_a_version_is_unknown) {  // fault E16
    std::string head{'\4', '\3'};
    const std::string payload = '\1' + no_id + zero_time;
    const auto sum = crc32c(payload, crc32c(head));
    for (int shift = 24; shift >= 0; shift -= 8) head += static_cast<char>(sum >> shift);
    const auto read = decode<StandingRow>(head + payload);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().what.find("version 4"), std::string::npos) << read.error().what;
}

TEST(Codec, refuses_to_write_what_it_would_not_read) {
    auto long_text = full_case(1);
    long_text.attribution_reason.fr.assign(record_text_max + 1, 'x');
    EXPECT_EQ(encode(long_text).error().fault, Fault::exhausted);
    auto long_list = full_case(1);
    long_list.events.resize(record_list_max + 1);
    EXPECT_EQ(encode(long_list).error().fault, Fault::exhausted);
    auto late = full_case(1);
    late.opened = Instant::max();
    EXPECT_EQ(encode(late).error().fault, Fault::exhausted);
}

TEST(Codec, writes_the_bytes_that_the_readme_shows) {
    EXPECT_EQ(
        hex(encode(StandingRow{Standing::held, case_id(5), at_ms(1'795'397'215'123)}).value()),
        "0303d9102a55"  // version 3, type 3, CRC-32C
        "01"            // held
        "00000011"
        "4230303030303030303030303030303035"  // 17 bytes: B0000000000000005
        "000001a206036393"
        "0000000000000000");
}

TEST(StoredMessage, is_given_back_and_every_flip_is_found) {
    const std::string raw = "Subject: x\r\n\r\nbody\r\n";
    const auto stored = message_head(raw) + raw;
    EXPECT_EQ(decode_message(stored).value(), raw);
    for (std::size_t bit = 0; bit < stored.size() * 8; ++bit) {
        auto wrong = stored;
        wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(decode_message(wrong)) << bit;
    }
}

}  // namespace
}  // namespace bailiff::lmdb
