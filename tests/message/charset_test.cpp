#include "src/message/charset.hpp"

#include "tests/message/table.hpp"

namespace bailiff::mime {
namespace {

struct Case {
    std::string name, declared, input, want;
};
std::ostream& operator<<(std::ostream& out, const Case& row) {
    return out << row.declared;
}

class ToUtf8 : public testing::TestWithParam<Case> {};
TEST_P(ToUtf8, reads_what_a_client_reads) {
    EXPECT_EQ(to_utf8(GetParam().input, GetParam().declared), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Charsets, ToUtf8,
    testing::Values(
        // Strict UTF-8 is taken as such, whatever is declared.
        Case{"ascii", "iso-8859-15", "plain", "plain"},
        Case{"utf8_undeclared", "", "caf\xC3\xA9", "caf\xC3\xA9"},
        Case{"utf8_declared_latin1", "iso-8859-1", "caf\xC3\xA9", "caf\xC3\xA9"},
        Case{"byte_order_mark", "utf-8", "\xEF\xBB\xBFhi", "hi"},
        Case{"nul_is_kept", "", std::string("a\0b", 3), std::string("a\0b", 3)},
        // Then the declaration.
        Case{"latin1", "iso-8859-1", "caf\xE9", "caf\xC3\xA9"},
        Case{"latin1_is_windows_1252", "iso-8859-1", "\x80", "\xE2\x82\xAC"},
        Case{"latin9", "iso-8859-15", "\xA4", "\xE2\x82\xAC"},
        Case{"cyrillic", "koi8-r", "\xD0\xD2\xC9", "\xD0\xBF\xD1\x80\xD0\xB8"},
        Case{"windows_1251", "windows-1251", "\xEF", "\xD0\xBF"},
        Case{"cp1251", "cp1251", "\xEF", "\xD0\xBF"},
        Case{"shift_jis", "shift_jis", "\x83\x65", "\xE3\x83\x86"},
        Case{"gb2312", "gb2312", "\xC4\xE3", "\xE4\xBD\xA0"},
        Case{"big5", "big5", "\xA7\x41", "\xE4\xBD\xA0"},
        Case{"euc_kr", "euc-kr", "\xB0\xA1", "\xEA\xB0\x80"},
        // 7-bit charsets with shifts are valid UTF-8 too, so they come first (B09).
        Case{"utf7", "utf-7", "+AHYAaQBhAGcAcgBh-", "viagra"},
        Case{"iso_2022_jp", "iso-2022-jp", "\x1B$B%F\x1B(B", "\xE3\x83\x86"},
        // UTF-16, with mark, by declaration, by the place of its NULs.
        Case{"utf16_mark", "", std::string("\xFF\xFEh\0i\0", 6), "hi"},
        Case{"utf16_be_mark", "utf-16", std::string("\xFE\xFF\0h\0i", 6), "hi"},
        Case{"utf16_no_mark_le", "utf-16", std::string("h\0i\0", 4), "hi"},
        Case{"utf16_no_mark_be", "utf-16", std::string("\0h\0i", 4), "hi"},
        Case{"utf16_undeclared_stays", "", std::string("h\0i\0", 4), std::string("h\0i\0", 4)},
        Case{"utf16_mark_before_other_text", "utf-8", "\xFF\xFEhi", "\xEF\xBF\xBD\xEF\xBF\xBDhi"},
        Case{"utf16_mark_before_undeclared_text", "", "\xFF\xFEhi", "\xC3\xBF\xC3\xBEhi"},
        // Bad bytes never hide what stands around them (B11).
        Case{"utf8_bad_byte", "utf-8", "via\xFFgra", "via\xEF\xBF\xBDgra"},
        Case{"utf8_overlong", "utf-8", "\xC0\xAE", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        Case{"utf8_surrogate", "utf-8", "\xED\xA0\x80x", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx"},
        Case{"utf8_cut", "utf-8", "a\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD"},
        Case{"gb_bad_byte", "gb2312",
             "a\xFF"
             "b",
             "a\xEF\xBF\xBD"
             "b"},
        Case{"gb_cut", "gb2312", "a\xC4", "a\xEF\xBF\xBD"},
        Case{"undeclared_is_windows_1252", "", "caf\xE9 \x93x\x94",
             "caf\xC3\xA9 \xE2\x80\x9Cx\xE2\x80\x9D"},
        // A charset that is not ours to ask for.
        Case{"unknown", "x-no-such", "caf\xE9", "caf\xC3\xA9"},
        Case{"iconv_suffix", "utf-16//ignore", "caf\xE9", "caf\xC3\xA9"},
        Case{"risky_converter", "iso-2022-cn-ext", "caf\xE9", "caf\xC3\xA9"},
        Case{"path", "../../x", "caf\xE9", "caf\xC3\xA9"},
        Case{"number_too_large", "iso-8859-99999999999", "caf\xE9", "caf\xC3\xA9"},
        Case{"number_missing", "windows-", "caf\xE9", "caf\xC3\xA9"}),
    name_of<Case>);

/// Every byte sequence of length three: what comes out is always valid.
TEST(ToUtf8, is_valid_for_all_short_inputs) {
    prepare_converters();
    const std::string interesting = "\x41\x7F\x80\xBF\xC0\xC2\xE0\xED\xEF\xF0\xF4\xF5\xFF\x1B\x2B";
    std::size_t bad = 0;
    for (const char a : interesting)
        for (const char b : interesting)
            for (const char c : interesting)
                for (const auto* charset :
                     {"", "utf-8", "gb2312", "iso-2022-jp", "utf-7", "utf-16"}) {
                    const auto text = to_utf8(std::string{a, b, c}, charset);
                    bad += valid_utf8_prefix(text) == text.size() ? 0U : 1U;
                }
    EXPECT_EQ(bad, 0U);
}

TEST(AppendUtf8, covers_each_length_and_refuses_what_is_none) {
    std::string out;
    for (const char32_t code : {0x41U, 0xE9U, 0x20ACU, 0x1F600U, 0xD800U, 0x110000U})
        append_utf8(out, code);
    EXPECT_EQ(out, "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace bailiff::mime
