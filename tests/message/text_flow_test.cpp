#include "src/message/text_flow.hpp"

#include <gtest/gtest.h>

namespace bailiff::html {
namespace {

TEST(TextFlow, collapses_blanks_across_pieces) {
    std::string out;
    TextFlow flow(out);
    flow.add("a ");
    flow.add(" b\r\n");
    flow.space();
    flow.add("c");
    EXPECT_EQ(out, "a b c");
}

TEST(TextFlow, trims_blanks_at_breaks) {
    std::string out;
    TextFlow flow(out);
    flow.add(" a ");
    flow.line();
    flow.add(" b ");
    flow.paragraph();
    flow.add(" c");
    EXPECT_EQ(out, "a\nb\n\nc");
}

}  // namespace
}  // namespace bailiff::html
