#include "src/app/message_file.hpp"

#include <strings.h>

#include <bailiff/limits.hpp>

#include "src/app/files.hpp"
#include "src/message/address.hpp"
#include "src/message/parse.hpp"

namespace bailiff {
namespace {

std::string with_crlf(const std::string& text) {
    std::string result;
    result.reserve(text.size() + text.size() / 40);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) result += '\r';
        result += text[i];
    }
    return result;
}

}  // namespace

Result<Submission> submission_in(const std::string& file) {
    BAILIFF_TRY(const auto text, read_file(file, limits::message_bytes_max));
    Submission submission;
    submission.raw = with_crlf(text);
    return submission;
}

std::string from_address(const std::string& raw) {
    for (const auto& field : parse(raw).fields)
        if (field.name.size() == 4 && strcasecmp(field.name.c_str(), "From") == 0)
            return address_of(field.raw);
    return {};
}

}  // namespace bailiff
