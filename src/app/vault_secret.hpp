#pragma once
// The private key that somebody brings along.

#include <memory>
#include <string>

#include "src/seal/sealed.hpp"

namespace bailiff {

/// Opened once, when it is first needed.  Threads  one.
struct VaultSecretFile {
    std::string path;             ///< empty: none was given
    std::string passphrase_file;  ///< empty: it is asked for on the terminal
    [[nodiscard]] bool given() const { return !path.empty(); }
    /// Errors   those of the files; invalid_input: the passphrase does not open it.
    [[nodiscard]] Result<const VaultSecret*> open() const;

private:
    mutable std::shared_ptr<const VaultSecret> opened_;
};

/// From the file, or from the terminal without an echo.  Errors   invalid_input: there is none.
[[nodiscard]] Result<std::string> passphrase(const std::string& file, const std::string& what_for);

}  // namespace bailiff
