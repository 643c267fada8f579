// Entries: exact bytes, and nothing but them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/log/entry.hpp"

namespace bailiff::log {
namespace {

const std::string text =
    "evlog/1\nseal\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
    "2026-11-24T03:02Z\n";

Entry entry_of(std::string kind, std::string_view time) {
    return {std::move(kind), sha256(""), *parse_rfc3339(time)};
}

TEST(Entry, is_these_bytes) {
    EXPECT_EQ(entry_text(entry_of("seal", "2026-11-24T03:02:00Z")), text);
    EXPECT_EQ(entry_text(entry_of("seal", "2026-11-24T03:02:59.999Z")), text);
}

TEST(Entry, of_every_kind_comes_back) {
    for (const auto kind : entry_kinds) {
        const auto entry = entry_of(std::string(kind), "2028-02-29T23:59:00Z");
        EXPECT_EQ(*parse_entry(entry_text(entry)), entry) << kind;
    }
}

TEST(Entry, with_any_character_changed_is_another_or_none) {
    for (std::size_t at = 0; at < text.size(); ++at)
        for (const char other : {'0', 'A', '\n', ' ', '\0', '\xff'}) {
            auto changed = text;
            changed[at] = other;
            const auto entry = parse_entry(changed);
            EXPECT_TRUE(!entry || entry_text(*entry) == changed) << at << other;
            changed.insert(at, 1, other);
            EXPECT_EQ(parse_entry(changed).error().fault, Fault::corrupt) << at << other;
        }
}

TEST(Entry, cut_or_continued_is_refused) {
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_FALSE(parse_entry(text.substr(0, size))) << size;
    EXPECT_FALSE(parse_entry(text + "\n"));
    EXPECT_FALSE(parse_entry(text + text));
}

struct Odd {
    std::string what, from, to;
};

TEST(Entry, written_otherwise_is_refused) {
    for (const auto& odd :
         {Odd{"another version", "evlog/1", "evlog/2"}, Odd{"another kind", "seal", "gossip"},
          Odd{"no kind", "seal", ""}, Odd{"upper case", "e3b0", "E3B0"},
          Odd{"a short digest", "e3b0", "e3"}, Odd{"seconds", "03:02Z", "03:02:00Z"},
          Odd{"an offset", "Z", "+00:00"}, Odd{"a time that is none", "03:02", "24:00"},
          Odd{"a day that is none", "11-24", "11-31"}, Odd{"a sign", "11-24", "11--4"}}) {
        auto changed = text;
        changed.replace(changed.find(odd.from), odd.from.size(), odd.to);
        EXPECT_FALSE(parse_entry(changed)) << odd.what;
    }
}

}  // namespace
}  // namespace bailiff::log
