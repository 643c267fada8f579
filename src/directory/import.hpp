#pragma once
// The panel's files of services and holders → values, or everything that is wrong with them.
// README.md has the schema of both files.

#include <bailiff/holder.hpp>
#include <bailiff/result.hpp>
#include <bailiff/service.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

inline constexpr std::size_t import_complaints_max = 100;        ///< shown; the rest are counted
inline constexpr std::size_t import_line_bytes_max = 64U << 10;  ///< of one CSV row
/// An LMDB key ends at 511 bytes, and holds more than the value.
inline constexpr std::size_t identity_bytes_max = 400;
inline constexpr std::size_t import_text_bytes_max = 500;  ///< of any other field

/// Services of a file, in its order. JSON or CSV: told by the extension of `file` (.json, .csv),
/// else by content.
/// Shape    any bytes; values come back canonical: addresses in canonical text, domains in lower
///          case, everything else byte for byte.
/// Errors   invalid_input: each bad row, one a line, "services.csv:7: client_ip: expected ...";
///          nothing of the file is taken.
/// Threads  any; touches only its arguments.
[[nodiscard]] Result<std::vector<Service>> read_services(std::string_view text,
                                                         std::string_view file);

/// The same for holders.
[[nodiscard]] Result<std::vector<Holder>> read_holders(std::string_view text,
                                                       std::string_view file);

/// JSON, one service a line; read_services() gives `services` again.
[[nodiscard]] std::string write_services(const std::vector<Service>& services);

}  // namespace bailiff
