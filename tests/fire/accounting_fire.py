#!/usr/bin/env python3
"""Where does every message end? Real mail through the private Postfix in enforce mode.

Each message carries an id and is known by the digest of its body. It must be found exactly once:
delivered, in the hold queue, or refused to its client. And the milter's verdicts must be those of
`bailiff explain` on the same files, and each message that was stopped must have its reason.
Usage: accounting_fire.py BINARY --corpus DIR [--messages 600] [--services 50] [--at-once 20]
The corpus is a folder with outbound_view.py in it, which writes messages as a sending host sees
them; it is not part of this project.
"""

import argparse
import csv
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.roles import NO_BUDGETS  # noqa: E402
from testbed.site import Site  # noqa: E402

from tally import Tally  # noqa: E402

READER = "reader@dest.example"
UID = 64000
VERDICTS = ("pass", "suspect", "spam", "confirmed")
# Nothing but the content may speak: rates and budgets are other tests' matter.
SETTINGS = """\
[behaviour]
messages_per_minute = 1000000
messages_per_hour = 1000000
recipients_per_hour = 1000000
"""
FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]")


class Sender:
    """A service; even ones send by submission, odd ones by sendmail(1). A stranger has a login that
    the directory does not know."""

    def __init__(self, number, stranger=False):
        self.id, self.stranger = f"svc-{number}", stranger
        self.login = f"user{number}@customer{number}.example" if number % 2 == 0 else None
        self.uid = None if self.login else UID + number
        self.address = f"user{number}@customer{number}.example"
        self.door = "submission" if self.login else "local"

    def row(self):
        proof = {"kind": "login", "value": self.login} if self.login else \
            {"kind": "uid", "value": str(self.uid)}
        return {"service": self.id, "account": f"acct-{self.id}", "created": "2026-01-01",
                "identities": [proof]}


class Mail:
    def __init__(self, number, raw, label, sender):
        self.id, self.label, self.sender = f"fire-{number}", label, sender
        self.raw = b"X-Fire-Id: " + self.id.encode() + b"\r\n" + raw
        self.digest = digest_of(self.raw)
        self.refused_at = None  # "mail" or "eom"
        self.end = None  # "delivered", "held", or where it was refused
        self.tries = 0


def digest_of(raw):
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    return hashlib.sha256(body.rstrip(b"\n")).hexdigest()


def prepared(raw):
    """CRLF, with the fields that Postfix would add; nothing if Postfix would change the body."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    head, gap, body = raw.partition(b"\n\n")
    lines = head.split(b"\n")
    if not gap or b"\0" in raw or not all(FIELD.match(line) for line in lines) or \
            lines[0][:1] in b" \t" or len(raw) > 2_000_000:
        return None
    names = {line.partition(b":")[0].strip().lower() for line in lines}
    for name, value in ((b"From", b"someone@customer.example"), (b"To", READER.encode()),
                        (b"Date", b"Mon, 23 Nov 2026 01:00:00 +0000"),
                        (b"Message-Id", b"<%s@customer.example>" %
                         hashlib.sha256(raw).hexdigest()[:20].encode())):
        if name.lower() not in names:
            lines.append(name + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body.replace(b"\n", b"\r\n")


def read_corpus(corpus, count, senders, directory):
    """As many spam as honest messages, in an order that is the same each time."""
    subprocess.run([sys.executable, f"{corpus}/outbound_view.py", directory, "--corpus", corpus,
                    "--fresh-date", "--since", "2004"], check=True, stdout=subprocess.DEVNULL)
    with open(f"{directory}/index.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    chance = random.Random(3)
    chance.shuffle(rows)
    mails, wanted = [], {"spam": count // 2, "ham": count - count // 2}
    for row in rows:
        if not wanted[row["label"]]:
            continue
        with open(f"{directory}/{row['path']}", "rb") as file:
            raw = prepared(file.read())
        if raw:
            wanted[row["label"]] -= 1
            mails.append(Mail(len(mails), raw, row["label"], senders[len(mails) % len(senders)]))
    chance.shuffle(mails)
    return mails


class Run:
    def __init__(self, site, tally):
        self.site, self.tally = site, tally

    def send(self, mail):
        if mail.sender.door == "local":
            return self.site.postfix.sendmail(mail.sender.uid, mail.sender.address, [READER],
                                              mail.raw.replace(b"\r\n", b"\n"))
        while True:
            mail.tries += 1
            code, at, text = self.submit(mail)
            if code < 400:
                return None
            if code >= 500:
                mail.refused_at, mail.text = at, text
                return None
            time.sleep(0.5)

    def submit(self, mail):
        client = self.site.postfix.smtp("submission", mail.sender.login, "secret")
        try:
            for at, step in (("mail", lambda: client.mail(mail.sender.address)),
                             ("rcpt", lambda: client.rcpt(READER)),
                             ("eom", lambda: client.data(mail.raw))):
                code, text = step()
                if code >= 400:
                    return code, at, text
            return code, at, text
        finally:
            client.close()

    def settle(self):
        postfix = self.site.postfix
        wait_until("maildrop to empty", lambda: not postfix.queued("maildrop"), 120)
        postfix.flush()
        wait_until("mail to leave the queue", postfix.idle, 120)
        wait_until("the outbox to empty", self.site.bailiff.outbox_empty, 120)

    def held(self):
        texts = []
        for row in self.site.postfix.queued("hold"):
            done = subprocess.run(["postcat", "-c", "/etc/postfix", "-bhq", row["queue_id"]],
                                  capture_output=True, check=True)
            texts.append(done.stdout)
        return texts

    def explained(self, sender, mails, directory):
        """Verdict of each message by the command line, as the same sender."""
        files = []
        for mail in mails:
            files.append(f"{directory}/{mail.id}.eml")
            with open(files[-1], "wb") as file:
                file.write(mail.raw)
        who = ["--login", sender.login, "--client-ip", "127.0.0.1"] if sender.login else \
            ["--uid", str(sender.uid)]
        output = self.site.bailiff.cli("explain", "--json", *who, "--mail-from", sender.address,
                                       "--rcpt", READER, *files)
        rows = [json.loads(line) for line in output.splitlines()]
        return {mail.id: row for mail, row in zip(mails, rows)}


def found(texts, marks):
    """How often each (id, digest) is there."""
    seen = Counter()
    for text in texts:
        match = re.search(rb"(?m)^X-Fire-Id: (fire-\d+)", text)
        if match:
            name = match.group(1).decode()
            seen[name if digest_of(text) == marks[name] else name + " changed"] += 1
    return seen


def account(run, tally, mails):
    marks = {mail.id: mail.digest for mail in mails}
    sink = found([d.data for d in run.site.sink.kept()], marks)
    hold = found(run.held(), marks)
    refused = Counter(mail.id for mail in mails if mail.refused_at)
    total = sink + hold + refused
    wrong = {name: n for name, n in total.items() if n != 1 or name not in marks}
    lost = [name for name in marks if name not in total]
    tally.check(f"{len(mails)} messages, each found exactly once: delivered {sum(sink.values())}, "
                f"held {sum(hold.values())}, refused {sum(refused.values())}; "
                f"lost {lost[:5]}, wrong {dict(list(wrong.items())[:5])}", not wrong and not lost)
    ends = Counter()
    for mail in mails:
        mail.end = "delivered" if sink[mail.id] else "held" if hold[mail.id] else \
            f"refused at {mail.refused_at}"
        ends[mail.sender.door, mail.end] += 1
    for (door, end), n in sorted(ends.items()):
        tally.say(f"     {door}: {end} {n}")
    wanted = [("submission", "delivered"), ("submission", "held"), ("submission", "refused at mail"),
              ("submission", "refused at eom"), ("local", "delivered"), ("local", "held")]
    missing = [end for end in wanted if not ends[end]]
    tally.check(f"every end was reached on every door that can say it; missing {missing}",
                not missing)
    again = sum(mail.tries > 1 for mail in mails)
    tally.check(f"no message was told to come again: {again}", again == 0)


def compare(run, tally, mails, senders, directory, live):
    judged = [mail for mail in mails if mail.refused_at != "mail"]
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(lambda s: run.explained(s, [m for m in judged if m.sender is s], directory),
                         senders)
    rows = {name: row for part in parts for name, row in part.items()}
    told = Counter(row["verdict"] for row in rows.values())
    tally.check(f"{len(judged)} judged; the milter's verdicts are those of explain: "
                f"{live} and {dict((v, told[v]) for v in VERDICTS)}",
                all(live[v] == told[v] for v in VERDICTS) and sum(told.values()) == len(judged))
    unseen = sum("RSPAMD_UNAVAILABLE" in json.dumps(row["findings"]) for row in rows.values())
    tally.check(f"rspamd answered explain each time; {unseen} times not", unseen == 0)
    return {name: row["verdict"] in ("spam", "confirmed") for name, row in rows.items()}


def reasons(tally, mails, spam, cases):
    """Each message for itself, where totals could hide two wrongs: what was stopped was so by its
    own verdict or by its service's standing, and a standing comes from spam of that service.
    `spam`: id of each judged message to what explain says; `cases`: services that have one."""
    slipped = [m.id for m in mails if m.end == "delivered" and spam[m.id]]
    tally.check(f"nothing was delivered that explain calls spam: {slipped}", not slipped)
    stopped = [m for m in mails if m.end != "delivered"]
    own = [m for m in stopped if spam.get(m.id)]
    standing = [m for m in stopped if not spam.get(m.id)]
    culprits = {m.sender.id for m in mails if spam.get(m.id)}
    odd = [m.id for m in standing
           if m.sender.stranger or m.sender.id not in culprits & cases or
           (m.refused_at and b"Service" not in m.text)]
    tally.check(f"{len(stopped)} stopped: {len(own)} by their own verdict, {len(standing)} by the "
                f"standing of one of {len({m.sender.id for m in standing})} services; without a "
                f"reason {odd}", not odd and len(own) == sum(spam.values()))
    honest = [m for m in mails if m.sender.id not in culprits]
    wronged = [m.id for m in honest if m.end != "delivered"]
    tally.check(f"{len(honest)} messages of {len({m.sender.id for m in honest})} senders without "
                f"spam; not delivered of them: {wronged}", not wronged)
    idle = sorted(cases - culprits)
    tally.check(f"{len(cases)} services have a case; without spam of theirs: {idle}", not idle)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--corpus", required=True)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--services", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=20)
    arguments = parser.parse_args()
    if not os.path.exists(f"{arguments.corpus}/outbound_view.py"):
        sys.exit(f"{arguments.corpus} is no corpus: expected outbound_view.py in it")
    namespace.enter()
    tally = Tally()
    senders = [Sender(n) for n in range(arguments.services)] + \
        [Sender(900 + 2 * n, stranger=True) for n in range(2)]
    with tempfile.TemporaryDirectory() as directory, Site(os.path.abspath(arguments.binary)) as site:
        mails = read_corpus(os.path.abspath(arguments.corpus), arguments.messages, senders,
                            f"{directory}/corpus")
        tally.say(f"{len(mails)} messages of {len(senders)} senders")
        site.bailiff.configure(sections=SETTINGS, rspamd_extra="deadline_ms = 8000",
                               milter_extra="holds_per_hour = 1000",
                               enforcer_extra=NO_BUDGETS)
        site.bailiff.import_directory([s.row() for s in senders if not s.stranger])
        for sender in senders:
            if sender.login:
                site.postfix.add_login(sender.login, "secret")
        subprocess.run(["postconf", "-c", "/etc/postfix", "-e", "append_at_myorigin=no",
                        "append_dot_mydomain=no", "smtp_line_length_limit=0",
                        "message_size_limit=20000000"], check=True)
        site.start()
        run = Run(site, tally)
        began = time.monotonic()
        with ThreadPoolExecutor(arguments.at_once) as pool:
            list(pool.map(run.send, mails))
        tally.say(f"sent in {time.monotonic() - began:.1f} s, {arguments.at_once} at once")
        run.settle()
        judged = sum(mail.refused_at != "mail" for mail in mails)
        status = wait_until("the status", lambda: (s := site.bailiff.status()["milter"]) and sum(
            s["verdicts"].values()) >= judged and s, 10)
        tally.check(f"rspamd answered the milter each time: {status['rspamd']}",
                    status["rspamd"]["answered"] == status["rspamd"]["asked"])
        account(run, tally, mails)
        spam = compare(run, tally, mails, senders, directory, status["verdicts"])
        cases = {row["service"] for row in site.bailiff.cases(count=1000) if row.get("service")}
        reasons(tally, mails, spam, cases)
    tally.end()


if __name__ == "__main__":
    main()
