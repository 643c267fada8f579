#pragma once
// Reads one record back. Total on any bytes.

#include <algorithm>

#include "lmdb/encoder.hpp"

namespace bailiff::lmdb {

/// After the first wrong byte every read leaves its field alone, and finish() tells.
class Decoder {
public:
    static constexpr bool reads = true;

    /// Errors   corrupt: too short, too long, wrong checksum, version or type.
    [[nodiscard]] static Result<Decoder> open(std::string_view record, RecordType type,
                                              std::size_t bytes_max = record_bytes_max);

    template <Unsigned T>
    void operator()(T& value) {
        const auto bytes = take(sizeof(T));
        if (bytes.size() != sizeof(T)) return;
        std::uint64_t number = 0;
        for (const char c : bytes) number = (number << 8) | static_cast<unsigned char>(c);
        value = static_cast<T>(number);
    }
    void operator()(std::int32_t& value);
    void operator()(bool& value);
    void operator()(std::string& value) { value = text(); }
    void operator()(Digest& value);
    void operator()(FamilySet& value);
    void operator()(Instant& value);
    template <class Tag>
    void operator()(Id<Tag>& value) {
        const auto bytes = text();
        if (bytes.empty()) {
            value = {};
            return;
        }
        auto id = Id<Tag>::parse(bytes);
        if (!id) return wrong("an id is malformed");
        value = *std::move(id);
    }

    template <class Enum>
    void choice(Enum& value, Enum first, Enum last) {
        std::uint8_t byte = static_cast<std::uint8_t>(first);
        (*this)(byte);
        if (byte < static_cast<std::uint8_t>(first) || byte > static_cast<std::uint8_t>(last))
            return wrong("a choice has an unknown value");
        value = static_cast<Enum>(byte);
    }
    template <class T>
    void maybe(std::optional<T>& value) {
        bool present = false;
        (*this)(present);
        value.reset();
        if (!present || wrong_ != nullptr) return;
        item(value.emplace());
    }
    template <class T>
    void list(std::vector<T>& values) {
        std::uint32_t count = 0;
        (*this)(count);
        values.clear();
        // Each item takes at least one byte: a count beyond that must not make us reserve memory.
        if (count > record_list_max || count > rest_.size()) return wrong("a list is too long");
        for (std::uint32_t n = 0; n < count && wrong_ == nullptr; ++n) item(values.emplace_back());
    }

    /// Errors   corrupt: some field was wrong, or bytes are left over.
    [[nodiscard]] Result<void> finish() const;
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    explicit Decoder(std::string_view payload) : rest_(payload) {}
    template <class T>
    void item(T& value) {
        if constexpr (requires { describe(*this, value); })
            describe(*this, value);
        else
            (*this)(value);
    }
    [[nodiscard]] std::string_view take(std::size_t count);
    [[nodiscard]] std::string_view text();
    void wrong(const char* what);

    std::string_view rest_;
    const char* wrong_ = nullptr;
};

}  // namespace bailiff::lmdb
