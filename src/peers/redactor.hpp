#pragma once
// One message being redacted.

#include <string>
#include <string_view>
#include <vector>

#include "src/peers/header_fields.hpp"
#include "src/peers/redact.hpp"
#include "src/peers/secret_words.hpp"

namespace bailiff {

inline constexpr std::string_view redacted_mark = "[***]";

/// Threads  one.
class Redactor {
public:
    Redactor(const RedactOptions& options, const std::vector<HeaderField>& top);

    /// One field, with its line end.
    [[nodiscard]] std::string field(const HeaderField& field) const;
    /// `value` in free text; redacted_mark, if that is not enough.
    [[nodiscard]] std::string value(std::string_view value) const;
    /// An entity with its body.
    [[nodiscard]] Result<std::string> entity(std::string_view entity, std::size_t depth);

private:
    [[nodiscard]] std::string one(std::string_view address) const;
    [[nodiscard]] std::string recipients(const HeaderField& field) const;
    [[nodiscard]] std::string trace(std::string_view value) const;
    [[nodiscard]] std::string text(std::string_view body) const;
    [[nodiscard]] Result<std::string> encoded(std::string_view body, const std::string& why);
    [[nodiscard]] Result<std::string> multipart(std::string_view body, std::string_view boundary,
                                                std::size_t depth);
    [[nodiscard]] Result<std::string> body(std::string_view body, const BodyForm& form,
                                           std::size_t depth);

    const RedactOptions& options_;
    SecretWords words_;
    std::size_t parts_ = 0;
};

}  // namespace bailiff
