// Between libmilter and Session. Nothing escapes, no state but the connection's private pointer.
#include "milter/callbacks.hpp"

#include <arpa/inet.h>
#include <libmilter/mfapi.h>

#include <array>
#include <bailiff/crash_point.hpp>
#include <exception>
#include <list>
#include <memory>
#include <new>
#include <string>

#include "milter/reception.hpp"
#include "milter/reply_text.hpp"

namespace bailiff {
namespace {

Reception* reception = nullptr;  // libmilter hands its callbacks nothing of ours

/// Hangs on the private pointer from the first callback that needs it until close.
struct Connection {
    std::unique_ptr<Session> session;
    bool leading_space_kept = false;
};

class ContextMacros final : public MacroSource {
public:
    explicit ContextMacros(SMFICTX* context) : context_(context) {}
    std::string_view get(const char* name) const override {
        const char* value = find(name);
        return value == nullptr ? std::string_view{} : std::string_view{value};
    }
    // libmilter keeps the macros of MAIL until the next ones arrive, if they do.
    std::string_view take(const char* name) override {
        char* value = find(name);
        if (value == nullptr || *value == '\0') return {};
        taken_.emplace_back(value);
        *value = '\0';
        return taken_.back();
    }

private:
    char* find(const char* name) const { return smfi_getsymval(context_, const_cast<char*>(name)); }
    SMFICTX* context_;
    std::list<std::string> taken_;
};

Connection* connection_of(SMFICTX* context) {
    return static_cast<Connection*>(smfi_getpriv(context));
}

Connection& make_connection(SMFICTX* context) {
    if (auto* connection = connection_of(context)) return *connection;
    auto connection = std::make_unique<Connection>();
    if (smfi_setpriv(context, connection.get()) != MI_SUCCESS) throw std::bad_alloc();
    return *connection.release();
}

/// The session, made now if connect did not come; none above the session limit.
Session* make_session(SMFICTX* context) {
    auto& connection = make_connection(context);
    if (!connection.session) connection.session = reception->open_session();
    return connection.session.get();
}

Session* session_of(SMFICTX* context) {
    auto* connection = connection_of(context);
    return connection == nullptr ? nullptr : connection->session.get();
}

// What we ask the MTA for. A list of ours replaces Postfix's own, so it must be whole.
// {client_addr} at MAIL has always a value: so a MAIL always brings macros, and none stays.
struct SymbolList {
    int stage;
    const char* names;
};
constexpr std::array symbol_lists{
    SymbolList{SMFIM_CONNECT,
               "j {bailiff_door} {daemon_name} {daemon_port} {client_addr} {client_port} "
               "{client_name}"},
    SymbolList{SMFIM_ENVFROM,
               "i {auth_authen} {auth_type} {auth_author} {client_addr} {client_port} "
               "{client_name}"},
    SymbolList{SMFIM_ENVRCPT, "i"},
    SymbolList{SMFIM_EOM, "i"},
};

constexpr unsigned long wanted_actions = SMFIF_CHGHDRS | SMFIF_QUARANTINE | SMFIF_SETSYMLIST;
// libmilter answers in our stead where the MTA knows no "no reply".
constexpr unsigned long wanted_steps = SMFIP_NODATA | SMFIP_NOEOH | SMFIP_NOUNKNOWN |
                                       SMFIP_NR_HELO | SMFIP_NR_RCPT | SMFIP_NR_HDR |
                                       SMFIP_NR_BODY | SMFIP_HDR_LEADSPC;

sfsistat on_negotiate(SMFICTX* context, unsigned long actions, unsigned long steps, unsigned long,
                      unsigned long, unsigned long* our_actions, unsigned long* our_steps,
                      unsigned long* reserved_2, unsigned long* reserved_3) {
    *our_actions = actions & wanted_actions;
    *our_steps = steps & wanted_steps;
    *reserved_2 = *reserved_3 = 0;
    make_connection(context).leading_space_kept = (*our_steps & SMFIP_HDR_LEADSPC) != 0;
    const auto edits = SMFIF_CHGHDRS | SMFIF_QUARANTINE;
    if ((actions & edits) != edits) reception->report(Reception::Fault::no_actions, "");
    if ((actions & SMFIF_SETSYMLIST) == 0) {
        reception->report(Reception::Fault::no_symbol_list, "");
        return SMFIS_CONTINUE;
    }
    for (const auto& list : symbol_lists)
        if (smfi_setsymlist(context, list.stage, const_cast<char*>(list.names)) != MI_SUCCESS)
            reception->report(Reception::Fault::no_symbol_list, list.names);
    return SMFIS_CONTINUE;
}

std::string address_text(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address != nullptr && address->sa_family == AF_INET)
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text.data(),
                  text.size());
    if (address != nullptr && address->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text.data(),
                  text.size());
    return text.data();
}

std::uint16_t port_of(const sockaddr* address) {
    if (address != nullptr && address->sa_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in*>(address)->sin_port);
    if (address != nullptr && address->sa_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6*>(address)->sin6_port);
    return 0;
}

sfsistat on_connect(SMFICTX* context, char* name, sockaddr* address) {
    auto* session = make_session(context);
    if (session == nullptr) return SMFIS_TEMPFAIL;
    session->connect({name == nullptr ? "" : name, address_text(address), port_of(address)});
    return SMFIS_CONTINUE;
}

sfsistat on_helo(SMFICTX* context, char* name) {
    if (auto* session = session_of(context); session != nullptr && name != nullptr)
        session->helo(name);
    return SMFIS_NOREPLY;
}

sfsistat refusal(SMFICTX* context, const Reply& reply) {
    auto words = smtp_reply(reply);
    if (smfi_setreply(context, words.code.data(), words.enhanced.data(), words.text.data()) !=
        MI_SUCCESS)
        reception->report(Reception::Fault::reply_refused, "reply text");
    return reply.kind == Reply::Kind::reject ? SMFIS_REJECT : SMFIS_TEMPFAIL;
}

sfsistat on_mail(SMFICTX* context, char** arguments) {
    auto* session = make_session(context);
    if (session == nullptr) return SMFIS_TEMPFAIL;
    ContextMacros macros(context);
    const auto reply = session->mail(arguments[0] == nullptr ? "" : arguments[0], macros);
    if (reply.kind != Reply::Kind::proceed) return refusal(context, reply);
    if (session->envelope().door == Door::unknown)
        reception->report(Reception::Fault::no_tag, session->envelope().daemon_name.c_str());
    return SMFIS_CONTINUE;
}

sfsistat on_rcpt(SMFICTX* context, char** arguments) {
    if (auto* session = session_of(context); session != nullptr && arguments[0] != nullptr)
        session->rcpt(arguments[0], ContextMacros(context));
    return SMFIS_NOREPLY;
}

sfsistat on_header(SMFICTX* context, char* name, char* value) {
    if (auto* connection = connection_of(context); connection != nullptr && connection->session)
        connection->session->header(
            {.name = name, .value = value, .leading_space_kept = connection->leading_space_kept});
    return SMFIS_NOREPLY;
}

sfsistat on_body(SMFICTX* context, unsigned char* bytes, size_t count) {
    if (auto* session = session_of(context))
        session->body({reinterpret_cast<const char*>(bytes), count});
    return SMFIS_NOREPLY;
}

/// Holds the message; TEMPFAIL if not even that can be said, since nothing else loses no mail.
sfsistat hold(SMFICTX* context, std::string_view why) {
    auto reason = quarantine_reason(why);
    if (smfi_quarantine(context, reason.data()) == MI_SUCCESS) return SMFIS_CONTINUE;
    reception->report(Reception::Fault::reply_refused, "hold");
    return SMFIS_TEMPFAIL;
}

/// From the highest index down: each deletion renumbers what follows it.
void delete_uid_headers(SMFICTX* context, std::uint32_t count) {
    for (auto index = static_cast<int>(count); index > 0; --index)
        if (smfi_chgheader(context, const_cast<char*>(reception->uid_header()), index, nullptr) !=
            MI_SUCCESS)
            return reception->report(Reception::Fault::reply_refused, "delete uid header");
}

sfsistat on_eom(SMFICTX* context) {
    auto* session = session_of(context);
    if (session == nullptr) return SMFIS_TEMPFAIL;
    const auto answer = session->eom(ContextMacros(context));
    reception->count_message();
    crash_point("reply_made");
    if (answer.reply.kind == Reply::Kind::reject || answer.reply.kind == Reply::Kind::tempfail)
        return refusal(context, answer.reply);
    delete_uid_headers(context, answer.uid_headers);
    crash_point("reply_edited");
    return answer.reply.kind == Reply::Kind::hold ? hold(context, answer.reply.text)
                                                  : SMFIS_CONTINUE;
}

sfsistat on_abort(SMFICTX* context) {
    if (auto* session = session_of(context)) session->abort();
    return SMFIS_CONTINUE;
}

sfsistat on_close(SMFICTX* context) {
    const std::unique_ptr<Connection> connection(connection_of(context));
    if (!connection) return SMFIS_CONTINUE;
    crash_point("session_closed");  // the first we can do after libmilter has sent a reply
    smfi_setpriv(context, nullptr);
    if (connection->session) connection->session->close();
    reception->close_session(std::move(connection->session));
    return SMFIS_CONTINUE;
}

/// What a step answers when an exception left it; the message is never judged as if it were whole.
enum class Escape { refuse, at_mail, stay_silent, at_end, ignore };

sfsistat answer_to_escape(SMFICTX* context, Escape escape) noexcept {
    auto* session = session_of(context);
    if (session != nullptr) session->spoil();
    const bool local = session != nullptr && session->envelope().door == Door::local;
    switch (escape) {
        case Escape::refuse:
            return SMFIS_TEMPFAIL;
        case Escape::stay_silent:
            return SMFIS_NOREPLY;
        case Escape::ignore:
            return SMFIS_CONTINUE;
        case Escape::at_mail:
            if (local) return SMFIS_CONTINUE;  // forbidden there: end of message holds it
            if (session != nullptr) session->abort();
            return SMFIS_TEMPFAIL;
        case Escape::at_end:
            if (session != nullptr) session->abort();
            static char reason[] = "held by bailiff: not judged";
            if (local && smfi_quarantine(context, reason) == MI_SUCCESS) return SMFIS_CONTINUE;
            return SMFIS_TEMPFAIL;
    }
    return SMFIS_TEMPFAIL;
}

/// The one barrier: no exception of ours enters C.
template <auto Step, Escape escape, class... Args>
sfsistat callback(SMFICTX* context, Args... args) noexcept {
    const Reception::Visit visit(*reception);
    try {
        return Step(context, args...);
    } catch (const std::exception& error) {
        reception->report(Reception::Fault::escaped, error.what());
    } catch (...) {
        reception->report(Reception::Fault::escaped, "not a std::exception");
    }
    return answer_to_escape(context, escape);
}

}  // namespace

Result<void> register_callbacks(Reception& shared) {
    static char name[] = "bailiff";
    reception = &shared;
    smfiDesc description{};
    description.xxfi_name = name;
    description.xxfi_version = SMFI_VERSION;
    description.xxfi_flags = wanted_actions;
    description.xxfi_negotiate =
        callback<on_negotiate, Escape::refuse, unsigned long, unsigned long, unsigned long,
                 unsigned long, unsigned long*, unsigned long*, unsigned long*, unsigned long*>;
    description.xxfi_connect = callback<on_connect, Escape::refuse, char*, sockaddr*>;
    description.xxfi_helo = callback<on_helo, Escape::stay_silent, char*>;
    description.xxfi_envfrom = callback<on_mail, Escape::at_mail, char**>;
    description.xxfi_envrcpt = callback<on_rcpt, Escape::stay_silent, char**>;
    description.xxfi_header = callback<on_header, Escape::stay_silent, char*, char*>;
    description.xxfi_body = callback<on_body, Escape::stay_silent, unsigned char*, size_t>;
    description.xxfi_eom = callback<on_eom, Escape::at_end>;
    description.xxfi_abort = callback<on_abort, Escape::ignore>;
    description.xxfi_close = callback<on_close, Escape::ignore>;
    if (smfi_register(description) != MI_SUCCESS)
        return fail(Fault::internal, "libmilter refused our callbacks");
    return {};
}

}  // namespace bailiff
