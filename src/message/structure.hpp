#pragma once
// The MIME tree as its leaves.

#include <bailiff/finding.hpp>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "src/message/header.hpp"
#include "src/message/transfer.hpp"

namespace bailiff::mime {

/// One reading of a leaf; an ambiguous part has several.
struct Leaf {
    std::string type = "text/plain";  ///< lower case
    std::string charset;              ///< lower case; may be empty
    std::string file_name;            ///< decoded; may be empty
    Encoding encoding = Encoding::identity;
    std::string_view bytes;  ///< still encoded; in the message or in `decoded`
};

/// Views into the message and into `decoded`; the message must outlive it.
struct Structure {
    std::vector<RawField> fields;  ///< of the root
    std::vector<Leaf> leaves;
    std::deque<std::string> decoded;  ///< messages that were themselves encoded
    Findings limits;
};

/// Adds a finding of this symbol unless there is one.
void note(Findings& findings, std::string_view symbol, std::string_view reason);

/// Splits the message in one pass over its lines, without recursion (fault B01).
[[nodiscard]] Structure split(std::string_view raw);

}  // namespace bailiff::mime
