"""A mail host whose roles die: services, a hook that counts its effects, and where each message is."""

import collections
import json
import os
import re
import smtplib
import subprocess
import time

from testbed.process import wait_until
from testbed.roles import NO_BUDGETS
from testbed.site import Site

SPAM = "the text of the fire test"
RULES = f"body FIRE_SPAM /{SPAM}/\nscore FIRE_SPAM 9\ndescribe FIRE_SPAM Test\n"
SETTINGS = "[behaviour]\nmessages_per_minute = 1\n"
UID = 64000

# Its effects are its log: one write, and what `state` tells is read from there. The name of the
# service says what kind of panel the customer is on.
HOOK = """\
#!/usr/bin/python3
import json, os, sys, time
LOG = "@PANEL@/effects.jsonl"
DONE = {"service.terminate": "terminated", "account.suspend": "suspended",
        "credential.reset": "reset", "notify.team": "sent"}
verb, order = sys.argv[1], json.load(sys.stdin)
subject = [order["kind"], order["target"], order["case_id"]]
if verb == "state":
    if "blind" in order["service"]:
        sys.exit(64)
    known = os.path.exists(LOG) and "lying" not in order["service"] and any(
        json.loads(line)["subject"] == subject for line in open(LOG))
    print(json.dumps({"state": DONE[order["kind"]] if known else "active"}))
    sys.exit(0)
if "slow" in order["service"]:
    time.sleep(1.5)
line = json.dumps({"subject": subject, "service": order["service"], "verb": verb}) + "\\n"
log = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
os.write(log, line.encode())
"""


class Service:
    """Has a login and a uid, so that mail at one door can count at the other."""

    made = 0

    def __init__(self, name):
        self.id, self.uid = name, UID + Service.made
        Service.made += 1
        self.sender = self.login = f"{name}@customer.example"

    def row(self):
        return {"service": self.id, "account": f"acct-{self.id}", "created": "2026-01-01",
                "identities": [{"kind": "login", "value": self.login},
                               {"kind": "uid", "value": str(self.uid)}]}


class Answer:
    """The last word of an SMTP server on one message, and all that came before it."""

    def __init__(self):
        self.put_off, self.code, self.text = [], 0, ""

    @property
    def case(self):
        named = re.search(r"case (B[0-9A-Z]{16})", self.text)
        return named.group(1) if named else None


class KillHost:
    def __init__(self, binary, services, hold=True):
        self.site = Site(binary, with_rspamd=False)
        self.services = services
        self.crash_files = {}
        bailiff = self.bailiff = self.site.bailiff
        rules = f"{self.site.dir}/rules"
        os.makedirs(rules)
        for name, text in (("10-fire.cf", RULES), ("rspamd.weights", "* 0\n")):
            with open(f"{rules}/{name}", "w") as file:
                file.write(text)
        with open(f"{bailiff.dir}/hooks/panel", "w") as hook:
            hook.write(HOOK.replace("@PANEL@", bailiff.panel))
        bailiff.configure(rules=rules, sections=SETTINGS, milter_extra="holds_per_hour = 1000",
                          enforcer_extra=NO_BUDGETS,
                          **({} if hold else {"hold": ""}))
        bailiff.import_directory([service.row() for service in services])
        for service in services:
            self.site.postfix.add_login(service.login, "secret")
        os.makedirs(f"{self.site.dir}/crash")
        os.chmod(f"{self.site.dir}/crash", 0o777)

    def __enter__(self):
        self.bailiff.start("signer")  # nothing is done to a service before its case is sealed
        return self

    def __exit__(self, *_):
        self.site.stop()

    # -- roles

    def start(self, *roles, **environment):
        """Each with a crash file of its own."""
        for role in roles:
            path = self.crash_files[role] = f"{self.site.dir}/crash/{role}"
            self.bailiff.start(role, BAILIFF_CRASH_FILE=path, **environment)

    def choose(self, role, point):
        """`role` dies where it passes `point` next."""
        path = self.crash_files[role]
        with open(path + ".new", "w") as file:
            file.write(point)
        os.rename(path + ".new", path)

    def died(self, role):
        return not os.path.exists(self.crash_files[role])

    def spare(self, role):
        """Returns whether it had not died yet."""
        try:
            os.unlink(self.crash_files[role])
            return True
        except FileNotFoundError:
            return False

    def renew_milter(self):
        """Its keeper waits longer each time that a worker dies young; a new one does not."""
        self.bailiff.stop("milter")
        self.start("milter")

    def run_to_death(self, role, point, seconds=20):
        """Starts `role` with BAILIFF_CRASH_AT; returns whether it died of it."""
        self.bailiff.launch(role, BAILIFF_CRASH_AT=point)
        process = self.bailiff.processes[role]
        end = time.monotonic() + seconds
        while process.alive() and time.monotonic() < end:
            time.sleep(0.01)
        return self.bailiff.stop(role)[role] == -9

    # -- mail

    def set_postfix(self, *settings):
        subprocess.run(["postconf", "-c", "/etc/postfix", "-e", *settings], check=True)
        if self.site.postfix.running:
            subprocess.run(["postfix", "-c", "/etc/postfix", "reload"], check=True,
                           capture_output=True)

    def defer_mail(self):
        """What is let in stays in the queue."""
        self.set_postfix("defer_transports=smtp")

    def message(self, service, mark, spam):
        return (f"From: {service.sender}\r\nTo: reader@dest.example\r\nSubject: Note\r\n"
                f"X-Fire: {mark}\r\n\r\n{SPAM if spam else 'Nothing to see.'} {mark}\r\n").encode()

    def try_once(self, service, mark, spam, answer):
        """One SMTP session; returns whether the answer is final."""
        try:
            client = self.site.postfix.smtp("submission", service.login, "secret")
            try:
                answer.code, text = client.docmd("MAIL", f"FROM:<{service.sender}>")
                if answer.code == 250:
                    answer.code, text = client.docmd("RCPT", "TO:<reader@dest.example>")
                if answer.code == 250:
                    answer.code, text = client.data(self.message(service, mark, spam))
                answer.text = text.decode(errors="replace")
            finally:
                client.close()
        except smtplib.SMTPResponseException as refused:  # at DATA or AUTH
            answer.code, answer.text = refused.smtp_code, refused.smtp_error.decode()
        except (smtplib.SMTPServerDisconnected, OSError):
            answer.code, answer.text = 421, "dropped"
        if answer.code // 100 != 4:
            return True
        answer.put_off.append(answer.code)
        return False

    def submit(self, service, mark, spam=False, before_retry=lambda: None, seconds=60):
        """Until the answer is 2xx or 5xx."""
        answer = Answer()
        end = time.monotonic() + seconds
        while not self.try_once(service, mark, spam, answer) and time.monotonic() < end:
            time.sleep(0.1)
            before_retry()
        return answer

    def script(self, service, mark, spam=False):
        status = self.site.postfix.sendmail(service.uid, service.sender, ["reader@dest.example"],
                                            self.message(service, mark, spam))
        if status != 0:
            raise AssertionError(f"sendmail(1) did not take {mark}: {status}")

    def pick_up(self):
        subprocess.run(["postkick", "-c", "/etc/postfix", "public", "pickup", "W"],
                       check=False)  # pickup may end at this very moment

    def maildrop(self):
        return os.listdir(f"{self.site.postfix.queue}/maildrop")

    # -- what came of it

    def effects(self):
        """(service, kind, case) → how often."""
        path = f"{self.bailiff.panel}/effects.jsonl"
        if not os.path.exists(path):
            return collections.Counter()
        with open(path) as log:
            rows = [json.loads(line) for line in log]
        return collections.Counter((r["service"], r["subject"][0], r["subject"][2]) for r in rows)

    def effects_of(self, service):
        return {kind: n for (name, kind, _), n in self.effects().items() if name == service.id}

    def cases_of(self, service, path=None):
        """Those that punish, or of one path."""
        rows = self.bailiff.cases(service=service.id)
        return [r for r in rows if (r["path"] == path if path else r["path"] != "review")]

    def delivered(self):
        return collections.Counter(d.header("X-Fire") for d in self.site.sink.kept())

    def held(self):
        """X-Fire of what is in the hold queue, and has still somebody to go to."""
        return self._in_hold()[0]

    def husks(self):
        """X-Fire of what was held while it was being delivered: Postfix has noted in the file that
        each recipient is done, and releasing it sends nothing."""
        return self._in_hold()[1]

    def _in_hold(self):
        marks, husks = collections.Counter(), collections.Counter()
        for folder, _, names in os.walk(f"{self.site.postfix.queue}/hold"):
            for name in names:
                done = subprocess.run(["postcat", "-c", "/etc/postfix", "-eh", f"{folder}/{name}"],
                                      capture_output=True, check=True)
                found = re.search(rb"(?m)^X-Fire: (\S+)", done.stdout)
                to_go = re.search(rb"(?m)^recipient: ", done.stdout)
                (marks if to_go else husks)[found.group(1).decode() if found else f"{name}?"] += 1
        return marks, husks

    def places(self, mark):
        """Where one message is, without those that were refused."""
        return {name: n for name, n in (("sink", self.delivered()[mark]),
                                        ("hold", self.held()[mark])) if n}

    def settle_case(self, case_id, seconds=30):
        def done():
            shown = self.bailiff.case(case_id)
            busy = [a for a in shown["actions"] if a["state"] in ("due", "running")]
            return None if busy else shown["actions"]
        return wait_until(f"the actions of {case_id} to end", done, seconds)
