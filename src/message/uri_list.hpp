#pragma once
// Every address that a message names, once, in order of first appearance.

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace bailiff::uri {

/// Fills up to uris_max addresses; then says so and takes no more.
class UriList {
public:
    /// What a mail client would turn into a link in plain text.
    void add_text(std::string_view text);

    /// A value of an HTML attribute; what is relative is resolved by `base`, or left out.
    void add_link(std::string_view value, std::string_view base);

    [[nodiscard]] bool cut() const { return cut_; }
    [[nodiscard]] bool full() const;
    [[nodiscard]] std::vector<std::string> take() { return std::move(uris_); }

private:
    void add(std::string_view uri);
    /// False: it is there already, or there is no room.
    bool add_once(std::string_view uri);

    std::vector<std::string> uris_;
    std::unordered_set<std::string> seen_;
    bool cut_ = false;
};

}  // namespace bailiff::uri
