#include "src/app/habits_file.hpp"

#include <algorithm>
#include <bailiff/digest.hpp>

#include "src/app/files.hpp"

namespace bailiff {

namespace {

constexpr std::size_t bytes_max = 256U << 20;
constexpr std::size_t seal_bytes = 64;

}  // namespace

void HabitsFile::read() {
    const auto text = read_file(path_, bytes_max);
    if (!text) {
        if (text.error().fault != Fault::not_found)
            journal_.event(Severity::warning, "habits_not_read", {{"why", text.error().what}});
        return;
    }
    const std::string_view bytes(*text);
    const auto logins = bytes.substr(std::min(bytes.size(), seal_bytes));
    const bool whole =
        bytes.size() >= seal_bytes && sha256(logins).hex() == bytes.substr(0, seal_bytes);
    const Result<std::size_t> known =
        whole ? counters_.read_logins(logins)
              : fail(Fault::corrupt, path_ + ": damaged, or not written to its end");
    if (!known)
        return journal_.event(Severity::warning, "habits_not_read", {{"why", known.error().what}});
    journal_.event(Severity::info, "habits_read", {{"logins", std::to_string(*known)}});
}

void HabitsFile::write() {
    const auto logins = counters_.logins();
    const auto written = replace_file(path_, sha256(logins).hex() + logins);
    if (!written)
        journal_.event(Severity::warning, "habits_not_written", {{"why", written.error().what}});
}

}  // namespace bailiff
