#include "lmdb/crc32c.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace bailiff::lmdb {
namespace {

struct Vector {
    std::string name, bytes;
    std::uint32_t want;
};
std::ostream& operator<<(std::ostream& out, const Vector& vector) {
    return out << vector.name;
}

std::string counted(int first, int step) {
    std::string bytes;
    for (int n = 0; n < 32; ++n) bytes += static_cast<char>(first + n * step);
    return bytes;
}

// RFC 3720, B.4, and the check value of the CRC catalogue.
const Vector vectors[] = {
    {"nothing", "", 0},
    {"zeroes", std::string(32, '\0'), 0x8a9136aa},
    {"ones", std::string(32, '\xff'), 0x62a8ab43},
    {"rising", counted(0, 1), 0x46dd794e},
    {"falling", counted(31, -1), 0x113fdb5c},
    {"digits", "123456789", 0xe3069283},
};

class Crc32c : public testing::TestWithParam<Vector> {};
INSTANTIATE_TEST_SUITE_P(Known, Crc32c, testing::ValuesIn(vectors),
                         [](const auto& row) { return row.param.name; });

TEST_P(Crc32c, is_the_known_value) {
    EXPECT_EQ(crc32c(GetParam().bytes), GetParam().want);
    EXPECT_EQ(crc32c_by_table(GetParam().bytes), GetParam().want);
}

TEST_P(Crc32c, goes_on_where_it_stopped) {
    const std::string_view bytes = GetParam().bytes;
    const auto half = bytes.size() / 2;
    EXPECT_EQ(crc32c(bytes.substr(half), crc32c(bytes.substr(0, half))), GetParam().want);
}

TEST(Crc32cBothWays, agree_at_every_length) {
    std::string bytes;
    for (int size = 0; size < 300; ++size) {
        EXPECT_EQ(crc32c(bytes), crc32c_by_table(bytes)) << size;
        bytes += static_cast<char>(size * 37);
    }
}

}  // namespace
}  // namespace bailiff::lmdb
