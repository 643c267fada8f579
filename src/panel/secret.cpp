#include "src/panel/secret.hpp"

#include <array>
#include <bailiff/descriptor.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bailiff::panel {
namespace {

constexpr std::size_t secret_bytes_max = 4'096;
constexpr std::string_view blot = "[secret]";

void blot_out(std::string& text, std::string_view secret) {
    if (secret.empty()) return;
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + blot.size()))
        text.replace(at, secret.size(), blot);
}

std::string octal(mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777U));
    return text.data();
}

}  // namespace

Secret::~Secret() {
    explicit_bzero(text_.data(), text_.size());
}

Secret::Secret(Secret&& other) noexcept : text_(other.text_) {
    explicit_bzero(other.text_.data(), other.text_.size());
    other.text_.clear();
}

Result<Secret> read_secret(const std::string& path) {
    const auto refuse = [&](const std::string& why) {
        return fail(Fault::unavailable, "secret file " + path + " " + why);
    };
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.is_open() && errno == ELOOP) return refuse("is refused: it is a symbolic link");
    if (!file.is_open())
        return refuse(std::string("cannot be opened: ") + std::strerror(errno) +
                      "; expected a file that uid " + std::to_string(geteuid()) + " may read");
    struct stat status {};
    if (fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
        return refuse("is refused: expected a regular file");
    if (status.st_uid != 0 && status.st_uid != geteuid())
        return refuse("is refused: expected root or uid " + std::to_string(geteuid()) +
                      " as its owner, found uid " + std::to_string(status.st_uid));
    if ((status.st_mode & 0177U) != 0)
        return refuse("is refused: expected mode 0400 or 0600, found " + octal(status.st_mode));
    std::string text(secret_bytes_max + 1, '\0');
    const auto got = read(file.number(), text.data(), text.size());
    if (got < 0) return refuse(std::string("cannot be read: ") + std::strerror(errno));
    text.resize(static_cast<std::size_t>(got));
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    if (text.empty() || text.size() > secret_bytes_max || text.find('\0') != std::string::npos)
        return refuse("is refused: expected 1 to 4096 bytes of text");
    return Secret(std::move(text));
}

std::string without_secrets(std::string text, const Secrets& secrets) {
    blot_out(text, secrets.common.reveal());
    if (secrets.purge) blot_out(text, secrets.purge->reveal());
    return text;
}

}  // namespace bailiff::panel
