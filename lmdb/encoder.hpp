#pragma once
// Writes the envelope and the fields of one record. The grammar is in README.md.

#include <bailiff/digest.hpp>
#include <bailiff/finding.hpp>
#include <bailiff/ids.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace bailiff::lmdb {

// Bounds of one record; reaching one is an error of the writer, and of the reader alike.
inline constexpr std::size_t record_bytes_max = 16U << 20;            ///< without raw messages
inline constexpr std::size_t record_text_max = 1U << 20;              ///< of one text
inline constexpr std::size_t record_list_max = 65'536;                ///< items of one list
inline constexpr std::int64_t record_time_min = -62'167'219'200'000;  ///< 0000-01-01, ms
inline constexpr std::int64_t record_time_max = 253'402'300'799'999;  ///< end of 9999, ms

inline constexpr std::uint8_t record_version = 3;
inline constexpr std::size_t envelope_size = 6;  ///< version, type, CRC-32C

/// What a record is; format.
enum class RecordType : std::uint8_t {
    none = 0,
    service_case = 1,
    action = 2,
    standing = 3,
    leaf = 4,
    service = 5,
    holder = 6,
    message = 7,
    case_entry = 8,
    mark = 9,
    directory_info = 10,
    schema = 11,
    sent = 12,
    effect = 13,
    breaker = 14,
    rule_age = 15,
    exhibit = 16,
    seal = 17,
    change_count = 18,
    feature_book = 20,
    feature_symbol = 21,
    feature_row = 22,
};

/// The six bytes that stand before `payload` in the file.
[[nodiscard]] std::string envelope_of(RecordType type, std::string_view payload);

template <class T>
concept Unsigned = std::unsigned_integral<T> && !std::same_as<T, bool>;

/// Order    fields in the order of `describe` (codec_fields.hpp), then finish() once.
class Encoder {
public:
    static constexpr bool reads = false;

    template <Unsigned T>
    void operator()(const T& value) {
        for (std::size_t at = sizeof(T); at-- > 0;)
            bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * at));
    }
    void operator()(const std::int32_t& value) { (*this)(static_cast<std::uint32_t>(value)); }
    void operator()(const bool& value) { bytes_ += value ? '\1' : '\0'; }
    void operator()(const std::string& value) { text(value); }
    void operator()(const Digest& value) {
        for (const auto byte : value.bytes) bytes_ += static_cast<char>(byte);
    }
    void operator()(const FamilySet& value) { (*this)(value.bits()); }
    void operator()(const Instant& value);
    template <class Tag>
    void operator()(const Id<Tag>& value) {
        text(value.text());
    }

    template <class Enum>
    void choice(const Enum& value, Enum, Enum) {
        (*this)(static_cast<std::uint8_t>(value));
    }
    template <class T>
    void maybe(const std::optional<T>& value) {
        (*this)(value.has_value());
        if (value) item(*value);
    }
    template <class T>
    void list(const std::vector<T>& values) {
        if (values.size() > record_list_max) wrong("a list has too many items");
        (*this)(static_cast<std::uint32_t>(values.size()));
        for (const auto& value : values) item(value);
    }

    /// The record with its envelope.  Errors   exhausted: it passes a bound of this file.
    [[nodiscard]] Result<std::string> finish(RecordType type);

private:
    template <class T>
    void item(const T& value) {
        if constexpr (requires { describe(*this, value); })
            describe(*this, value);
        else
            (*this)(value);
    }
    void text(std::string_view value);
    void wrong(const char* what);

    std::string bytes_ = std::string(envelope_size, '\0');
    const char* wrong_ = nullptr;
};

}  // namespace bailiff::lmdb
