#include "src/message/suffix.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bailiff::uri {
namespace {

TEST(Suffix, tells_hosts_from_other_words) {
    for (const auto* host : {"example.com", "a.example.co.uk", "example.fr", "www.ck", "a.b.ck"})
        EXPECT_TRUE(is_registrable(host)) << host;
    for (const auto* word :
         {"co.uk", "com", "file.txt", "e.g", "1.2", "", ".", ".com", "a.", "index.html"})
        EXPECT_FALSE(is_registrable(word)) << word;
    EXPECT_FALSE(is_registrable(std::string(1'000, 'a') + ".com"));
}

}  // namespace
}  // namespace bailiff::uri
