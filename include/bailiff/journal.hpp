#pragma once
// Diagnostic output as named events with fields; the journal prints them, metrics may count them.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace bailiff {

enum class Severity : std::uint8_t { info, warning, alarm };

/// One `key=value` of an event. Control bytes and quotes are escaped by the adapter.
struct Field {
    std::string_view key;
    std::string value;
};

/// Threads  any. Never blocks for long, never throws: what cannot be written is counted, dropped.
class Journal {
public:
    virtual ~Journal() = default;
    virtual void event(Severity severity, std::string_view name,
                       std::initializer_list<Field> fields) noexcept = 0;
};

}  // namespace bailiff
