#pragma once
// A reply in the words of SMTP, safe for smfi_setreply and smfi_quarantine.

#include <bailiff/ports/gate.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace bailiff {

inline constexpr std::size_t reply_bytes_max = 400;  ///< with its codes below the 512 of SMTP

struct SmtpReply {
    std::string code;      ///< "550" or "451"
    std::string enhanced;  ///< "5.7.1": of the class of `code`
    std::string text;      ///< one line of ASCII, each % doubled
};

/// Shape    `reply.text` may begin with an enhanced code; one of the wrong class is text.
/// Order    only for reject and tempfail.
[[nodiscard]] SmtpReply smtp_reply(const Reply& reply);

/// One line of printable ASCII, never empty, bounded.
[[nodiscard]] std::string quarantine_reason(std::string_view text);

}  // namespace bailiff
