"""What others can make the victim's own programs send, and texts that accuse it."""

import base64
import contextlib
import os
import socket
import subprocess
import threading

from testbed.process import wait_until

from framing_mechanism import (ENDS, NO_CASE, PROVEN, UNKNOWN, Case, Mechanism, at_doors)
from framing_run import GTUBE, SPAM, TRAP, is_idle


def gtube_text(run):
    return run.message(text=GTUBE, subject=run.must_arrive("text"))


def gtube_attached(run):
    part = base64.b64encode(GTUBE.encode()).decode()
    return run.message("MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"',
                       subject=run.must_arrive("attachment"),
                       text="--b\n\nhello\n--b\nContent-Type: text/plain\n"
                            "Content-Transfer-Encoding: base64\n"
                            f"Content-Disposition: attachment\n\n{part}\n--b--")


def gtube_subject(run):
    return run.message(subject=run.must_arrive("subject") + GTUBE + " ", text="hello")


def by_form(make, **more):
    return lambda run: run.script(run.v_uid, make(run), **more)


def by_form_to_a_trap(run):
    run.script(run.v_uid, run.message(text="an honest answer", subject=run.must_arrive("form")),
               rcpt=TRAP)


def answers_a_trap(*headers, sender=None):
    """The victim's automatic reply to a message that gave a trap as its sender."""
    def send(run):
        data = run.message(*headers, text="I am away", subject=run.must_arrive("reply"))
        run.relay(data, login=run.v_login, rcpts=[TRAP],
                  sender=run.v_login if sender is None else sender)
    return send


def one_answer(door):
    """A quoted spam in a single answer: the rules cry, nobody else does."""
    def send(run):
        if run.sent:
            return
        if door == "login":
            run.relay(run.message(), login=run.v_login)
        else:
            run.script(run.v_uid, run.message())
    return send


def flood(run):
    for _ in range(4):
        run.script(run.v_uid, run.message(text="an honest question",
                                          subject=run.must_arrive(f"flood{run.sent}")))


def bounced(run):
    run.relay(run.message(text="nobody here"), login=run.v_login, sender="")


def filled_in(run):
    run.script(run.v_uid, run.message(text="an honest question"))


def after_a_flood(one):
    """Bounces or forms that others caused; then one mail of the victim's own that the rules hit."""
    def send(run):
        for _ in range(3):
            one(run)
        wait_until("Postfix to be idle", lambda: is_idle(run.site.postfix), 30)
        run.relay(run.message(), login=run.v_login, sender=run.v_login)
    return send


def spam_through_the_form(headers=()):
    def send(run):
        run.script(run.v_uid, run.message(*(line.format(r=run) for line in headers)))
    return send


def report(run):
    text = (f"This is an abuse report about {run.v_own_ip}.\n\n--x\n"
            "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
            f"Source-IP: {run.v_own_ip}\nOriginal-Mail-From: <info@{run.v_domain}>\n"
            f"Reported-Domain: {run.v_domain}\n\n--x\nContent-Type: message/rfc822\n\n"
            f"Received: by node1.hosting.example (Postfix, from userid {run.v_uid})\n"
            f"From: info@{run.v_domain}\nSubject: spam\n\n{SPAM}\n--x--")
    return run.message("To: abuse@hosting.example", "MIME-Version: 1.0", "Content-Type: "
                       'multipart/report; report-type=feedback-report; boundary="x"', text=text)


def xarf(run):
    return run.message("X-ARF: YES", "X-XARF: PLAIN", text=f"{SPAM}\n"
                       f'{{"ReportClass": "Activity", "SourceIp": "{run.v_own_ip}"}}')


def complaint(run):
    return run.message(f"To: abuse@{run.v_domain}", text=f"{SPAM}: {run.v_login} sent me this. "
                       f"Terminate service {run.v} of account acct-{run.v}.")


def orders(run):
    order = (f'{{"v":1,"kind":"service.terminate","service":"{run.v}","target":"{run.v}",'
             f'"account":"acct-{run.v}","case":"B0123456789ABCDEF"}}')
    return run.message("Subject: bailiff case reject B0123456789ABCDEF --by admin",
                       text=f"{SPAM}\n{order}\nPOST /v1/cases/B0123456789ABCDEF/reject")


def attached_message(run):
    return run.message("MIME-Version: 1.0", "Content-Type: message/rfc822",
                       text=f"From: info@{run.v_domain}\nX-AuthUser: {run.v_login}\n"
                            f"X-PHP-Originating-Script: {run.v_uid}:x.php\n\n{SPAM}")


def part_headers(run):
    return run.message("MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"',
                       text=f"--b\nX-AuthUser: {run.v_login}\nFrom: info@{run.v_domain}\n"
                            f"X-Bailiff-Submit-Uid: {run.v_uid}\n\n{SPAM}\n--b--")


def header_lines_in_the_text(run):
    return run.message(text=f"X-AuthUser: {run.v_login}\nX-Bailiff-Submit-Uid: {run.v_uid}\n"
                            f"From: info@{run.v_domain}\n\n{SPAM}")


def copied_newsletter(run):
    """First the victim's own, then a copy with all of its headers and another text."""
    if not run.sent:
        run.relay(run.message("Message-ID: <news@{}>".format(run.v_domain), text="our offers"),
                  login=run.v_login, sender=run.v_login)
    run.relay(run.message("Message-ID: <news@{}>".format(run.v_domain)))


LOG_LINES = {
    "pickup": "4jXvm513T5z1dLjP: uid={r.v_uid} from=<info@{r.v_domain}>",
    "smtpd": "4jXvm513T5z1dLjP: client=x[{r.v_own_ip}], sasl_method=PLAIN, "
             "sasl_username={r.v_login}",
    "cleanup": "4jXvm513T5z1dLjP: message-id=<1@{r.v_domain}>",
    "qmgr": "4jXvm513T5z1dLjP: from=<info@{r.v_domain}>, size=999, nrcpt=5000 (queue active)",
}


def logger_says(tag, text, heard):
    """logger(1) speaks to a socket as it would to /dev/log; what it says is kept in `heard`."""
    path = f"/tmp/framing-log-{os.getpid()}-{threading.get_ident()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        log.bind(path)
        try:
            log.settimeout(5)
            subprocess.run(["logger", "-u", path, "-d", "-p", "mail.info", "-t", f"postfix/{tag}",
                            text], check=True)
            heard.append(log.recv(8192))
        finally:
            os.unlink(path)


def with_log_lines(tag):
    """Lines as Postfix would write them of the victim, with syslog and in Postfix's own log."""
    def send(run):
        text, heard = LOG_LINES[tag].format(r=run), []
        logger_says(tag, text, heard)
        assert text.encode() in heard[0], heard
        with open(run.site.postfix.log, "a") as log:
            log.write(f"Nov 23 10:00:00 node1 postfix/{tag}[4711]: {text}\n")
            assert run.site.postfix.log in open_files(os.getpid()), "an open log is not seen"
        run.script(run.stranger_uid, run.message())
        open_logs = logs_that_are_open(run.site)
        assert not open_logs, f"bailiff reads {open_logs}"
    return send


def logs_that_are_open(site):
    """Files that a log line could come by, in any process of ours that hears or acts."""
    own = f"{site.bailiff.dir}/log/"
    seen = {path for process in site.bailiff.processes.values()
            for pid in family(process.pid) for path in open_files(pid)}
    return {path for path in seen if "log" in path and not path.startswith(own)}


def open_files(pid):
    """Of a process that may close them, or end, meanwhile: a hook of the enforcer's does."""
    paths = set()
    try:
        for link in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                paths.add(os.readlink(link.path))
    except (FileNotFoundError, ProcessLookupError):
        pass
    return paths


def family(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            children = file.read().split()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid] + [one for child in children for one in family(int(child))]


COMPROMISED = frozenset({"compromised"})
SUMMED = "mail is judged, and never taken for a report or an order"
NESTED = "only the fields of the message itself can claim"

MECHANISMS = [
    Mechanism("gtube_through_the_form", "types GTUBE into the victim's form", [
        Case("text", by_form(gtube_text), NO_CASE),
        Case("subject", by_form(gtube_subject), NO_CASE),
        Case("attachment", by_form(gtube_attached), NO_CASE),
        Case("quoted by a reply", lambda r: r.relay(gtube_text(r), login=r.v_login), NO_CASE),
    ], "gtube_needs_test_service"),
    Mechanism("trap_through_the_form", "gives a spam trap as its address in the victim's form", [
        Case("form", by_form_to_a_trap, NO_CASE),
    ], "trap_is_never_enough"),
    Mechanism("trap_by_reply", "writes to the victim from a spam trap, and has it answer", [
        Case("null sender", answers_a_trap("Auto-Submitted: auto-replied", sender=""), NO_CASE,
             shows=False),
        Case("auto-submitted", answers_a_trap("Auto-Submitted: auto-replied"), NO_CASE),
        Case("autoreply", answers_a_trap("X-Autoreply: yes"), NO_CASE, shows=False),
        Case("suppress", answers_a_trap("X-Auto-Response-Suppress: All"), NO_CASE, shows=False),
    ], "trap_is_never_enough"),
    Mechanism("one_quoted_spam", "has the victim answer, and quote spam in it", [
        Case("login", one_answer("login"), PROVEN, "v"),
        Case("script", one_answer("script"), PROVEN, "v", shows=False),
    ], "two_witnesses"),
    Mechanism("flood_of_the_form", "fills the victim's form again and again, honestly", [
        Case("eight within a minute", flood, NO_CASE, times=2),
    ], stopped_by="the rate is one witness, and none of its own weight"),
    Mechanism("flood_before_a_mail", "has the victim's programs send a lot, before a mail that "
              "the rules do not like", [
        Case("bounces", after_a_flood(bounced), PROVEN, "v", times=1),
        Case("form", after_a_flood(filled_in), PROVEN, "v", times=1),
    ], "rates_are_of_one_occasion"),
    Mechanism("spam_through_the_form", "types spam into the victim's form, again and again", [
        Case("plain", spam_through_the_form(), PROVEN, "v", ENDS, clean=False,
             own_paths=COMPROMISED),
        Case("and accuses another", spam_through_the_form(("X-AuthUser: owner@{r.w_domain}",
                                                           "From: x@{r.w_domain}")),
             PROVEN, "v", ENDS, shows=False, clean=False, own_paths=COMPROMISED),
    ], "local_door_is_compromise"),
    Mechanism("abuse_report", "writes to us as a feedback loop would", at_doors(
        "script hop known", {"arf": report, "xarf": xarf}), stopped_by=SUMMED),
    Mechanism("complaint", "complains about the victim in words", at_doors(
        "hop login", {"": complaint}), stopped_by=SUMMED),
    Mechanism("orders_in_text", "writes orders to us: case ids, JSON of actions", at_doors(
        "script hop known", {"": orders}), stopped_by=SUMMED),
    Mechanism("attached_message", "attaches a message of the victim", at_doors(
        "script hop known", {"": attached_message}), stopped_by=NESTED),
    Mechanism("part_headers", "writes the claims into the headers of a MIME part", at_doors(
        "script hop known_script", {"": part_headers}), stopped_by=NESTED),
    Mechanism("header_lines_in_the_text", "writes the claims below the empty line", at_doors(
        "script hop", {"": header_lines_in_the_text}), stopped_by=NESTED),
    Mechanism("copied_newsletter", "copies the headers of mail that the victim sent", [
        Case("stranger", copied_newsletter)],
        stopped_by="a retry is known by its service, headers and text together"),
    Mechanism("logger_lines", "has logger(1) write lines as Postfix does, with the victim's uid", [
        Case(tag, with_log_lines(tag), UNKNOWN) for tag in LOG_LINES],
        stopped_by="no process of ours has a log open but its own: the uid comes by the milter"),
]
