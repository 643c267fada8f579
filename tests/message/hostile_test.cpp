// Generators of hostile mail (faults B01 to B18), run on a stack of 256 KB.

#include <gmock/gmock.h>
#include <pthread.h>

#include <bailiff/limits.hpp>
#include <ctime>
#include <functional>

#include "src/message/charset.hpp"
#include "src/message/parse.hpp"
#include "tests/message/table.hpp"

namespace bailiff {
namespace {

using testing::Contains;
using testing::Field;

struct Job {
    const std::string* raw;
    Message message;
    double cpu_s;
};

double thread_cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void* run(void* argument) {
    auto* job = static_cast<Job*>(argument);
    const auto begin = thread_cpu_s();
    job->message = parse(*job->raw);
    job->cpu_s = thread_cpu_s() - begin;
    return nullptr;
}

Job parse_on_small_stack(const std::string& raw) {
    Job job{&raw, {}, 0};
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 256U << 10);
    pthread_t thread{};
    if (pthread_create(&thread, &attributes, run, &job) == 0) pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
    return job;
}

/// What every message must satisfy, whatever it was made of.
std::string broken_promise(const Message& message) {
    const auto is_valid = [](const std::string& text) {
        return mime::valid_utf8_prefix(text) == text.size();
    };
    std::size_t text = 0;
    for (const auto& field : message.fields) {
        if (!is_valid(field.value)) return "a value is no UTF-8";
        if (field.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
            return "a value has lines";
    }
    for (const auto& part : message.parts) text += part.text.size();
    if (text > limits::text_bytes_max + limits::mime_parts_max) return "too much text";
    if (message.parts.size() > limits::mime_parts_max) return "too many parts";
    if (message.fields.size() > limits::header_count_max) return "too many fields";
    if (message.uris.size() > limits::uris_max) return "too many addresses";
    if (message.body.empty()) return "no subject";
    for (const auto& line : message.body) {
        if (!line.ends_with('\n') || line.size() > 2'049) return "a line is too long or has no end";
        if (!is_valid(line)) return "a line is no UTF-8";
    }
    for (const auto& chunk : message.rawbody)
        if (chunk.size() > 4'096) return "a chunk is too long";
    for (const auto& uri : message.uris)
        if (uri.size() > limits::uri_bytes_max + 16) return "an address is too long";
    return "";
}

std::string times(std::size_t n, const std::string& text) {
    std::string all;
    all.reserve(n * text.size());
    for (std::size_t i = 0; i < n; ++i) all += text;
    return all;
}

std::string numbered(std::size_t n, const std::function<std::string(std::size_t)>& piece) {
    std::string all;
    for (std::size_t i = 0; i < n; ++i) all += piece(i);
    return all;
}

std::string html(const std::string& body) {
    return "Content-Type: text/html\n\n" + body;
}

std::string nested_multiparts(std::size_t n) {
    return numbered(n, [](std::size_t i) {
        const auto name = "b" + std::to_string(i);
        return "Content-Type: multipart/mixed; boundary=" + name + "\n\n--" + name + "\n";
    });
}

/// Boundaries that differ in the last byte, and lines that fit all but that byte.
std::string alike_boundaries() {
    const std::string stem(69, 'x');
    const auto open = numbered(60, [&](std::size_t i) {
        const auto name = stem + static_cast<char>('0' + i);
        return "Content-Type: multipart/mixed; boundary=\"" + name + "\"\n\n--" + name + "\n";
    });
    return open + times(100'000, "--" + stem + "!\n");
}

struct Hostile {
    std::string name, symbol;
    std::function<std::string()> make;
};
std::ostream& operator<<(std::ostream& out, const Hostile& row) {
    return out << row.name;
}

// ThreadSanitizer looks at every byte that iconv(3) touches, which costs some hundred times more.
#if defined(__SANITIZE_THREAD__)
constexpr double cpu_bound_s = 200;
#elif defined(__has_feature)
constexpr double cpu_bound_s = __has_feature(thread_sanitizer) ? 200 : 10;
#else
constexpr double cpu_bound_s = 10;
#endif

class HostileMail : public testing::TestWithParam<Hostile> {};
/// The bound is far from what is needed (some 0.05 s) and as far from what a quadratic step takes.
TEST_P(HostileMail, is_read_within_all_bounds) {
    const auto raw = GetParam().make();
    prepare_parser();
    const auto job = parse_on_small_stack(raw);
    EXPECT_EQ(broken_promise(job.message), "");
    EXPECT_LT(job.cpu_s, cpu_bound_s) << raw.size() << " bytes";
    if (GetParam().symbol.empty()) return;
    EXPECT_THAT(job.message.limits, Contains(Field(&Finding::symbol, GetParam().symbol)));
}

INSTANTIATE_TEST_SUITE_P(
    Mime, HostileMail,
    testing::Values(
        Hostile{"B01_multiparts", "MIME_TOO_DEEP", [] { return nested_multiparts(10'000); }},
        Hostile{"B01_messages", "MIME_TOO_DEEP",
                [] { return times(10'000, "Content-Type: message/rfc822\n\n"); }},
        Hostile{"B01_digests", "MIME_TOO_DEEP",
                [] {
                    return "Content-Type: multipart/digest; boundary=b\n\n--b\n\n" +
                           times(10'000, "Content-Type: multipart/digest; boundary=b\n\n--b\n\n");
                }},
        Hostile{"B02_parts", "MIME_TOO_MANY_PARTS",
                [] {
                    return "Content-Type: multipart/mixed; boundary=b\n\n" +
                           times(1'000'000, "--b\n\n");
                }},
        Hostile{"B02_messages_side_by_side", "MIME_TOO_MANY_PARTS",
                [] {
                    return "Content-Type: multipart/digest; boundary=b\n\n" +
                           times(200'000, "--b\n\nA: 1\n\nx\n");
                }},
        Hostile{"B03_headers", "HEADERS_CUT", [] { return times(500'000, "X: y\n"); }},
        Hostile{"B03_headers_of_parts", "HEADERS_CUT",
                [] {
                    return "Content-Type: multipart/mixed; boundary=b\n\n--b\n" +
                           times(500'000, "X: y\n");
                }},
        Hostile{"B03_addresses", "",
                [] { return "To: " + times(50'000, "a@example.com, ") + "\n\n"; }},
        Hostile{"B04_parameters", "HEADERS_CUT",
                [] { return "Content-Type: a/b" + times(100'000, ";n*0=x") + "\n\n"; }},
        Hostile{"B04_continuations", "HEADERS_CUT",
                [] {
                    return "Content-Type: a/b" +
                           numbered(
                               80'000,
                               [](std::size_t i) { return ";n*" + std::to_string(i) + "=x"; }) +
                           "\n\n";
                }},
        Hostile{"B05_one_line", "PARTIAL", [] { return "\n" + std::string(50'000'000, 'x'); }},
        Hostile{"B05_many_lines", "PARTIAL", [] { return "\n" + std::string(50'000'000, '\n'); }},
        Hostile{"B05_many_lines_in_a_part", "",
                [] {
                    return "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" +
                           std::string(20'000'000, '\n');
                }},
        Hostile{"B07_one_character_a_line", "",
                [] { return "Content-Transfer-Encoding: base64\n\n" + times(1'000'000, "A\n"); }},
        Hostile{"B07_padding", "",
                [] { return "Content-Transfer-Encoding: base64\n\n" + times(1'000'000, "A="); }},
        Hostile{
            "B07_padding_and_lines", "",
            [] { return "Content-Transfer-Encoding: base64\n\nA=" + times(500'000, "AAAA\n=="); }},
        Hostile{"B07_equal_signs", "",
                [] {
                    return "Content-Transfer-Encoding: quoted-printable\n\n" +
                           times(1'000'000, "= ");
                }},
        Hostile{"B08_alike_boundaries", "", [] { return alike_boundaries(); }},
        Hostile{"B08_dash_lines", "",
                [] {
                    return "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" +
                           times(2'000'000, "--\n");
                }}),
    name_of<Hostile>);

INSTANTIATE_TEST_SUITE_P(
    Text, HostileMail,
    testing::Values(
        Hostile{
            "B09_utf7", "",
            [] { return "Content-Type: text/plain; charset=utf-7\n\n" + times(300'000, "+AG"); }},
        Hostile{"B09_escapes", "",
                [] {
                    return "Content-Type: text/plain; charset=iso-2022-jp\n\n" +
                           times(300'000, "\x1B$B");
                }},
        Hostile{"B09_bad_bytes", "",
                [] {
                    return "Content-Type: text/plain; charset=gb2312\n\n" +
                           std::string(1'000'000, '\xFF');
                }},
        Hostile{"B09_utf16_of_halves", "",
                [] {
                    return "Content-Type: text/plain; charset=utf-16\n\n" +
                           times(400'000, "\xD8\xD8");
                }},
        Hostile{"B10_nuls", "", [] { return std::string(2'000'000, '\0'); }},
        Hostile{"B10_nuls_in_header", "",
                [] { return "Subject: " + std::string(900'000, '\0') + "\n\n"; }},
        Hostile{"B12_marks", "", [] { return "\na" + times(100'000, "\xCC\x81"); }},
        Hostile{"B13_words", "",
                [] { return "Subject: " + times(40'000, "=?utf-8?Q?a?= ") + "\n\n"; }},
        Hostile{"B13_openers", "", [] { return "Subject: " + times(400'000, "=?") + "\n\n"; }},
        Hostile{"B13_words_never_closed", "",
                [] { return "Subject: " + times(100'000, "=?a?q?b") + "\n\n"; }},
        Hostile{
            "B13_charsets", "",
            [] { return "Subject: " + times(20'000, "=?utf-8?B?/w==?= =?utf-7?Q?+?= ") + "\n\n"; }},
        Hostile{"B16_folds", "", [] { return "Subject: a" + times(300'000, "\n b") + "\n\n"; }},
        Hostile{"B16_quotes", "",
                [] { return "Content-Type: a/b; n=\"" + times(400'000, "\\\"") + "\n\n"; }},
        Hostile{"B16_comments", "",
                [] { return "Content-Type: a/b " + std::string(900'000, '(') + "\n\n"; }}),
    name_of<Hostile>);

INSTANTIATE_TEST_SUITE_P(
    Html, HostileMail,
    testing::Values(
        Hostile{"B14_tags", "", [] { return html(times(300'000, "<b>")); }},
        Hostile{"B14_openers", "", [] { return html(times(1'000'000, "<")); }},
        Hostile{"B14_tag_never_closed", "", [] { return html(times(300'000, "<a ")); }},
        Hostile{"B14_quotes_never_closed", "",
                [] { return html(times(100'000, "<a b=\"") + times(100'000, "<a b='")); }},
        Hostile{"B14_quotes_that_alternate", "", [] { return html(times(100'000, "<a b=\"'>")); }},
        Hostile{"B14_comments", "", [] { return html(times(200'000, "<!--")); }},
        Hostile{"B14_comments_with_ends_of_tags", "",
                [] { return html(times(150'000, "<!--x>")); }},
        Hostile{"B14_declarations", "", [] { return html(times(300'000, "<!x")); }},
        Hostile{"B14_scripts", "", [] { return html(times(100'000, "<script></scrip")); }},
        Hostile{"B14_huge_attribute", "URIS_CUT",
                [] { return html("<a href=http://a.test/" + std::string(900'000, 'x') + ">"); }},
        Hostile{"B14_attributes", "", [] { return html("<a" + times(300'000, " b")); }},
        Hostile{"B14_refresh", "",
                [] { return html("<meta content=\"" + times(500'000, "=") + "\">"); }},
        Hostile{"B14_references", "",
                [] { return html(times(200'000, "&amp") + "&#" + std::string(500'000, '0')); }},
        Hostile{"B14_breaks_and_blanks", "", [] { return html(times(150'000, " <br> ")); }}),
    name_of<Hostile>);

INSTANTIATE_TEST_SUITE_P(
    Uri, HostileMail,
    testing::Values(
        Hostile{"B15_links", "URIS_CUT",
                [] {
                    return "\n" + numbered(40'000, [](std::size_t i) {
                               return "http://a.test/" + std::to_string(i) + " ";
                           });
                }},
        Hostile{"B15_long_link", "URIS_CUT",
                [] { return "\nhttp://a.test/" + std::string(1'000'000, 'x'); }},
        Hostile{
            "B15_inner_links", "",
            [] { return "\nhttp://a.test/" + times(500, "http://") + " " + times(500, "://"); }},
        Hostile{"B15_mail_signs", "", [] { return "\n" + times(300'000, "a@"); }},
        Hostile{"B15_mail_marks", "", [] { return "\n" + times(300'000, "++@"); }},
        Hostile{"B15_dots", "", [] { return "\n" + times(400'000, "a."); }},
        Hostile{"B15_brackets", "", [] { return "\nhttp://a.test/" + std::string(500'000, ')'); }},
        Hostile{"B15_users", "", [] { return "\nhttp://" + times(2'000, "a@") + "a.test/"; }},
        Hostile{
            "B15_wide_hosts", "",
            [] { return html("<a href=\"http://" + times(300, "\xE3\x80\x82\xC3\xBC") + "\">"); }}),
    name_of<Hostile>);

}  // namespace
}  // namespace bailiff
