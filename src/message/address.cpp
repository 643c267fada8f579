#include "src/message/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bailiff/limits.hpp>
#include <cstring>

#include <bailiff/ascii.hpp>

namespace bailiff {
namespace {

/// One mailbox of an address list; reads each byte once (fault B16).
class MailboxReader {
public:
    explicit MailboxReader(std::string_view text) : text_(text) {}

    /// The first mailbox that has an address.
    std::string_view first() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '(')
                skip_comment();
            else if (c == '"')
                quoted();
            else if (c == '<')
                return angle();
            else if (c == ',' || c == ';') {
                if (!found_.empty()) return found_;
                restart();
            } else if (c == ':')
                restart();  // what stood before was the name of a group
            else if (ascii::is_space(c))
                ++at_;
            else
                word(at_);
        }
        return found_;
    }

private:
    void restart() {
        found_ = {};
        ++at_;
    }

    void skip_comment() {
        int depth = 0;
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\\')
                ++at_;
            else if (text_[at_] == '(')
                ++depth;
            else if (text_[at_] == ')' && --depth == 0) {
                ++at_;
                return;
            }
        }
    }

    /// A quote that is never closed is passed over, as mail clients do.
    void quoted() {
        const auto end = quoted_end(at_);
        if (quotes_close_)
            word(end);
        else
            ++at_;
    }

    /// Just past the closing quote of the one at `begin`; past `begin` alone if there is none.
    std::size_t quoted_end(std::size_t begin) {
        for (auto i = begin + 1; quotes_close_ && i < text_.size(); ++i) {
            if (text_[i] == '\\')
                ++i;
            else if (text_[i] == '"')
                return i + 1;
        }
        quotes_close_ = false;
        return begin + 1;
    }

    /// A run without blanks; the last one with an '@' is the address, else the first.
    void word(std::size_t tail) {
        const auto begin = at_;
        at_ = tail;
        while (at_ < text_.size() && !ascii::is_space(text_[at_]) &&
               std::string_view(",;<(:").find(text_[at_]) == std::string_view::npos)
            at_ = text_[at_] == '"' ? quoted_end(at_) : at_ + (text_[at_] == '[' ? literal() : 1);
        const auto run = text_.substr(begin, at_ - begin);
        if (found_.empty() || run.find('@') != std::string_view::npos) found_ = run;
    }

    /// The length of "[IPv6:...]", whose colons end no group name.
    std::size_t literal() const {
        const auto end = text_.substr(0, at_ + 80).find(']', at_);
        return end == std::string_view::npos ? 1 : end - at_ + 1;
    }

    std::string_view angle() {
        const auto begin = ++at_;
        while (at_ < text_.size() && text_[at_] != '>')
            at_ = text_[at_] == '"' ? quoted_end(at_) : at_ + 1;
        auto inner = text_.substr(begin, at_ - begin);
        const auto route = inner.find(':');
        if (!inner.empty() && inner.front() == '@' && route != std::string_view::npos)
            inner.remove_prefix(route + 1);
        return ascii::trim(inner);
    }

    std::string_view text_;
    std::string_view found_;
    std::size_t at_ = 0;
    bool quotes_close_ = true;  // once false, nobody looks for the end again
};

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

template <int FAMILY, class Binary>
std::string through_binary(const char* text) {
    Binary binary{};
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (inet_pton(FAMILY, text, &binary) != 1) return {};
    if (inet_ntop(FAMILY, &binary, out.data(), out.size()) == nullptr) return {};
    return out.data();
}

}  // namespace

std::string address_of(std::string_view header_value) {
    const auto found = MailboxReader(header_value).first();
    if (found.size() > limits::address_bytes_max) return {};
    if (std::ranges::any_of(found, is_control)) return {};
    if (found.ends_with('"')) return {};  // a display name alone, however it looks
    const auto at = found.rfind('@');
    if (at == std::string_view::npos) return std::string(found);
    return std::string(found.substr(0, at + 1)) + domain_of(found);
}

std::string domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) return {};
    auto domain = ascii::trim(address.substr(at + 1));
    if (!domain.empty() && domain.back() == '.') domain.remove_suffix(1);
    return ascii::to_lower(domain);
}

std::string canonical_ip(std::string_view text) {
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    if (ascii::begins(text, "ipv6:")) text.remove_prefix(5);
    if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return {};
    const std::string copy(text);
    if (auto v4 = through_binary<AF_INET, in_addr>(copy.c_str()); !v4.empty()) return v4;
    const auto v6 = through_binary<AF_INET6, in6_addr>(copy.c_str());
    constexpr std::string_view mapped = "::ffff:";
    if (v6.starts_with(mapped) && v6.find('.') != std::string::npos)
        return v6.substr(mapped.size());
    return v6;
}

std::string network_of(std::string_view address) {
    const std::string copy(address);
    in_addr v4{};
    if (inet_pton(AF_INET, copy.c_str(), &v4) == 1)
        return copy.substr(0, copy.rfind('.')) + ".0/24";
    in6_addr v6{};
    if (inet_pton(AF_INET6, copy.c_str(), &v6) != 1) return {};
    std::fill(std::begin(v6.s6_addr) + 6, std::end(v6.s6_addr), std::uint8_t{0});
    char text[INET6_ADDRSTRLEN];
    if (inet_ntop(AF_INET6, &v6, text, sizeof text) == nullptr) return {};
    return std::string(text) + "/48";
}

}  // namespace bailiff
