#pragma once
// Raw bytes of a message -> what the other stations read.

#include <bailiff/message.hpp>
#include <string_view>

namespace bailiff {

/// Makes ready what the parser shares for its whole life. Call once at start, before threads;
/// calling it again does nothing.
void prepare_parser();

/// The message as a client would show it, and every address that it names.
/// Shape    `raw` is header, blank line, body; LF or CRLF, mixed too. Any bytes, any length.
/// Errors   none: whatever is wrong with the mail shows in `limits`, by symbol: MESSAGE_CUT,
///          HEADERS_CUT, MIME_TOO_DEEP, MIME_TOO_MANY_PARTS, PARTIAL, URIS_CUT, AMBIGUOUS_MIME.
/// Threads  any; touches only its argument. 256 KB of stack are enough.
/// Source   src/message/README.md.
[[nodiscard]] Message parse(std::string_view raw);

}  // namespace bailiff
