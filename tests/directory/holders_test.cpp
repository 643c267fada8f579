#include <gmock/gmock.h>

#include "src/directory/import.hpp"

namespace bailiff {
namespace {

struct Wrong {
    const char* name;
    std::string text;
    std::string want;
};
std::ostream& operator<<(std::ostream& out, const Wrong& row) {
    return out << row.name;
}

const std::string head = "holder,name,email,phone,address,country,language\n";

const Wrong wrongs[] = {
    {"no_name", head + "h1,,,,,,\n", "h:2: name: expected a value: the field is required"},
    {"no_mail_address", head + "h1,N,nobody,,,,\n",
     "h:2: email: 'nobody': expected a mail address"},
    {"small_country", head + "h1,N,,,,fr,\n",
     "h:2: country: 'fr': expected two capital letters (ISO 3166-1), such as FR"},
    {"language", head + "h1,N,,,,FR,de\n", "h:2: language: 'de': expected en, fr or nothing"},
    {"twice", head + "h1,N,,,,,\nh1,M,,,,,\n",
     "h:3: holder: 'h1': expected each once; it is in line 2"},
    {"unknown_field", "[{\"holder\":\"h1\",\"name\":\"N\",\n\"iban\":\"x\"}]",
     "h:2: iban: 'x': expected holder, name, email, phone, address, country or language"},
    {"control_bytes", "[{\"holder\":\"h1\",\n\"name\":\"N\\u001b[2J\"}]",
     "h:2: name: 'N\\x1b[2J': expected text of at most 500 bytes without control characters"},
    {"too_long", head + "h1," + std::string(import_text_bytes_max + 1, 'N') + ",,,,,\n",
     "h:2: name: '" + std::string(60, 'N') +
         "...': expected text of at most 500 bytes without control characters"},
};

class WrongHolders : public testing::TestWithParam<Wrong> {};
TEST_P(WrongHolders, are_named_with_line_and_field) {
    const auto holders = read_holders(GetParam().text, "h");
    ASSERT_FALSE(holders.has_value());
    EXPECT_EQ(holders.error().what, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(Holders, WrongHolders, testing::ValuesIn(wrongs),
                         [](const auto& row) { return row.param.name; });

const Holder want{.id = *HolderId::parse("h1"),
                  .name = "Example, Ltd.",
                  .email = "contact@example.com",
                  .phone = "+33 1 99 00 00 00",
                  .address = "1 rue d'Exemple",
                  .country = "FR",
                  .language = "fr"};

TEST(Holders, are_read_from_csv) {
    const auto holders = read_holders(
        head + "h1,\"Example, Ltd.\",contact@example.com,+33 1 99 00 00 00,1 rue d'Exemple,FR,fr\n",
        "h.csv");
    ASSERT_TRUE(holders.has_value()) << holders.error().what;
    EXPECT_THAT(*holders, testing::ElementsAre(want));
}

TEST(Holders, are_read_from_json) {
    const auto holders = read_holders(
        R"([{"holder":"h1","name":"Example, Ltd.","email":"contact@example.com",
             "phone":"+33 1 99 00 00 00","address":"1 rue d'Exemple","country":"FR",
             "language":"fr"},
            {"holder":"h2","name":"Other","email":null}])",
        "h.json");
    ASSERT_TRUE(holders.has_value()) << holders.error().what;
    ASSERT_EQ(holders->size(), 2U);
    EXPECT_EQ((*holders)[0], want);
}

}  // namespace
}  // namespace bailiff
