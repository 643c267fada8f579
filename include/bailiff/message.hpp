#pragma once
// The parsed view of a message, everything bounded by limits.hpp.

#include <bailiff/finding.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bailiff {

struct HeaderField {
    std::string name;   ///< as sent
    std::string raw;    ///< everything after the colon, folds kept, without the last line end; LF
    std::string value;  ///< unfolded, outer blanks trimmed, RFC 2047 decoded to UTF-8
};

/// A leaf of the MIME tree.
struct Part {
    std::string type;       ///< lower case, "text/html"
    std::string charset;    ///< as declared, lower case; may be empty
    std::string file_name;  ///< decoded; may be empty
    std::size_t size = 0;   ///< decoded bytes
    std::string text;       ///< text/* only: transfer-decoded bytes, charset untouched, LF, bounded
};

/// Shape     `body` follows SpamAssassin: element 0 is the decoded subject with its newline, then
///           one paragraph a line, white space collapsed, HTML rendered, UTF-8; lines end in "\n".
///           `rawbody`: transfer-decoded text with HTML kept, in chunks of at most 4 KB.
///           `uris`: unique, from text and HTML attributes, in order of first appearance.
struct Message {
    std::vector<HeaderField> fields;
    std::vector<Part> parts;
    std::vector<std::string> body;
    std::vector<std::string> rawbody;
    std::vector<std::string> uris;
    Findings limits;  ///< state findings: what was cut, and where
};

}  // namespace bailiff
