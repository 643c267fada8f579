#pragma once
// The recipients' addresses and names, found wherever they stand.

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bailiff {

/// Shape    of each address: its local part, if that has 4 bytes or more; what of it stands before
///          a '+', likewise; and the whole address, also with '=' and the like for the '@'. Case
///          does not matter (ASCII, Latin-1, Greek, Cyrillic).
/// Threads  const members: any.
class SecretWords {
public:
    /// An entry without '@' is taken for a local part; empty ones are left out.
    explicit SecretWords(const std::vector<std::string>& recipients);

    /// Only the whole of it is secret.
    void add_address(std::string_view address);

    [[nodiscard]] bool stands_in(std::string_view text) const;
    /// Also in any of the readings of `text`, or if one of them cannot be known.
    [[nodiscard]] bool hides_in(std::string_view text) const;
    /// Each that stands in `text` as "***" or shorter, of an address the local part only: never
    /// longer than `text`, and alike wherever it stands, so that MIME boundaries still fit.
    [[nodiscard]] std::string without(std::string_view text) const;

private:
    struct Word {
        std::string text;        // folded
        std::size_t masked = 0;  // bytes of it that are taken out
        bool is_local = false;
    };
    void add(std::string_view text, std::size_t masked, bool is_local);
    void add_whole(std::string_view local, std::string_view domain);
    [[nodiscard]] const Word* at(std::string_view folded, std::size_t position,
                                 std::size_t bytes_min) const;
    [[nodiscard]] bool any_in(std::string_view text, std::size_t bytes_min) const;

    std::vector<Word> words_;
    std::vector<std::uint32_t> ends_{0};  // of each node of the trie: 1 + the word that ends there
    std::unordered_map<std::uint64_t, std::uint32_t> next_;  // node and byte -> node
    std::bitset<65'536> starts_;                             // hashes of the first bytes of words
};

inline constexpr std::size_t local_part_bytes_min = 4;

/// Lower case, byte for byte in place.
[[nodiscard]] std::string case_folded(std::string_view text);

}  // namespace bailiff
