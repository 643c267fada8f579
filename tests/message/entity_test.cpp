#include "src/message/entity.hpp"

#include "tests/message/table.hpp"

namespace bailiff::mime {
namespace {

std::string shown(const std::string& header) {
    const auto entity = read_entity(read_header(header).fields, "text/plain");
    std::string out;
    for (const auto& each : entity.types) out += each + " ";
    for (const auto& each : entity.boundaries) out += "[" + each + "] ";
    for (const auto each : entity.encodings) out += std::to_string(static_cast<int>(each));
    return out + "|" + entity.charset + "|" + entity.file_name + (entity.ambiguous ? "|!" : "");
}

class EntityReading : public testing::TestWithParam<Row> {};
TEST_P(EntityReading, of_a_part_header) {
    EXPECT_EQ(shown(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Entity, EntityReading,
    testing::Values(
        Row{"default", "", "text/plain 0||"},
        Row{"html", "Content-Type: text/html; charset=UTF-8\n", "text/html 0|utf-8|"},
        Row{"base64", "Content-Transfer-Encoding: BASE64\n", "text/plain 1||"},
        Row{"no_type", "Content-Type: text\n", "text/plain 0||"},
        Row{"odd_type", "Content-Type: te<xt/plain\n", "text/plain 0||"},
        Row{"multipart", "Content-Type: multipart/mixed; boundary=\"a b \"\n",
            "multipart/mixed [a b] 0||"},
        Row{"multipart_without_boundary", "Content-Type: multipart/mixed\n", "multipart/mixed 0||"},
        Row{"name", "Content-Type: a/b; name=x.bin\n", "a/b 0||x.bin"},
        Row{"file_name_wins",
            "Content-Type: a/b; name=x\nContent-Disposition: attachment; filename=y\n", "a/b 0||y"},
        Row{"encoded_file_name",
            "Content-Disposition: attachment; filename=\"=?utf-8?B?aGVsbG8=?=\"\n",
            "text/plain 0||hello"},
        // Two of a kind: both readings (B08).
        Row{"two_types", "Content-Type: text/plain\nContent-Type: text/html\n",
            "text/plain text/html 0|||!"},
        Row{"three_types", "Content-Type: a/a\nContent-Type: b/b\nContent-Type: c/c\n",
            "a/a c/c 0|||!"},
        Row{"same_type_twice", "Content-Type: text/html\nContent-Type: text/html\n",
            "text/html 0|||!"},
        Row{"two_encodings", "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit\n",
            "text/plain 10|||!"},
        Row{"two_boundaries", "Content-Type: multipart/mixed; boundary=a; boundary=b\n",
            "multipart/mixed [a] [b] 0|||!"},
        Row{"boundary_also_continued", "Content-Type: multipart/mixed; boundary=a; boundary*0=b\n",
            "multipart/mixed [a] [b] 0|||!"}),
    name_of<Row>);

}  // namespace
}  // namespace bailiff::mime
