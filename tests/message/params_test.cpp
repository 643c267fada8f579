#include "src/message/params.hpp"

#include "tests/message/table.hpp"

namespace bailiff::mime {
namespace {

std::string shown(const std::string& text) {
    const auto parameters = read_parameters(text);
    auto out = parameters.value;
    for (const auto& [name, value] : parameters.all) out += "|" + name + "=" + value;
    return out;
}

class Parameter : public testing::TestWithParam<Row> {};
TEST_P(Parameter, is_read) {
    EXPECT_EQ(shown(GetParam().input), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Field, Parameter,
    testing::Values(
        Row{"value_only", "Text/HTML", "text/html"},
        Row{"one", "text/html; charset=utf-8", "text/html|charset=utf-8"},
        Row{"quoted", "a/b; name=\"x; y\"", "a/b|name=x; y"},
        Row{"escaped", R"(a/b; name="x\"y")", "a/b|name=x\"y"},
        Row{"no_semicolon", "a/b charset=utf-8 boundary=x", "a/b|charset=utf-8|boundary=x"},
        Row{"blanks_around_equals", "a/b; charset = utf-8", "a/b|charset=utf-8"},
        Row{"comment", "a/b (c); (d) charset=utf-8 (e)", "a/b|charset=utf-8"},
        Row{"capitals_in_a_name", "a/b; CharSet=X", "a/b|charset=X"},
        Row{"twice", "a/b; x=1; x=2", "a/b|x=1|x=2"},
        Row{"without_value", "a/b; x; y=1", "a/b|y=1"},
        Row{"empty_value", "a/b; x=; y=1", "a/b|x=|y=1"},
        Row{"quote_never_closed", "a/b; x=\"1; y=2", "a/b|x=1; y=2"},
        Row{"continued", "a/b; n*0=ab; n*1=cd", "a/b|n=abcd"},
        Row{"continued_out_of_order", "a/b; n*1=cd; n*0=ab", "a/b|n=abcd"},
        Row{"encoded", "a/b; n*=utf-8'en'caf%C3%A9", "a/b|n=caf\xC3\xA9"},
        Row{"encoded_latin1", "a/b; n*=iso-8859-1''caf%E9", "a/b|n=caf\xC3\xA9"},
        Row{"encoded_and_continued", "a/b; n*0*=utf-8''%C3; n*1*=%A9; n*2=x%", "a/b|n=\xC3\xA9x%"},
        Row{"bad_percent", "a/b; n*=utf-8''%zz%4", "a/b|n=%zz%4"},
        Row{"huge_index", "a/b; n*99999999999999=x", "a/b|n=x"},
        Row{"only_junk", ";;;===\"\"((", "===\"\""}, Row{"empty", "", ""}),
    name_of<Row>);

TEST(Parameter, of_which_there_are_too_many_are_cut) {
    std::string text = "a/b";
    for (int i = 0; i < 100'000; ++i) text += "; n*" + std::to_string(i) + "=x";
    const auto parameters = read_parameters(text);
    EXPECT_TRUE(parameters.cut);
    EXPECT_LT(parameters.first("n").size(), field_bytes_read);
}

}  // namespace
}  // namespace bailiff::mime
