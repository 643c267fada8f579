#include "milter/conversation.hpp"

#include <algorithm>
#include <array>
#include <bailiff/crash_point.hpp>
#include <charconv>
#include <exception>

#include "milter/reply_text.hpp"

namespace bailiff {
namespace {

// The numbers of the protocol, by the names that sendmail gave them: SMFIF_, SMFIP_, SMFIM_.
enum Action : std::uint32_t {
    can_change_headers = 0x10,
    can_quarantine = 0x20,
    can_set_symbols = 0x100,
};
enum Waived : std::uint32_t {
    no_eoh = 0x40,
    no_header_reply = 0x80,
    no_unknown = 0x100,
    no_data = 0x200,
    no_connect_reply = 0x1000,
    no_helo_reply = 0x2000,
    no_rcpt_reply = 0x8000,
    no_body_reply = 0x80000,
    leading_space = 0x100000,
};
constexpr std::uint32_t version_min = 2, version_ours = 6;
constexpr std::uint32_t wanted_actions = can_change_headers | can_quarantine | can_set_symbols;
constexpr std::uint32_t wanted_steps = no_eoh | no_header_reply | no_unknown | no_data |
                                       no_connect_reply | no_helo_reply | no_rcpt_reply |
                                       no_body_reply | leading_space;

// What we ask the MTA for. A list of ours replaces Postfix's own, so it must be whole.
// {client_addr} at MAIL has always a value: so a MAIL always brings macros.
struct SymbolList {
    std::uint32_t stage;
    std::string_view names;
};
constexpr std::array symbol_lists{
    SymbolList{0,  // connect
               "j {bailiff_door} {daemon_name} {daemon_addr} {daemon_port} {client_addr} "
               "{client_port} {client_name} {client_ptr}"},
    SymbolList{2,  // MAIL
               "i {auth_authen} {auth_type} {auth_author} {client_addr} {client_port} "
               "{client_name} {tls_version} {cipher} {cipher_bits} {cert_subject} {cert_issuer}"},
    SymbolList{3, "i"},  // RCPT
    SymbolList{5, "i"},  // end of message
};

void append_text(std::string& out, std::string_view text) {
    out.append(text).push_back('\0');
}

}  // namespace

/// One command: what is done, and where no reply was asked for.
struct Conversation::Step {
    char command;
    Answer (Conversation::*run)(std::string_view, std::string&);
    std::uint32_t unanswered_if = 0;
};

const Conversation::Step* Conversation::step_of(char command) noexcept {
    using Self = Conversation;
    static constexpr std::array steps{
        Step{'O', &Self::negotiate},
        Step{'D', &Self::macros},
        Step{'C', &Self::connect, no_connect_reply},
        Step{'H', &Self::helo, no_helo_reply},
        Step{'M', &Self::mail},
        Step{'R', &Self::rcpt, no_rcpt_reply},
        Step{'L', &Self::header, no_header_reply},
        Step{'B', &Self::body, no_body_reply},
        Step{'E', &Self::eom},
        Step{'A', &Self::abort},
        Step{'Q', &Self::quit},
        Step{'N', &Self::eoh},
        Step{'T', &Self::nothing},
        Step{'U', &Self::nothing},
        Step{'K', &Self::next_client},
    };
    const auto* found = std::ranges::find(steps, command, &Step::command);
    return found == steps.end() ? nullptr : found;
}

Conversation::~Conversation() {
    close_session();
}

bool Conversation::take(const Packet& packet, std::string& replies) {
    const auto* step = step_of(packet.command);
    const bool in_order = step != nullptr && (negotiated_ || packet.command == 'O');
    const auto answer = in_order ? run(*step, packet.data, replies) : broken;
    if (answer == broken) report_broken(packet);
    if (answer == broken || answer == hang_up) return false;
    const bool is_waived = (steps_ & step->unanswered_if) != 0;
    if (answer != said && !is_waived) append_packet(replies, answer);
    return true;
}

/// The one barrier: no exception of ours ends the thread, or lets a message through.
Conversation::Answer Conversation::run(const Step& step, std::string_view data,
                                       std::string& replies) {
    try {
        return (this->*step.run)(data, replies);
    } catch (const std::exception& error) {
        reception_.report(Reception::Fault::escaped, error.what());
    } catch (...) {
        reception_.report(Reception::Fault::escaped, "not a std::exception");
    }
    return escaped(step.command, replies);
}

void Conversation::report_broken(const Packet& packet) {
    const bool printable = packet.command > ' ' && packet.command <= '~';
    const auto what = (printable ? std::string(1, packet.command)
                                 : std::to_string(static_cast<unsigned char>(packet.command))) +
                      ", " + std::to_string(packet.data.size()) + " bytes";
    reception_.report(Reception::Fault::broken_protocol, what.c_str());
}

/// The message that an exception left is never judged as if it were whole.
Conversation::Answer Conversation::escaped(char command, std::string& replies) {
    if (session_) session_->spoil();
    const bool local = session_ && session_->envelope().door == Door::local;
    switch (command) {
        case 'A':
        case 'D':
            return said;
        case 'C':
            return defer;
        case 'M':
            if (local) return go_on;  // forbidden there: end of message holds it
            if (session_) session_->abort();
            return defer;
        case 'E':
            if (session_) session_->abort();
            return local ? hold("held by bailiff: not judged", replies) : defer;
        case 'O':
        case 'K':
        case 'Q':
            return hang_up;
        default:
            return go_on;
    }
}

Conversation::Answer Conversation::negotiate(std::string_view data, std::string& replies) {
    if (data.size() < 12) return broken;
    const auto version = std::min(number_at(data), version_ours);
    if (version < version_min) return broken;
    const auto offered = number_at(data.substr(4));
    actions_ = offered & wanted_actions;
    steps_ = number_at(data.substr(8)) & wanted_steps;
    negotiated_ = true;
    constexpr auto edits = can_change_headers | can_quarantine;
    if ((offered & edits) != edits) reception_.report(Reception::Fault::no_actions, "");
    std::string ours;
    for (const auto number : {version, actions_, steps_}) append_number(ours, number);
    if ((offered & can_set_symbols) == 0)
        reception_.report(Reception::Fault::no_symbol_list, "");
    else
        for (const auto& list : symbol_lists) {
            append_number(ours, list.stage);
            append_text(ours, list.names);
        }
    append_packet(replies, 'O', ours);
    return said;
}

Conversation::Answer Conversation::macros(std::string_view data, std::string&) {
    if (data.empty()) return broken;
    return symbols_.put(data.front(), data.substr(1)) ? said : broken;
}

Session* Conversation::session() {
    if (!session_) session_ = reception_.open_session();
    return session_.get();
}

Conversation::Answer Conversation::connect(std::string_view data, std::string&) {
    const auto name = take_text(data);
    if (!name || data.empty()) return broken;
    Peer peer{*name, {}, 0};
    const char family = data.front();
    data.remove_prefix(1);
    if (family == '4' || family == '6') {
        if (data.size() < 2) return broken;
        peer.port = static_cast<std::uint16_t>(static_cast<unsigned char>(data[0]) << 8 |
                                               static_cast<unsigned char>(data[1]));
        data.remove_prefix(2);
        const auto address = take_text(data);
        if (!address) return broken;
        peer.address = *address;
    }
    auto* ours = session();
    if (ours == nullptr) return defer;
    ours->connect(peer);
    return go_on;
}

Conversation::Answer Conversation::helo(std::string_view data, std::string&) {
    const auto name = take_text(data);
    if (!name) return broken;
    if (session_) session_->helo(*name);
    return go_on;
}

Conversation::Answer Conversation::refuse(const Reply& reply, std::string& replies) {
    const auto words = smtp_reply(reply);
    std::string line = words.code + ' ' + words.enhanced + ' ' + words.text;
    line.push_back('\0');
    append_packet(replies, 'y', line);
    return said;
}

Conversation::Answer Conversation::mail(std::string_view data, std::string& replies) {
    const auto argument = take_text(data);
    if (!argument) return broken;
    symbols_.begin_message();  // also of one that is put off: its login is nobody else's
    auto* ours = session();
    if (ours == nullptr) return defer;
    const auto reply = ours->mail(*argument, symbols_);
    if (reply.kind != Reply::Kind::proceed) return refuse(reply, replies);
    if (ours->envelope().door == Door::unknown)
        reception_.report(Reception::Fault::no_tag, ours->envelope().daemon_name.c_str());
    return go_on;
}

Conversation::Answer Conversation::rcpt(std::string_view data, std::string&) {
    const auto argument = take_text(data);
    if (!argument) return broken;
    if (session_) session_->rcpt(*argument, symbols_);
    return go_on;
}

Conversation::Answer Conversation::header(std::string_view data, std::string&) {
    const auto name = take_text(data);
    const auto value = name ? take_text(data) : std::nullopt;
    if (!value) return broken;
    const bool kept = (steps_ & leading_space) != 0;
    if (session_) session_->header({.name = *name, .value = *value, .leading_space_kept = kept});
    return go_on;
}

Conversation::Answer Conversation::eoh(std::string_view, std::string&) {
    if (session_) session_->eoh();
    return go_on;
}

Conversation::Answer Conversation::body(std::string_view data, std::string&) {
    if (session_) session_->body(data);
    return go_on;
}

/// Holds the message; deferred if not even that can be said, since nothing else loses no mail.
Conversation::Answer Conversation::hold(std::string_view why, std::string& replies) {
    if ((actions_ & can_quarantine) == 0) {
        reception_.report(Reception::Fault::reply_refused, "hold");
        return defer;
    }
    std::string reason;
    append_text(reason, quarantine_reason(why));
    append_packet(replies, 'q', reason);
    return go_on;
}

/// From the highest index down: each deletion renumbers what follows it.
void Conversation::delete_uid_headers(std::uint32_t count, std::string& replies) {
    if (count > 0 && (actions_ & can_change_headers) == 0)
        return reception_.report(Reception::Fault::reply_refused, "delete uid header");
    for (auto index = count; index > 0; --index) {
        std::string change;
        append_number(change, index);
        append_text(change, reception_.uid_header());
        append_text(change, "");  // no value: the header goes
        append_packet(replies, 'm', change);
    }
}

Conversation::Answer Conversation::eom(std::string_view data, std::string& replies) {
    if (!session_) return defer;
    if (!data.empty()) session_->body(data);
    const auto answer = session_->eom(symbols_);
    reception_.count_message();
    crash_point("reply_made");
    if (answer.reply.kind == Reply::Kind::reject || answer.reply.kind == Reply::Kind::tempfail)
        return refuse(answer.reply, replies);
    delete_uid_headers(answer.uid_headers, replies);
    crash_point("reply_edited");
    return answer.reply.kind == Reply::Kind::hold ? hold(answer.reply.text, replies) : go_on;
}

Conversation::Answer Conversation::abort(std::string_view, std::string&) {
    if (session_) session_->abort();
    return said;
}

Conversation::Answer Conversation::next_client(std::string_view, std::string&) {
    close_session();
    symbols_.clear();
    return said;
}

Conversation::Answer Conversation::quit(std::string_view, std::string&) {
    return hang_up;
}

Conversation::Answer Conversation::nothing(std::string_view, std::string&) {
    return go_on;
}

void Conversation::close_session() noexcept {
    if (!session_) return;
    crash_point("session_closed");  // the first we do after a reply was sent
    session_->close();
    reception_.close_session(std::move(session_));
}

}  // namespace bailiff
