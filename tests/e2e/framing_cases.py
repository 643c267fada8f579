"""Ways to make spam look like somebody else's. Each has the guard that stands against it.

A case sends as an attacker whom the directory may or may not know, and tries to bring harm on
`v`, a service of somebody else. Names, logins, uids and addresses are made for each run of a case,
so that no case sees what another one left behind.
"""

import dataclasses
import socket
from typing import Callable

SPAM = "framing test spam"
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
UID_HEADER = "X-Bailiff-Submit-Uid"
TRAP = "nobody@trap.example"
PASSWORD = "framing"


class Run:
    """One run of one case: its names, and the doors it may use."""

    def __init__(self, site, number, name):
        self.site, self.number, self.name = site, number, name
        self.v = f"v{number}"
        self.v_domain = f"v{number}.example"
        self.v_login = f"info@{self.v_domain}"
        self.v_uid = 70000 + 2 * number
        self.v_former_ip = f"198.51.{number}.1"
        self.v_ip = f"198.51.{number}.2"
        self.shared_ip = f"198.51.{number}.3"
        self.stranger_uid = 70001 + 2 * number  # a shared uid: nobody's
        self.stranger = f"stranger@s{number}.example"  # a login that the panel never told us
        self.sent = 0

    def services(self):
        """The victim, and a neighbour who shares an address with it."""
        def row(name, *identities):
            return {"account": f"acct-{name}", "service": name, "plan": "starter",
                    "created": "2024-01-01", "identities": list(identities)}
        return [row(self.v, {"kind": "login", "value": self.v_login},
                    {"kind": "uid", "value": str(self.v_uid)},
                    {"kind": "domain", "value": self.v_domain},
                    {"kind": "client_ip", "value": self.v_former_ip, "until": "2025-01-01"},
                    {"kind": "client_ip", "value": self.shared_ip}),
                row(f"w{self.number}", {"kind": "client_ip", "value": self.v_ip},
                    {"kind": "client_ip", "value": self.shared_ip})]

    def message(self, *headers, text=SPAM):
        """No two are the same, so that none counts as a retry."""
        self.sent += 1
        lines = [*headers, f"Subject: {self.name} {self.number} {self.sent}", "", text, ""]
        return "\n".join(lines).encode()

    def script(self, uid, data, sender="form@s.example", rcpt="dest@dest.example"):
        self.site.postfix.sendmail(uid, sender, [rcpt], data)

    def relay(self, data, login=None, address="192.0.2.1", sender="a@s.example",
              door="relay", mail_options=()):
        """Through a trusted hop, which vouches for login and address by XCLIENT."""
        client = self.site.postfix.smtp(door)
        try:
            if door == "relay":
                client.docmd(f"XCLIENT ADDR={address} LOGIN={login or '[UNAVAILABLE]'}")
                client.ehlo()
            return self._send(client, sender, data, mail_options)
        finally:
            client.close()

    def submission(self, login, data, sender="a@s.example", mail_options=()):
        client = self.site.postfix.smtp("submission", login, PASSWORD)
        try:
            return self._send(client, sender, data, mail_options)
        finally:
            client.close()

    @staticmethod
    def _send(client, sender, data, mail_options):
        code, _ = client.mail(sender, list(mail_options))
        if code >= 400:
            return code
        client.rcpt("dest@dest.example")
        code, _ = client.data(data)
        return code


# Claims of a script that runs under a uid which is nobody's.

def script_header(run):
    run.script(run.stranger_uid,
               run.message(f"X-PHP-Originating-Script: {run.v_uid}:mailer.php"))


def received_line(run):
    run.script(run.stranger_uid, run.message(
        f"Received: by node1.hosting.example (Postfix, from userid {run.v_uid}) id 4jX"))


def header_from(run):
    run.script(run.stranger_uid, run.message(f"From: Info <info@{run.v_domain}>"))


def mail_from(run):
    run.script(run.stranger_uid, run.message(), sender=f"info@{run.v_domain}")


def user_header(run):
    run.script(run.stranger_uid, run.message(f"X-Authenticated-User: {run.v_login}"))


# Uid headers where they must not be believed.

def second_uid_header(run):
    run.script(run.stranger_uid, run.message(f"{UID_HEADER}: {run.v_uid}"))


def uid_header_by_smtp_on_stdin(run):
    data = run.message(f"{UID_HEADER}: {run.v_uid}")
    dialog = b"EHLO x\r\nMAIL FROM:<a@s.example>\r\nRCPT TO:<dest@dest.example>\r\nDATA\r\n" + \
        data.replace(b"\n", b"\r\n") + b".\r\nQUIT\r\n"
    run.site.postfix.sendmail_with(run.stranger_uid, ["-bs"], dialog)


def uid_header_over_submission(run):
    run.submission(run.stranger, run.message(f"{UID_HEADER}: {run.v_uid}"))


def uid_header_at_an_untagged_port(run):
    run.relay(run.message(f"{UID_HEADER}: {run.v_uid}"), door="untagged")


# Logins and addresses.

def auth_parameter(run):
    run.submission(run.stranger, run.message(), mail_options=[f"AUTH={run.v_login}"])


def login_in_capitals(run):
    run.relay(run.message(), login=run.v_login.upper())


def login_without_domain(run):
    run.relay(run.message(), login="info", sender=f"office@{run.v_domain}")


def address_of_a_former_tenant(run):
    run.relay(run.message(), address=run.v_former_ip)


def address_of_two(run):
    run.relay(run.message(), address=run.shared_ip)


def login_from_a_neighbours_server(run):
    run.relay(run.message(), login=run.v_login, address=run.v_ip)


def smuggled_second_message(run):
    """One message for the client's own server, two for ours (fault A18)."""
    client = run.site.postfix.smtp("submission", run.stranger, PASSWORD)
    client.mail("a@s.example")
    client.rcpt("dest@dest.example")
    client.docmd("DATA")
    inner = run.message().replace(b"\n", b"\r\n")
    client.send(b"Subject: harmless\r\n\r\nhello\n.\n" +
                f"MAIL FROM:<info@{run.v_domain}>\r\nRCPT TO:<dest@dest.example>\r\n"
                "DATA\r\n".encode() + inner + b".\r\n")
    client.sock.settimeout(3)
    try:
        while client.sock.recv(1000):
            pass
    except socket.timeout:
        pass
    client.close()


# What others can make the victim's own programs send.

def bounce_of_the_victim(run):
    run.relay(run.message("Auto-Submitted: auto-replied"), login=run.v_login, sender="")


def gtube_through_the_form(run):
    run.script(run.v_uid, run.message(text=GTUBE))


def trap_through_the_form(run):
    run.script(run.v_uid, run.message(text="an honest answer"), rcpt=TRAP)


def one_witness_only(run):
    """A quoted spam in a single answer: the rules cry, nobody else does."""
    if run.sent == 0:
        run.relay(run.message(), login=run.v_login)


def spam_through_the_hacked_form(run):
    run.script(run.v_uid, run.message())


ENDS = ("service.terminate", "account.suspend")
ALL = ENDS + ("credential.reset",)


@dataclasses.dataclass
class Case:
    send: Callable[[Run], None]
    guard: str
    harm: tuple = ALL  # kinds of action on the victim that would be wrong

    @property
    def name(self):
        return self.send.__name__


CASES = [
    Case(script_header, "script_header_is_a_claim"),
    Case(received_line, "received_line_is_a_claim"),
    Case(header_from, "header_from_is_a_claim"),
    Case(mail_from, "mail_from_is_a_claim"),
    Case(smuggled_second_message, "mail_from_is_a_claim"),
    Case(user_header, "user_header_is_a_claim"),
    Case(auth_parameter, "auth_author_is_a_claim"),
    Case(second_uid_header, "uid_header_must_be_first"),
    Case(uid_header_by_smtp_on_stdin, "uid_header_must_be_first"),
    Case(uid_header_over_submission, "uid_header_needs_local_door"),
    Case(uid_header_at_an_untagged_port, "door_is_told_by_tag"),
    Case(login_in_capitals, "login_is_exact"),
    Case(login_without_domain, "login_is_whole"),
    Case(address_of_a_former_tenant, "identity_has_validity"),
    Case(address_of_two, "ambiguity_is_unknown"),
    Case(login_from_a_neighbours_server, "disagreement_is_unknown"),
    Case(bounce_of_the_victim, "null_sender_is_nobody"),
    Case(gtube_through_the_form, "gtube_needs_test_service"),
    Case(trap_through_the_form, "trap_is_never_enough"),
    Case(one_witness_only, "two_witnesses"),
    Case(spam_through_the_hacked_form, "local_door_is_compromise", ENDS),
]
