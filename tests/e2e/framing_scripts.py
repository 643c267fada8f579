"""What a local script can do: options, environment, postdrop, uid headers."""

import os
import subprocess

from framing_mechanism import ASSERTED, NO_CASE, PROVEN, UNKNOWN, Case, Mechanism
from framing_run import UID_HEADER, on_the_wire

FIRST = "uid_header_must_be_first"


def uid_header(make, door="script"):
    """Our own header, written by the sender."""
    def send(run):
        data = run.message(*make(run))
        if door == "script":
            run.script(run.stranger_uid, data)
        elif door == "login":
            run.submission(run.stranger, data)
        elif door == "untagged":
            run.relay(data, door="untagged")
        else:
            run.relay(data, login=run.a_login if door == "known" else None)
    return send


def plain_uid(run):
    return [f"{UID_HEADER}: {run.v_uid}"]


def by_smtp_on_stdin(headers):
    def send(run):
        data = run.message(*headers(run))
        dialog = b"EHLO x\r\nMAIL FROM:<a@s.example>\r\nRCPT TO:<" + run.rcpt.encode() + \
            b">\r\nDATA\r\n" + on_the_wire(data) + b"\r\n.\r\nQUIT\r\n"
        run.site.postfix.sendmail_with(run.stranger_uid, ["-bs"], dialog)
    return send


def with_options(*options, headers=(), stdin=None):
    """sendmail(1) as a script of the stranger's uid calls it."""
    def send(run):
        words = [option.format(r=run) for option in options]
        data = run.message(*(line.format(r=run) for line in headers))
        run.site.postfix.sendmail_with(run.stranger_uid, [*words, "-i"], stdin or data)
    return send


def as_uid(uid, arguments, stdin, environment=None):
    def become():
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)

    return subprocess.run(arguments, input=stdin, preexec_fn=become, cwd="/", capture_output=True,
                          env={"PATH": "/usr/sbin:/usr/bin:/bin", **(environment or {})},
                          check=False)


def with_environment(**names):
    def send(run):
        values = {name: value.format(r=run) for name, value in names.items()}
        as_uid(run.stranger_uid, ["/usr/sbin/sendmail", "-i", "-f", "a@s.example", run.rcpt],
               run.message(), values)
    return send


def record(kind, text):
    """One record of a queue file: type, length in sevens of bits, data."""
    data = text if isinstance(text, bytes) else text.encode()
    length, size = len(data), b""
    while True:
        size += bytes([length & 0x7f | (0x80 if length > 0x7f else 0)])
        length >>= 7
        if not length:
            return kind.encode() + size + data


def by_postdrop(*attributes):
    """Past sendmail(1): records of the stranger's own making."""
    def send(run):
        records = [record("A", attribute.format(r=run)) for attribute in attributes]
        records += [record("S", "a@s.example"), record("R", run.rcpt), record("M", "")]
        records += [record("N", line) for line in run.message().split(b"\n")]
        as_uid(run.stranger_uid, ["/usr/sbin/postdrop", "-r"],
               b"".join(records) + record("X", "") + record("E", ""))
    return send


def into_maildrop(folder):
    """A queue file written by hand, as if the victim's uid had left it there."""
    def send(run):
        run.message()
        path = f"{run.site.postfix.queue}/{folder}/frame{run.number}"
        done = as_uid(run.stranger_uid, ["/bin/sh", "-c", f"echo x > {path}"], b"")
        if done.returncode == 0:
            raise AssertionError(f"uid {run.stranger_uid} wrote {path}")
    return send


def uid_of_two(run, rows):
    """The uid of the web server: in the rows of two services."""
    for row in rows[:2]:
        row["identities"].append({"kind": "uid", "value": str(run.stranger_uid)})


def claimed_path(run):
    run.script(run.stranger_uid, run.message(f"X-PHP-Script: {run.v_home}/www/x.php",
                                             f"X-PHP-Originating-Script: {run.v_uid}:x.php"))


def shared_plain(run):
    run.script(run.stranger_uid, run.message())


DROPPED = "pickup takes the uid from the owner of the file, and passes few attributes on"

MECHANISMS = [
    Mechanism("uid_header_later", "writes our uid header below the one that Postfix writes", [
        Case("plain", uid_header(plain_uid)),
        Case("capitals", uid_header(lambda r: [f"{UID_HEADER.upper()}: {r.v_uid}"]), shows=False),
        Case("blank before colon", uid_header(lambda r: [f"{UID_HEADER} : {r.v_uid}"]),
             shows=False),
        Case("folded", uid_header(lambda r: [f"{UID_HEADER}:\n {r.v_uid}"]), shows=False),
        Case("three", uid_header(lambda r: 3 * plain_uid(r)), shows=False),
        Case("eight bit", uid_header(lambda r: [f"{UID_HEADER}: {r.v_uid}\u00a0"]), shows=False),
        Case("NUL", uid_header(lambda r: [f"{UID_HEADER}: {r.v_uid}\0"]), shows=False),
        Case("long", uid_header(lambda r: [f"{UID_HEADER}: {'0' * 3000}{r.v_uid}"]), shows=False),
        Case("no blank", uid_header(lambda r: [f"{UID_HEADER}:{r.v_uid}"]), shows=False),
    ], FIRST),
    Mechanism("uid_header_by_bs", "speaks SMTP to sendmail -bs, where no uid header comes first", [
        Case("plain", by_smtp_on_stdin(plain_uid)),
        Case("with a Received line", by_smtp_on_stdin(lambda r: [
            f"Received: by node1 (Postfix, from userid {r.v_uid})"]), UNKNOWN | ASSERTED,
             shows=False),
    ], FIRST),
    Mechanism("uid_header_by_smtp", "writes our uid header into mail by submission", [
        Case("login", uid_header(plain_uid, "login"), sasl=True),
        Case("hop", uid_header(plain_uid, "hop"), shows=False),
        Case("known", uid_header(plain_uid, "known"), PROVEN, "a", shows=False),
    ], "uid_header_needs_local_door"),
    Mechanism("uid_header_by_loopback", "speaks SMTP to a port of 127.0.0.1 without a tag", [
        Case("plain", uid_header(plain_uid, "untagged")),
    ], "door_is_told_by_tag"),
    Mechanism("uid_header_after_bytes", "smuggles the uid header into the value of another field", [
        Case("CR", uid_header(lambda r: [f"X-A: x\r{UID_HEADER}: {r.v_uid}"])),
        Case("NUL", uid_header(lambda r: [f"X-A: x\0{UID_HEADER}: {r.v_uid}"])),
        Case("vertical tab", uid_header(lambda r: [f"X-A: x\v{UID_HEADER}: {r.v_uid}"])),
        Case("line separator", uid_header(lambda r: [f"X-A: x\u2028{UID_HEADER}: {r.v_uid}"])),
        Case("encoded", uid_header(lambda r: [f"X-A: =?utf-8?q?x=0A{UID_HEADER}=3A_{r.v_uid}?="])),
    ], stopped_by="Postfix tells where a field ends; its value is not searched"),
    Mechanism("full_name", "has sendmail write a name of the victim into From", [
        Case("-F", with_options("-F", "info@{r.v_domain}", "-f", "a@s.example", "--", "{r.rcpt}")),
        Case("NAME", with_environment(NAME="info@{r.v_domain}")),
    ], stopped_by="of From the address is a claim, and its name nothing"),
    Mechanism("script_environment", "sets what programs ask for the user", [
        Case("user", with_environment(USER="info", LOGNAME="{r.v_login}", SUDO_UID="{r.v_uid}")),
        Case("PHP", with_environment(REDIRECT_STATUS="200", SCRIPT_FILENAME="{r.v_home}/x.php",
                                     HTTP_HOST="{r.v_domain}")),
        Case("Postfix", with_environment(client_address="{r.v_own_ip}",
                                         sasl_username="{r.v_login}")),
        Case("MAIL_CONFIG", with_environment(MAIL_CONFIG="/tmp"), NO_CASE),
    ], stopped_by="pickup asks the owner of the file, not the environment"),
    Mechanism("sendmail_options", "gives sendmail options that name the victim", [
        Case("-r", with_options("-r", "info@{r.v_domain}", "--", "{r.rcpt}"), ASSERTED),
        Case("-t", with_options("-t", "-f", "a@s.example", headers=(
            "To: {r.rcpt}", "From: info@{r.v_domain}", "Resent-From: info@{r.v_domain}")),
             ASSERTED | UNKNOWN),
        Case("-V", with_options("-V", "{r.v_login}", "-f", "a@s.example", "--", "{r.rcpt}")),
        Case("-oM", with_options("-oMa{r.v_own_ip}", "-f", "a@s.example", "--", "{r.rcpt}")),
        Case("newaliases", with_options("-I", "-f", "info@{r.v_domain}"), NO_CASE),
    ], stopped_by="options set the envelope, and that is a claim"),
    Mechanism("postdrop_records", "hands records of its own making to postdrop", [
        Case("login", by_postdrop("sasl_username={r.v_login}", "sasl_method=PLAIN")),
        Case("address", by_postdrop("client_address={r.v_own_ip}", "client_name=x",
                                    "log_client_address={r.v_own_ip}")),
        Case("none", by_postdrop()),
    ], stopped_by=DROPPED),
    Mechanism("maildrop_file", "writes a queue file by hand", [
        Case("maildrop", into_maildrop("maildrop"), NO_CASE),
        Case("incoming", into_maildrop("incoming"), NO_CASE),
    ], stopped_by="the folders of the queue are not open to a script"),
    Mechanism("shared_uid", "sends under a uid that two services share, and claims one of them", [
        Case("path of the victim", claimed_path, UNKNOWN, rows=uid_of_two),
        Case("no claim", shared_plain, UNKNOWN, rows=uid_of_two, shows=False),
    ], "ambiguity_is_unknown"),
]
