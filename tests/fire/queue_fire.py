#!/usr/bin/env python3
"""What a stopped service still has queued: 500 messages of 20 services, one of them is confirmed.

Three ways: mail waits in the queue; Postfix is delivering it meanwhile; and the same without
queue.hold, when mail of the stopped service must get out, or the other two show nothing.
Usage: queue_fire.py BINARY [--messages 500] [--services 20] [--short]
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from collections import Counter

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.site import Site  # noqa: E402

from tally import Tally  # noqa: E402

RULES = "body FIRE_SPAM /the text of the fire test/\nscore FIRE_SPAM 9\ndescribe FIRE_SPAM Test\n"
UID = 63000


class Service:
    """Even ones send with a login, odd ones by sendmail(1)."""

    def __init__(self, number):
        self.id = f"svc-{number}"
        self.login = f"user{number}@customer{number}.example" if number % 2 == 0 else None
        self.uid = UID + number
        self.sender = f"user{number}@customer{number}.example"

    def row(self):
        proof = {"kind": "login", "value": self.login} if self.login else \
            {"kind": "uid", "value": str(self.uid)}
        return {"service": self.id, "account": f"acct-{self.id}", "created": "2026-01-01",
                "identities": [proof]}

    def send(self, postfix, mark, text="Nothing to see."):
        message = (f"From: {self.sender}\r\nTo: reader@dest.example\r\nSubject: Note\r\n"
                   f"X-Fire: {mark}\r\n\r\n{text}\r\n").encode()
        if not self.login:
            return postfix.sendmail(self.uid, self.sender, ["reader@dest.example"], message)
        client = postfix.smtp("submission", self.login, "secret")
        try:
            return client.sendmail(self.sender, ["reader@dest.example"], message)
        finally:
            client.close()


class Run:
    def __init__(self, binary, tally, arguments, victim, delivering, hold=True):
        self.tally, self.victim, self.delivering, self.hold = tally, victim, delivering, hold
        self.each = arguments.messages // arguments.services
        self.services = [Service(n) for n in range(arguments.services)]
        self.site = Site(binary, with_rspamd=False)

    def __enter__(self):
        site = self.site
        rules = f"{site.dir}/rules"
        os.makedirs(rules)
        for name, text in (("10-fire.cf", RULES), ("rspamd.weights", "* 0\n")):
            with open(f"{rules}/{name}", "w") as file:
                file.write(text)
        changes = {} if self.hold else {"hold": ""}
        site.bailiff.configure(rules=rules, sections="[behaviour]\nmessages_per_minute = 1\n",
                               **changes)
        site.bailiff.import_directory([service.row() for service in self.services])
        for service in self.services:
            if service.login:
                site.postfix.add_login(service.login, "secret")
        self.set_postfix("default_destination_concurrency_limit=5", "queue_run_delay=1s",
                         "minimal_backoff_time=1s", "maximal_backoff_time=2s")
        self.set_postfix("defer_transports=" + ("" if self.delivering else "smtp"))
        site.sink.delay = 0.2 if self.delivering else 0.0
        site.start()
        return self

    def __exit__(self, *_):
        self.site.stop()

    def set_postfix(self, *settings):
        subprocess.run(["postconf", "-c", "/etc/postfix", "-e", *settings], check=True)
        if self.site.postfix.running:
            subprocess.run(["postfix", "-c", "/etc/postfix", "reload"], check=True,
                           capture_output=True)

    def fill(self):
        """All services at once, each its own messages in order."""
        def work(service):
            for n in range(self.each):
                service.send(self.site.postfix, f"{service.id}/{n}")
        threads = [threading.Thread(target=work, args=(s,)) for s in self.services]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until("maildrop to empty", lambda: not self.site.postfix.queued("maildrop"), 60)

    def confirm(self):
        victim = self.services[self.victim]
        try:
            victim.send(self.site.postfix, "spam", "the text of the fire test")
        except Exception as refused:  # noqa: BLE001 a 550 is what is wanted
            self.tally.say(f"the spam: {refused}")
        wait_until("a case", self.case, 30)

    def case(self):
        rows = [r for r in self.site.bailiff.cases() if r["path"] != "review"]
        return rows[0] if rows else None

    def hold_state(self):
        actions = self.site.bailiff.case(self.case()["id"])["actions"]
        return next((a["state"] for a in actions if a["kind"] == "queue.hold"), None)

    def queued_of(self, service, held):
        return [row for row in self.site.postfix.queued() if row["sender"] == service.sender
                and (row["queue_name"] == "hold") == held]

    def delivered(self):
        return Counter(d.header("X-Fire") for d in self.site.sink.kept())

    def let_go(self):
        self.site.sink.delay = 0.0
        self.set_postfix("defer_transports=")
        wait_until("mail to leave", self.is_flushed, 120)

    def is_flushed(self):
        """A flush that meets qmgr(8) in its reload is forgotten: said again until nothing is left."""
        if self.site.postfix.idle():
            return True
        self.site.postfix.flush()
        time.sleep(1)
        return False


def counts_of(delivered, service):
    return sum(n for mark, n in delivered.items() if mark.startswith(service.id + "/"))


def play(binary, tally, arguments, name, **how):
    tally.say(f"-- {name}")
    with Run(binary, tally, arguments, **how) as run:
        victim = run.services[run.victim]
        run.fill()
        before = len(run.site.sink.kept())
        tally.say(f"{run.each * len(run.services)} messages sent, {before} delivered, "
                  f"{len(run.queued_of(victim, held=False))} of the service still queued")
        run.confirm()
        wait_until("queue.hold to end", lambda: run.hold_state() in ("verified", None, "unknown"),
                   60)
        time.sleep(0.5)
        out_then = counts_of(run.delivered(), victim)
        deliverable = len(run.queued_of(victim, held=False))
        held = len([r for r in run.queued_of(victim, held=True)])
        tally.say(f"{deliverable} deliverable, {held} held, {out_then} were out before")
        run.let_go()
        out_after = counts_of(run.delivered(), victim)
        if not run.hold:
            tally.check(f"without queue.hold {out_after - out_then} messages of the stopped "
                        "service get out", out_after > out_then)
            return
        tally.check(f"0 of its messages deliverable: {deliverable}", deliverable == 0)
        late = out_after - out_then
        tally.check(f"0 of its messages went out afterwards: {late}", late == 0)
        others = [s for s in run.services if s is not victim]
        delivered = run.delivered()
        touched = [s.id for s in others if counts_of(delivered, s) != run.each]
        tally.check(f"no other service touched, each of {len(others)} has its {run.each} out: "
                    f"{touched}", not touched)
        twice = [mark for mark, n in delivered.items() if n > 1]
        tally.check(f"nothing delivered twice: {twice}", not twice)
        release(run, tally, victim)


def release(run, tally, victim):
    case = run.case()["id"]
    run.site.bailiff.cli("case", "release", case, "--by", "Fire Test", "--reason", "a drill")
    wait_until("all to be released", lambda: run.site.bailiff.outbox_empty() and all(
        a["state"] not in ("due", "running") for a in run.site.bailiff.case(case)["actions"]), 120)
    run.site.postfix.flush()
    wait_until("released mail to leave", run.site.postfix.idle, 60)
    delivered = run.delivered()
    lost = [n for n in range(run.each) if delivered[f"{victim.id}/{n}"] != 1]
    tally.check(f"after release each of its {run.each} messages is out once: not {lost}", not lost)
    left = [row for row in run.site.postfix.queued() if row["sender"] == victim.sender]
    tally.check(f"nothing of it stays in the queue but the spam: {len(left)}", len(left) <= 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--messages", type=int, default=500)
    parser.add_argument("--services", type=int, default=20)
    parser.add_argument("--short", action="store_true", help="two of the five ways")
    arguments = parser.parse_args()
    namespace.enter()
    tally = Tally()
    ways = (("mail waits; without queue.hold", dict(victim=2, delivering=False, hold=False)),
            ("mail waits; a login is confirmed", dict(victim=2, delivering=False)),
            ("mail waits; a script is confirmed", dict(victim=3, delivering=False)),
            ("Postfix is delivering; a login is confirmed", dict(victim=4, delivering=True)),
            ("Postfix is delivering; a script is confirmed", dict(victim=5, delivering=True)))
    for name, how in (ways[0], ways[4]) if arguments.short else ways:
        play(os.path.abspath(arguments.binary), tally, arguments, name, **how)
    tally.end()


if __name__ == "__main__":
    main()
