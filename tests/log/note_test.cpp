// Notes and checkpoints: what we write is read, and nothing near it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bailiff/base64.hpp>
#include <random>

#include "src/log/note.hpp"

namespace bailiff::log {
namespace {

using testing::HasSubstr;

constexpr auto name = "log.example/2026";

SigningKey key_of(std::uint8_t first) {
    std::array<std::uint8_t, 32> seed{};
    for (auto& byte : seed) byte = first++;
    return SigningKey(seed);
}

VKey vkey_of(std::string_view of, std::uint8_t first) {
    return {std::string(of), key_of(first).public_key()};
}

const Checkpoint checkpoint{"log.example/bailiff", 1234067, sha256("root")};
const std::vector<VKey> keys{vkey_of(name, 1)};

std::string good() {
    return *sign_note(checkpoint_text(checkpoint), name, key_of(1));
}

/// With a signature line put at the end as it is.
Result<Checkpoint> opened_with(const std::string& line) {
    return open_checkpoint(good() + line, keys);
}

std::string wrong_line(std::string_view of, std::uint8_t key, std::size_t size) {
    const auto id = key_id(vkey_of(of, key));
    return "\u2014 " + std::string(of) + " " +
           to_base64(std::string(id.begin(), id.end()) + std::string(size, 'x')) + "\n";
}

TEST(Checkpoint, is_these_bytes_and_comes_back) {
    EXPECT_EQ(checkpoint_text({"o", 0, sha256("")}),
              "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    EXPECT_EQ(*parse_checkpoint(checkpoint_text(checkpoint)), checkpoint);
}

TEST(Checkpoint, written_otherwise_is_refused) {
    const std::string root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    const auto why = [](const std::string& text) { return parse_checkpoint(text).error().what; };
    ASSERT_TRUE(parse_checkpoint("o\n12\n" + root));
    ASSERT_TRUE(parse_checkpoint("o\n9223372036854775807\n" + root));
    EXPECT_THAT(why("\n12\n" + root), HasSubstr("origin"));
    EXPECT_THAT(why(""), HasSubstr("origin"));
    EXPECT_THAT(why("o"), HasSubstr("origin"));
    for (const auto* size : {"", "012", "+1", "-1", " 1", "1 ", "0x1", "9223372036854775808",
                             "99999999999999999999999"})
        EXPECT_THAT(why("o\n" + std::string(size) + "\n" + root), HasSubstr("size")) << size;
    for (const auto* bad : {"\n", "47DEQpj8\n", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n",
                            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", ""})
        EXPECT_THAT(why(std::string("o\n12\n") + bad), HasSubstr("root")) << bad;
    EXPECT_THAT(why("o\n12\n" + root + "more\n"), HasSubstr("extension"));
    EXPECT_THAT(why("o\n12\n" + root + "\n"), HasSubstr("extension"));
}

/// A key that has served the public for years: its id is not ours to choose.
TEST(VKey, of_a_known_log_is_read_and_written) {
    const std::string known =
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    const auto key = parse_vkey(known);
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_EQ(key->name, "sum.golang.org");
    EXPECT_EQ(vkey_text(*key), known);
}

TEST(VKey, with_any_character_changed_is_refused) {
    const auto text = vkey_text(keys[0]);
    ASSERT_EQ(*parse_vkey(text), keys[0]);
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const char other : {'A', '+', ' ', '\n', '0', '\xff'}) {
            auto changed = text;
            if (changed[at] == other) continue;
            changed[at] = other;
            EXPECT_FALSE(parse_vkey(changed)) << changed;
        }
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(parse_vkey(text.substr(0, size))) << size;
    const auto witness = "w+00000000+" + to_base64("\x04" + std::string(32, 'x'));
    EXPECT_THAT(parse_vkey(witness).error().what, HasSubstr("not of kind 1"));
}

TEST(Note, is_signed_and_opened) {
    const auto note = good();
    EXPECT_THAT(note, testing::StartsWith(checkpoint_text(checkpoint) + "\n\u2014 " + name + " "));
    EXPECT_EQ(*open_checkpoint(note, keys), checkpoint);
    EXPECT_THAT(open_checkpoint(note, {}).error().what, HasSubstr("no signature by a key"));
}

TEST(Note, names_with_spaces_or_plus_are_refused) {
    for (const auto* bad : {"", "a b", "a+b", "a\tb", "a\nb", "a\u00a0b", "a\u2003b", "a\u3000b",
                            "a\x85z", "\xff", "a\x7f"})
        EXPECT_FALSE(sign_note("text\n", bad, key_of(1))) << bad;
    EXPECT_TRUE(sign_note("text\n", "caf\u00e9.example", key_of(1)));
}

TEST(Note, texts_that_a_reader_could_take_for_others_are_refused) {
    for (const auto* bad : {"", "no line end", "carriage\r\n", "tab\t\n", "\xff\n", "\x7f\n"})
        EXPECT_FALSE(sign_note(bad, name, key_of(1))) << bad;
    EXPECT_FALSE(sign_note(std::string("\0\n", 2), name, key_of(1)));
}

TEST(Note, text_with_empty_lines_ends_at_the_last) {
    const auto note = *sign_note("one\n\n\u2014 not yet\n\ntwo\n", name, key_of(1));
    EXPECT_EQ(parse_note(note)->text, "one\n\n\u2014 not yet\n\ntwo\n");
    EXPECT_EQ(parse_note(note)->signatures.size(), 1U);
}

TEST(Note, with_many_signatures_is_opened_by_any) {
    auto note = *sign_note(checkpoint_text(checkpoint), "first.example", key_of(100));
    for (std::uint8_t i = 1; i < 20; ++i)
        note = *add_signature(note, "witness" + std::to_string(i) + ".example", key_of(i));
    EXPECT_EQ(parse_note(note)->signatures.size(), 20U);
    for (std::uint8_t i = 1; i < 20; ++i) {
        const std::vector<VKey> one{vkey_of("witness" + std::to_string(i) + ".example", i)};
        EXPECT_EQ(*open_checkpoint(note, one), checkpoint) << int{i};
    }
    EXPECT_FALSE(open_checkpoint(note, keys));
}

TEST(Note, is_full_at_its_limit) {
    auto note = good();
    for (std::size_t i = 1; i < note_signatures_max; ++i)
        note = *add_signature(note, "w" + std::to_string(i), key_of(2));
    EXPECT_TRUE(open_checkpoint(note, keys));
    EXPECT_EQ(add_signature(note, "more", key_of(2)).error().fault, Fault::exhausted);
    EXPECT_EQ(open_checkpoint(note + wrong_line("x", 3, 64), keys).error().fault, Fault::exhausted);
    EXPECT_EQ(parse_note(std::string(note_bytes_max + 1, 'x')).error().fault, Fault::exhausted);
}

TEST(Note, unknown_signatures_do_not_count_and_wrong_ones_of_known_keys_spoil_it) {
    EXPECT_TRUE(opened_with(wrong_line("other", 1, 64)));  // another name
    EXPECT_TRUE(opened_with(wrong_line(name, 2, 64)));     // another key of that name
    EXPECT_TRUE(opened_with(wrong_line("other", 1, 76)));  // another kind of signature
    EXPECT_THAT(opened_with(wrong_line(name, 1, 64)).error().what, HasSubstr("is wrong"));
    EXPECT_THAT(opened_with(wrong_line(name, 1, 63)).error().what, HasSubstr("is wrong"));
    EXPECT_THAT(opened_with("\u2014 other AAAA\n").error().what, HasSubstr("damaged"));
    EXPECT_THAT(opened_with("- other AAAAAAAA\n").error().what, HasSubstr("damaged"));
    EXPECT_THAT(opened_with("\u2014 other AAAAAAAA").error().what, HasSubstr("damaged"));
}

TEST(Note, of_something_else_than_a_checkpoint_is_no_checkpoint) {
    const auto note = *sign_note(checkpoint_text(checkpoint) + "more\n", name, key_of(1));
    EXPECT_THAT(open_checkpoint(note, keys).error().what, HasSubstr("extension"));
    EXPECT_FALSE(open_checkpoint(*sign_note("hello\n", name, key_of(1)), keys));
}

TEST(Note, with_any_bit_changed_or_byte_missing_is_refused) {
    const auto note = good();
    for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
        auto changed = note;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(open_checkpoint(changed, keys)) << changed;
    }
    for (std::size_t at = 0; at < note.size(); ++at) {
        EXPECT_FALSE(open_checkpoint(note.substr(0, at), keys)) << at;
        EXPECT_FALSE(open_checkpoint(note.substr(0, at) + note.substr(at + 1), keys)) << at;
    }
}

TEST(Note, of_arbitrary_bytes_is_read_or_refused) {
    std::mt19937 random(2);
    const std::vector<std::string> pieces{"\n", "\n\n",     "\u2014 ", "a",
                                          " ",  "AAAAAAAA", "+",       "=",
                                          "0",  "\xe2",     "12",      std::string(1, '\0'),
                                          name, good()};
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes;
        for (auto left = random() % 12; left > 0; --left) bytes += pieces[random() % pieces.size()];
        const auto note = parse_note(bytes);
        EXPECT_TRUE(!note || bytes.starts_with(note->text + "\n\u2014 "));
        (void)open_checkpoint(bytes, keys);
        const auto key = parse_vkey(bytes);
        EXPECT_TRUE(!key || vkey_text(*key) == bytes);
        const auto read = parse_checkpoint(bytes);
        EXPECT_TRUE(!read || checkpoint_text(*read) == bytes);
    }
}

TEST(NotesWithin, are_found_between_other_things) {
    const auto one = good();
    std::string letter;
    for (const auto c : one) letter += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const auto found = notes_within("Subject: x\n\n" + one + "\n" + one + "garbage\n" + letter,
                                    checkpoint.origin);
    ASSERT_EQ(found.size(), 3U);
    for (const auto& note : found) EXPECT_EQ(note, one);
}

TEST(NotesWithin, of_another_log_or_without_signature_are_none) {
    EXPECT_TRUE(notes_within(good(), "other.example").empty());
    EXPECT_TRUE(notes_within(checkpoint_text(checkpoint), checkpoint.origin).empty());
    EXPECT_TRUE(notes_within("", checkpoint.origin).empty());
}

}  // namespace
}  // namespace bailiff::log
