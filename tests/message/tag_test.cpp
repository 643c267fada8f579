#include "src/message/tag.hpp"

#include "tests/message/table.hpp"

namespace bailiff::html {
namespace {

/// "text" as it is, "<name name=value>" for a tag, "{}" for what is passed over.
std::string shown(const std::string& html) {
    TagReader reader(html);
    std::string out;
    Tag tag;
    while (!reader.at_end()) {
        out += reader.text();
        if (reader.at_end()) break;
        const bool is_tag = reader.read(tag);
        if (!is_tag) {
            out += tag.is_text ? "{<}" : "{}";
            continue;
        }
        out += (tag.is_end ? "</" : "<") + tag.name;
        for (const auto& [name, value] : tag.attributes)
            out += " " + name + "=" + std::string(value);
        out += ">";
    }
    return out;
}

class TagReading : public testing::TestWithParam<Row> {};
TEST_P(TagReading, of_tags) {
    EXPECT_EQ(shown(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Tag, TagReading,
    testing::Values(Row{"one", "a<B>c</b>d", "a<b>c</b>d"},
                    Row{"attributes", "<a x=1 href=\"2\" src='3'>", "<a href=2 src=3>"},
                    Row{"no_value", "<a href src=1>", "<a src=1>"}, Row{"slash", "<br/>x", "<br>x"},
                    Row{"less_than", "a<1", "a{<}1"}, Row{"empty_tag", "a<>b", "a{<}>b"},
                    Row{"empty_end_tag", "a</>b", "a{}>b"},
                    Row{"comment", "a<!-- <b> -->c", "a{}c"}, Row{"last", "<", "{<}"},
                    Row{"cut_end_tag", "</", "{}"}, Row{"cut_name", "<abc", "<abc>"},
                    Row{"equals_first", "<a =x href=y>", "<a href=y>"}),
    name_of<Row>);

}  // namespace
}  // namespace bailiff::html
