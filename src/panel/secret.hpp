#pragma once
// A credential: read from one file, shown to nobody but the panel.

#include <bailiff/result.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace bailiff::panel {

/// Text that cannot be printed by accident, and is overwritten when it goes.
class Secret {
public:
    explicit Secret(std::string text) : text_(std::move(text)) {}
    ~Secret();
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&&) = delete;
    Secret(const Secret&) = delete;

    [[nodiscard]] const std::string& reveal() const { return text_; }

private:
    std::string text_;
};

/// What a panel process knows; outlives every effect that is given it.
struct Secrets {
    Secret common;
    std::optional<Secret> purge;  ///< none: this hook destroys nothing
};

/// The content of `path`, without the line end: 1 to 4,096 bytes.
/// Errors   unavailable: naming the file and what was expected of it: a regular file, no symbolic
///          link, owned by root or the running user, readable by nobody else.
[[nodiscard]] Result<Secret> read_secret(const std::string& path);

/// `text` with each of the secrets in it blotted out: a panel may echo what it was sent.
[[nodiscard]] std::string without_secrets(std::string text, const Secrets& secrets);

}  // namespace bailiff::panel
