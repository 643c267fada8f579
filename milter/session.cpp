#include "milter/session.hpp"

#include <bailiff/guard.hpp>
#include <bailiff/limits.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "milter/address.hpp"
#include "milter/uid_header.hpp"

namespace bailiff {
namespace {

/// One byte more than a message takes over, so that bounded() sees that there was more.
constexpr auto kept_max = limits::address_bytes_max + 1;

std::uint16_t port_of(std::string_view text, std::uint16_t otherwise) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() ? port : otherwise;
}

std::string_view first_of(std::string_view a, std::string_view b) {
    return a.empty() ? b : a;
}

void append_with_crlf(std::string& out, std::string_view value) {
    for (auto at = value.find('\n'); at != std::string_view::npos; at = value.find('\n')) {
        const bool has_cr = at > 0 && value[at - 1] == '\r';
        out.append(value.substr(0, has_cr ? at - 1 : at)).append("\r\n");
        value.remove_prefix(at + 1);
    }
    out.append(value);
}

Reply no_room() {
    return {Reply::Kind::tempfail, "4.3.2 too much mail under way, try again"};
}

/// Postfix answers reject and tempfail from sendmail(1) mail with a bounce to a forged sender, or
/// offers the mail again each minute: only pass and hold are said there.
Reply allowed_at(Door door, Reply reply) {
    const bool refuses = reply.kind == Reply::Kind::reject || reply.kind == Reply::Kind::tempfail;
    if (door == Door::local && refuses) reply.kind = Reply::Kind::hold;
    return reply;
}

}  // namespace

void Session::connect(const Peer& peer) {
    peer_name_ = peer.name.substr(0, kept_max);
    peer_address_ = plain_ip(peer.address.substr(0, kept_max));
    peer_port_ = peer.port;
}

void Session::helo(std::string_view name) {
    helo_ = name.substr(0, kept_max);
}

Reply Session::mail(std::string_view argument, const MacroSource& macros) {
    if (in_message_) end_message(Ending::superseded);
    in_message_ = true;
    // Empty, because the message before has ended.
    if (submission_.envelope.transaction.empty()) begin_envelope(argument, macros);
    if (!cargo_.begin()) {
        end_message(Ending::refused);
        return no_room();
    }
    if (submission_.envelope.door == Door::local) return {};  // Postfix forbids more
    auto reply = ports_.gate.admit(submission_.envelope);
    if (reply.kind != Reply::Kind::reject && reply.kind != Reply::Kind::tempfail) return {};
    end_message(Ending::refused);
    return reply;
}

void Session::begin_envelope(std::string_view argument, const MacroSource& macros) {
    auto& envelope = submission_.envelope;
    const auto told = macros.get("{client_addr}");
    // The door first: how a failure below is answered depends on it.
    envelope.client_address =
        told.empty() ? bounded(peer_address_, "MACROS_CUT") : plain_ip(bounded(told, "MACROS_CUT"));
    envelope.door = tell_door(rules_.tags, macros, envelope.client_address);
    if (envelope.door == Door::local) envelope.client_address = "127.0.0.1";  // or ::1, by IPv6
    envelope.client_port = port_of(macros.get("{client_port}"), peer_port_);
    envelope.client_name = bounded(first_of(macros.get("{client_name}"), peer_name_), "MACROS_CUT");
    envelope.daemon_name = bounded(macros.get("{daemon_name}"), "MACROS_CUT");
    envelope.helo = bounded(helo_, "MACROS_CUT");
    take_login(macros);
    take_queue_id(macros);
    take_connection(macros);
    envelope.mail_from = bounded(without_brackets(argument), "ADDRESS_CUT");
    envelope.received = ports_.clock.now();
    envelope.transaction = new_transaction();
}

/// Whoever sent it can make none of these say more than we keep.
void Session::take_connection(const MacroSource& macros) {
    const auto kept = [&](const char* name) { return bounded(macros.get(name), "MACROS_CUT"); };
    submission_.connection = {.server_address = plain_ip(kept("{daemon_addr}")),
                           .server_port = kept("{daemon_port}"),
                           .client_ptr = kept("{client_ptr}"),
                           .tls_version = kept("{tls_version}"),
                           .tls_cipher = kept("{cipher}"),
                           .tls_bits = kept("{cipher_bits}"),
                           .certificate_subject = kept("{cert_subject}"),
                           .certificate_issuer = kept("{cert_issuer}")};
}

void Session::take_login(const MacroSource& macros) {
    auto& envelope = submission_.envelope;
    auto login = macros.get("{auth_authen}");
    if (login.empty() && guard(Guard::login_is_of_this_mail, false)) login = last_login_;
    // A login that was cut could be somebody else's.
    if (login.size() > limits::address_bytes_max) {
        mark("MACROS_CUT");
        login = {};
    }
    envelope.login = login;
    if (!login.empty()) last_login_ = envelope.login;
    envelope.auth_type = bounded(macros.get("{auth_type}"), "MACROS_CUT");
    envelope.auth_author = bounded(macros.get("{auth_author}"), "MACROS_CUT");
}

void Session::take_queue_id(const MacroSource& macros) {
    if (const auto id = macros.get("i"); !id.empty())
        submission_.envelope.queue_id = bounded(id, "MACROS_CUT");
}

void Session::rcpt(std::string_view argument, const MacroSource& macros) {
    if (!in_message_) return;
    take_queue_id(macros);
    auto& envelope = submission_.envelope;
    if (envelope.rcpt_count < UINT32_MAX) ++envelope.rcpt_count;
    if (envelope.rcpt_to.size() >= limits::recipients_kept_max) return mark("RECIPIENTS_CUT");
    envelope.rcpt_to.push_back(bounded(without_brackets(argument), "ADDRESS_CUT"));
}

void Session::header(const HeaderLine& line) {
    if (!in_message_) return;
    if (content_.headers < UINT32_MAX) ++content_.headers;
    if (is_header(line.name, rules_.uid_header)) return take_uid(line.value);
    const auto cost = line.name.size() + line.value.size() + 4;
    if (content_.body_begun || content_.headers > limits::header_count_max ||
        content_.header_bytes + cost > limits::header_bytes_max)
        return mark("HEADERS_CUT");
    if (!load(cost)) return;
    content_.header_bytes += cost;
    auto& raw = submission_.raw;
    raw.append(line.name).append(line.leading_space_kept ? ":" : ": ");
    append_with_crlf(raw, line.value);
    raw.append("\r\n");
}

void Session::take_uid(std::string_view value) {
    if (content_.uid_headers < limits::header_count_max)
        ++content_.uid_headers;
    else
        mark("HEADERS_CUT");
    const bool first = content_.headers == 1 && !content_.body_begun;
    const bool local = submission_.envelope.door == Door::local;
    if (!guard(Guard::uid_header_must_be_first, first)) return;
    if (!guard(Guard::uid_header_needs_local_door, local)) return;
    if (const auto uid = parse_uid(value)) content_.uid = uid;
}

void Session::begin_body() {
    if (content_.body_begun) return;
    content_.body_begun = true;
    submission_.raw.append("\r\n");
}

void Session::eoh() {
    if (in_message_) begin_body();
}

void Session::body(std::string_view chunk) {
    if (!in_message_) return;
    begin_body();
    auto& raw = submission_.raw;
    const auto room = limits::message_bytes_max - std::min(raw.size(), limits::message_bytes_max);
    if (chunk.size() > room) mark("MESSAGE_CUT");
    const auto kept = chunk.substr(0, room);
    if (load(kept.size())) raw.append(kept);
}

bool Session::load(std::size_t bytes) {
    if (put_off_) return false;
    if (cargo_.load(bytes)) return true;
    put_off_ = true;
    std::string().swap(submission_.raw);  // others need the room now
    cargo_.unload();
    return false;
}

Session::Answer Session::eom(const MacroSource& macros) {
    auto& envelope = submission_.envelope;
    Reply reply{Reply::Kind::tempfail, "4.3.0 message state lost, try again"};
    if (in_message_ && !spoiled_ && !put_off_) {
        begin_body();
        take_queue_id(macros);
        envelope.uid = content_.uid;
        reply = ports_.gate.judge(submission_);
    }
    // Mail that was put off was seen by nobody: at the local door, too, it may come again.
    Answer answer{put_off_ ? no_room() : allowed_at(envelope.door, std::move(reply)),
                  content_.uid_headers};
    end_message(Ending::judged);
    return answer;
}

void Session::abort() {
    end_message(Ending::aborted);
}

void Session::close() {
    end_message(Ending::closed);
}

void Session::end_message(Ending ending) {
    in_message_ = false;
    spoiled_ = false;
    put_off_ = false;
    cargo_.end();
    if (ending == Ending::aborted && guard_removed(Guard::abort_ends_message_state)) return;
    submission_.envelope = {};
    if (ending == Ending::judged && guard_removed(Guard::message_state_ends_with_message)) return;
    submission_ = {};
    content_ = {};
}

void Session::mark(std::string_view limit) {
    auto& symbols = submission_.limits;
    if (std::ranges::find(symbols, limit) == symbols.end()) symbols.emplace_back(limit);
}

std::string Session::bounded(std::string_view text, std::string_view limit) {
    if (text.size() > limits::address_bytes_max) mark(limit);
    return std::string(text.substr(0, limits::address_bytes_max));
}

std::string Session::new_transaction() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::uint8_t, 8> bytes{};
    ports_.entropy.fill(bytes);
    std::string text;
    for (const auto byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace bailiff
