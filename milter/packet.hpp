#pragma once
// The packets of the milter protocol, out of a stream and into one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bailiff {

/// On the wire: 4 bytes of length, big-endian, then the command, then its data.
struct Packet {
    char command = 0;
    std::string_view data;
};

/// The stream of one connection, taken apart. A broken one yields nothing more.
///   while (reads into room() yield count) { arrived(count); while (packet = next()) … }
class PacketReader {
public:
    /// Far above what an MTA sends (64 KB), so that one of another make is understood too.
    static constexpr std::size_t packet_bytes_max = 1U << 20;

    /// Forgets what is left of the connection before.
    void start() noexcept;
    /// Where the next bytes go; never empty. What next() gave is gone.
    [[nodiscard]] std::span<char> room();
    void arrived(std::size_t count) noexcept { end_ += count; }
    /// The next whole packet; its view lives until room().
    [[nodiscard]] std::optional<Packet> next() noexcept;
    /// A length of 0 or above the bound: where the next packet begins cannot be known.
    [[nodiscard]] bool is_broken() const noexcept { return broken_; }

private:
    void hold(std::size_t capacity);

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t wanted_ = 0;  ///< of the packet that begins at begin_; 0: not known yet
    bool broken_ = false;
};

/// A number as the protocol writes it; `data` has at least 4 bytes.
[[nodiscard]] std::uint32_t number_at(std::string_view data) noexcept;
void append_number(std::string& out, std::uint32_t number);
void append_packet(std::string& out, char command, std::string_view data = {});

/// Takes the text up to the next NUL off `data`; none if there is no NUL.
[[nodiscard]] std::optional<std::string_view> take_text(std::string_view& data) noexcept;

}  // namespace bailiff
