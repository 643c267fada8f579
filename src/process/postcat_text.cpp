#include "src/process/postcat_text.hpp"

#include <charconv>
#include <ctime>
#include <optional>

namespace bailiff::process {

namespace {

constexpr std::string_view attribute = "named_attribute: ";

std::string_view next_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

/// Postfix writes it in the time zone of the program, which is ours: UTC.
Instant arrival(std::string_view text) {
    std::tm parts{};
    const std::string copy(text.substr(0, 40));
    if (strptime(copy.c_str(), "%a %b %e %H:%M:%S %Y", &parts) == nullptr) return Instant{};
    return Instant{std::chrono::seconds(timegm(&parts))};
}

/// "Received: by HOST (Postfix, from userid 1000)"
std::optional<std::uint32_t> uid_in(std::string_view received) {
    constexpr std::string_view before = " (Postfix, from userid ";
    if (!received.starts_with("Received: by ")) return std::nullopt;
    const auto at = received.find(before);
    if (at == std::string_view::npos || !received.ends_with(')')) return std::nullopt;
    auto digits = received.substr(at + before.size());
    digits.remove_suffix(1);
    std::uint32_t uid = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), uid);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return uid;
}

/// Reads the text of one file after the other.
class Reader {
public:
    explicit Reader(std::span<const QueueFile> files) : files_(files) {}

    void take(std::string_view line) {
        if (part_ == Part::before || part_ == Part::after) return look_for_start(line);
        if (is_mark(line, "MESSAGE CONTENTS")) {
            part_ = Part::header;
            return;
        }
        if (part_ == Part::envelope) return take_envelope(line);
        if (is_mark(line, "MESSAGE FILE END")) return finish();
        if (received_seen_ || !line.starts_with("Received:")) return;
        received_seen_ = true;
        if (mail_.client_address.empty() && mail_.login.empty()) mail_.uid = uid_in(line);
    }

    [[nodiscard]] std::vector<QueuedMail> mails() && { return std::move(mails_); }

private:
    enum class Part { before, envelope, header, after };

    [[nodiscard]] bool is_mark(std::string_view line, std::string_view what) const {
        return line == "*** " + std::string(what) + " " + files_[at_].path + " ***";
    }

    void look_for_start(std::string_view line) {
        if (at_ >= files_.size() || !is_mark(line, "ENVELOPE RECORDS")) return;
        mail_ = {};
        mail_.queue_id = files_[at_].queue_id;
        mail_.queue = files_[at_].queue;
        received_seen_ = login_seen_ = client_seen_ = false;
        part_ = Part::envelope;
    }

    void take_envelope(std::string_view line) {
        const auto value_of = [&](std::string_view name) { return line.substr(name.size()); };
        constexpr std::string_view time = "message_arrival_time: ", sender = "sender: ";
        if (line.starts_with(time)) mail_.arrived = arrival(value_of(time));
        if (line.starts_with(sender)) mail_.mail_from = value_of(sender);
        if (!line.starts_with(attribute)) return;
        line.remove_prefix(attribute.size());
        once("sasl_username=", line, login_seen_, mail_.login);
        once("client_address=", line, client_seen_, mail_.client_address);
    }

    static void once(std::string_view name, std::string_view line, bool& seen, std::string& value) {
        if (seen || !line.starts_with(name)) return;
        seen = true;
        value = line.substr(name.size());
    }

    void finish() {
        mails_.push_back(std::move(mail_));
        ++at_;
        part_ = Part::after;
    }

    std::span<const QueueFile> files_;
    std::size_t at_ = 0;
    Part part_ = Part::before;
    QueuedMail mail_;
    bool received_seen_ = false, login_seen_ = false, client_seen_ = false;
    std::vector<QueuedMail> mails_;
};

}  // namespace

std::vector<QueuedMail> parse_postcat(std::string_view text, std::span<const QueueFile> files) {
    Reader reader(files);
    while (!text.empty()) reader.take(next_line(text));
    return std::move(reader).mails();
}

}  // namespace bailiff::process
