#include "milter/packet.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace bailiff {
namespace {

constexpr std::size_t length_bytes = 4;
constexpr std::size_t usual_capacity = 68U << 10;  // one packet of body, and what comes after it

}  // namespace

void PacketReader::start() noexcept {
    begin_ = end_ = wanted_ = 0;
    broken_ = false;
    // One large packet must not stay with a thread for ever.
    if (capacity_ > usual_capacity) bytes_.reset(), capacity_ = 0;
}

std::span<char> PacketReader::room() {
    if (begin_ > 0) {
        std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (wanted_ > capacity_ || end_ == capacity_) hold(std::max(wanted_, usual_capacity));
    return {bytes_.get() + end_, capacity_ - end_};
}

void PacketReader::hold(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    if (end_ > 0) std::memcpy(larger.get(), bytes_.get(), end_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
}

std::optional<Packet> PacketReader::next() noexcept {
    const std::string_view here(bytes_.get() + begin_, end_ - begin_);
    if (broken_ || here.size() < length_bytes) return std::nullopt;
    const std::size_t length = number_at(here);
    if (length == 0 || length > packet_bytes_max) {
        broken_ = true;
        return std::nullopt;
    }
    wanted_ = length_bytes + length;
    if (here.size() < wanted_) return std::nullopt;
    begin_ += std::exchange(wanted_, 0);
    return Packet{here[length_bytes], here.substr(length_bytes + 1, length - 1)};
}

std::uint32_t number_at(std::string_view data) noexcept {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(data[i]);
    return number;
}

void append_number(std::string& out, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xff);
}

void append_packet(std::string& out, char command, std::string_view data) {
    append_number(out, static_cast<std::uint32_t>(data.size() + 1));
    out += command;
    out += data;
}

std::optional<std::string_view> take_text(std::string_view& data) noexcept {
    const auto end = data.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    const auto text = data.substr(0, end);
    data.remove_prefix(end + 1);
    return text;
}

}  // namespace bailiff
