#include "src/rspamd/question.hpp"

#include "src/rspamd/printable.hpp"

#include <algorithm>
#include <array>
#include <bailiff/limits.hpp>
#include <optional>
#include <span>

namespace bailiff {
namespace {

constexpr std::size_t recipients_asked_max = 100;
constexpr std::size_t message_id_bytes_max = 500;

[[nodiscard]] std::string new_request_id(Entropy& entropy) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::uint8_t, 12> random{};
    entropy.fill(random);
    std::string id;
    for (const auto byte : random) {
        id += digits[byte >> 4U];
        id += digits[byte & 15U];
    }
    return id;
}

/// One header line's worth of `text`.
[[nodiscard]] std::string header_value(std::string_view text) {
    std::string out(text.substr(0, limits::address_bytes_max));
    std::erase_if(out, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
    return out;
}

class Headers {
public:
    void add(std::string_view name, std::string_view text) {
        if (auto value = header_value(text); !value.empty())
            all_.emplace_back(name, std::move(value));
    }
    /// What we have written ourselves: whole.
    void add_own(std::string_view name, std::string value) {
        all_.emplace_back(name, std::move(value));
    }
    [[nodiscard]] auto take() && { return std::move(all_); }

private:
    std::vector<std::pair<std::string, std::string>> all_;
};

[[nodiscard]] std::string url_of(const RspamdOptions& options) {
    const bool by_socket = !options.socket.empty() || options.url.empty();
    auto url = by_socket ? std::string("http://rspamd") : options.url;
    const auto host = url.find("://");
    const auto path = url.find('/', host == std::string::npos ? 0 : host + 3);
    if (path == std::string::npos) return url + "/checkv2";
    return path + 1 == url.size() ? url + "checkv2" : url;
}

/// rspamd 3.4 returns no id of ours, but it does return a symbol that it is told to set.
[[nodiscard]] std::string settings_of(const RspamdOptions& options, const std::string& id) {
    auto text =
        R"({"symbols":{")" + std::string(echo_symbol) + R"(":{"options":[")" + id + R"("]}})";
    if (options.groups_off.empty()) return text + "}";
    text += R"(,"groups_disabled":[)";
    for (const auto& group : options.groups_off)
        text += (text.ends_with('[') ? "\"" : ",\"") + group + "\"";
    return text + "]}";
}

[[nodiscard]] auto headers_of(const Envelope& envelope, const RspamdOptions& options,
                              const std::string& id) {
    Headers headers;
    headers.add("User", envelope.login);
    headers.add("From", envelope.mail_from.empty() ? "<>" : envelope.mail_from);
    for (const auto& recipient :
         std::span(envelope.rcpt_to).first(std::min(recipients_asked_max, envelope.rcpt_to.size())))
        headers.add("Rcpt", recipient);
    headers.add("IP", envelope.client_address);
    headers.add("Helo", envelope.helo);
    headers.add("Queue-Id", envelope.queue_id);
    if (!options.settings_id.empty()) {
        headers.add("Settings-ID", options.settings_id);
    } else {
        headers.add_own("Settings", settings_of(options, id));
    }
    return std::move(headers).take();
}

[[nodiscard]] bool equal_nocase(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, {}, [](char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
}

/// The part between < and > of a value that every parser reads alike.
[[nodiscard]] std::optional<std::string_view> plain_id(std::string_view value) {
    while (value.starts_with(' ')) value.remove_prefix(1);
    if (value.size() < 3 || value.size() > message_id_bytes_max) return std::nullopt;
    if (!value.starts_with('<') || !value.ends_with('>')) return std::nullopt;
    value = value.substr(1, value.size() - 2);
    const bool plain = std::ranges::all_of(value, [](char c) {
        return c > 0x20 && c < 0x7F &&
               std::string_view("<>()\"\\?,;:[]").find(c) == std::string_view::npos;
    });
    return plain && value.find("=?") == std::string_view::npos ? std::optional(value)
                                                               : std::nullopt;
}

/// The Message-ID of a header whose lines are all unmistakable up to and including the only one.
[[nodiscard]] std::optional<std::string_view> message_id(std::string_view raw) {
    constexpr std::string_view name = "message-id:";
    std::optional<std::string_view> found;
    while (!raw.empty()) {
        const auto end = raw.find("\r\n");
        const auto line = raw.substr(0, end);
        raw.remove_prefix(end == std::string_view::npos ? raw.size() : end + 2);
        if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
            return std::nullopt;
        if (line.empty()) return found;
        if (!equal_nocase(line.substr(0, name.size()), name)) continue;
        if (found || raw.starts_with(' ') || raw.starts_with('\t')) return std::nullopt;
        found = plain_id(line.substr(name.size()));
        if (!found) return std::nullopt;
    }
    return found;
}

}  // namespace

Question make_question(const Submission& submission, const RspamdOptions& options, Entropy& entropy,
                       SteadyInstant deadline) {
    Question question{new_request_id(entropy), {}};
    auto& request = question.request;
    request.url = url_of(options);
    request.unix_socket = options.socket;
    request.headers = headers_of(submission.envelope, options, question.id);
    request.body = submission.raw;
    request.connect_timeout = options.connect_timeout;
    request.deadline = deadline;
    request.reply_bytes_max = options.reply_bytes_max;
    return question;
}

Result<void> check_is_answer(const RspamdReply& reply, const Question& question,
                             const Submission& submission) {
    const auto other = [](std::string_view what, std::string_view got) {
        return fail(Fault::corrupt, "its answer is to another question: " + std::string(what) +
                                        " " + printable(got, 100));
    };
    // A sender can spell a Message-ID that two parsers read differently; where the id came back,
    // that must not be a way to silence the witness.
    if (!reply.request_id.empty())
        return reply.request_id == question.id ? Result<void>()
                                               : other("request id", reply.request_id);
    const auto own = message_id(submission.raw);
    if (own && *own != reply.message_id) return other("Message-ID", reply.message_id);
    return {};
}

}  // namespace bailiff
