#include "src/app/vault_secret.hpp"

#include <unistd.h>

#include "src/app/files.hpp"

namespace bailiff {

Result<std::string> passphrase(const std::string& file, const std::string& what_for) {
    if (!file.empty()) {
        BAILIFF_TRY(auto text, read_file(file, 4096));
        while (text.ends_with('\n')) text.pop_back();
        if (text.empty()) return fail(Fault::invalid_input, file + ": an empty passphrase");
        return text;
    }
    const auto ask = "Passphrase for " + what_for + ": ";
    const char* typed = isatty(STDIN_FILENO) != 0 ? getpass(ask.c_str()) : nullptr;
    if (typed == nullptr || *typed == '\0')
        return fail(Fault::invalid_input,
                    "a passphrase is needed: --passphrase-file, or a terminal to ask at");
    return std::string(typed);
}

Result<const VaultSecret*> VaultSecretFile::open() const {
    if (!opened_) {
        BAILIFF_TRY(const auto text, read_file(path, 4096));
        BAILIFF_TRY(const auto phrase, passphrase(passphrase_file, path));
        BAILIFF_TRY(auto secret, VaultSecret::open(text, phrase).within(path));
        opened_ = std::make_shared<const VaultSecret>(std::move(secret));
    }
    return opened_.get();
}

}  // namespace bailiff
