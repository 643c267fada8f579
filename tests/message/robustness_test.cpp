// Mail that was cut, spliced and bent at random, from fixed seeds (faults B07, B10, B17, B18).

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "src/message/charset.hpp"
#include "src/message/parse.hpp"

namespace bailiff {
namespace {

const std::string pieces[] = {"Subject: =?utf-8?Q?caf=C3=A9?=\n",
                              "Content-Type: multipart/mixed; boundary=b\n",
                              "\n",
                              "\r\n",
                              "--b\n",
                              "--b--\n",
                              "Content-Type: text/html; charset=gb2312\n",
                              "Content-Transfer-Encoding: base64\n",
                              "Content-Type: message/rfc822\n",
                              "Content-Transfer-Encoding: quoted-printable\n",
                              "PGEgaHJlZj0iaHR0cDovL2IudGVzdC8iPng8L2E+\n",
                              "=C3=\n=A9= \n",
                              "<a href=\"http://a.test/?u=http://b.test/\">x</a>",
                              "<!--",
                              "-->",
                              "<script>",
                              "</script>",
                              "&#x41;",
                              "&nbsp",
                              "http://%61.test:80/\\x",
                              "ann@example.com",
                              "\xC3\xA9",
                              "\xFF\xFE",
                              std::string(1, '\0'),
                              "\x1B$B",
                              "+AG",
                              "word ",
                              "=?iso-2022-jp?B?GyRC",
                              "?=",
                              "\t",
                              "(",
                              "\"",
                              "\\",
                              ";",
                              "boundary=c"};

class Random {
public:
    explicit Random(unsigned seed) : engine_(seed) {}
    std::size_t below(std::size_t end) { return engine_() % end; }

private:
    std::mt19937 engine_;
};

std::string random_mail(Random& random) {
    std::string raw;
    for (auto left = random.below(60); left > 0; --left)
        raw += pieces[random.below(std::size(pieces))];
    for (auto left = random.below(8); left > 0 && !raw.empty(); --left)
        raw[random.below(raw.size())] = static_cast<char>(random.below(256));
    return raw;
}

bool keeps_promises(const Message& message) {
    bool good = !message.body.empty();
    for (const auto& line : message.body)
        good = good && line.ends_with('\n') && mime::valid_utf8_prefix(line) == line.size();
    for (const auto& field : message.fields)
        good =
            good && field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
    return good;
}

TEST(RandomMail, is_always_a_message) {
    Random random(20'260'101);
    std::string wrong;
    for (int i = 0; i < 20'000 && wrong.empty(); ++i) {
        const auto raw = random_mail(random);
        if (!keeps_promises(parse(raw))) wrong = raw;
    }
    EXPECT_EQ(wrong, "");
}

/// The views are copied out: nothing of the result may point into the input.
TEST(RandomMail, is_read_without_a_byte_beyond_its_end) {
    Random random(7);
    std::size_t fields = 0;
    for (int i = 0; i < 2'000; ++i) {
        const auto raw = random_mail(random);
        const std::vector<char> exact(raw.begin(), raw.end());  // the sanitizer watches its end
        fields += parse({exact.data(), exact.size()}).fields.size();
    }
    EXPECT_GT(fields, 0U);
}

TEST(CutMail, is_a_message_at_every_length) {
    const std::string whole =
        "Subject: =?utf-8?B?aGVsbG8=?=\r\nContent-Type: multipart/mixed; "
        "boundary=\"b\"\r\n\r\n--b\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
        "quoted-printable\r\n\r\n"
        "<p>caf=C3=A9 <a href=3D\"http://a.test/\">x</a>&eacute;</p>\r\n--b--\r\n";
    std::size_t wrong = 0;
    for (std::size_t n = 0; n <= whole.size(); ++n)
        wrong += keeps_promises(parse(whole.substr(0, n))) ? 0U : 1U;
    EXPECT_EQ(wrong, 0U);
}

TEST(LineEnds, make_no_difference) {
    Random random(99);
    std::string wrong;
    for (int i = 0; i < 5'000 && wrong.empty(); ++i) {
        std::string lf, crlf;
        for (auto left = random.below(40); left > 0; --left) {
            const auto& piece = pieces[random.below(21)];
            if (piece.find('\r') != std::string::npos) continue;
            lf += piece;
            for (const char c : piece) (crlf += c == '\n' ? "\r" : "") += c;
        }
        const auto a = parse(lf), b = parse(crlf);
        if (a.body != b.body || a.uris != b.uris || a.rawbody != b.rawbody) wrong = lf;
    }
    EXPECT_EQ(wrong, "");
}

}  // namespace
}  // namespace bailiff
