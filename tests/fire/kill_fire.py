#!/usr/bin/env python3
"""SIGKILL of either role at every named point, through the private Postfix; and at random.

The enforcer, from taking an action to recording it: with a hook that answers `state` each effect
exists once; with one that does not, never twice. The milter, at end of message: Postfix tempfails,
the retry ends in a reply, nothing is lost, nothing punished twice. First it shows, with a guard
taken away, that it can see an effect that happens twice.
Usage: kill_fire.py BINARY [--short] [--random N]     (a development build)
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire"]
from testbed import namespace  # noqa: E402
from testbed.process import Process, TestbedError, wait_until  # noqa: E402
from testbed.site import Site  # noqa: E402

from tally import Tally, removable_guards  # noqa: E402

RULES = "body FIRE_SPAM /the text of the fire test/\nscore FIRE_SPAM 9\ndescribe FIRE_SPAM Test\n"
SPAM, NOTE = "Buy now: the text of the fire test.", "See you on Monday."
KINDS = ("service.terminate", "account.suspend", "notify.team")
UID = 65000

ENFORCER = ["taken", "checked", "intent_unwritten", "intent_written", "acted", "read_back",
            "outcome_unwritten", "outcome_written",
            "begin:1", "changed:1", "committed:1", "answered:1",
            "begin:2", "changed:2", "committed:2", "answered:2"]
STATIONS = ["eom", "ask", "parse", "identify", "rules", "behaviour", "rspamd", "decide",
            "reply_made"]
RECORDING = ["recording", "begin", "changed", "committed", "answered", "recorded"]


class Customer:
    """Even ones send by submission, odd ones by sendmail(1)."""

    def __init__(self, number):
        self.number, self.id = number, f"svc-{number}"
        self.address = f"user{number}@customer{number}.example"
        self.uid = UID + number if number % 2 else None

    def row(self):
        proof = {"kind": "uid", "value": str(self.uid)} if self.uid else \
            {"kind": "login", "value": self.address}
        return {"service": self.id, "account": f"acct-{self.id}", "created": "2026-01-01",
                "identities": [proof]}


class Fire:
    def __init__(self, binary, tally, customers, hold=False):
        self.tally, self.sent = tally, {}
        self.customers = [Customer(n) for n in range(customers)]
        self.fresh = {parity: iter([c for c in self.customers if c.number % 2 == parity])
                      for parity in (0, 1)}
        self.site = Site(binary, with_rspamd=False)
        rules = f"{self.site.dir}/rules"
        os.makedirs(rules)
        for name, text in (("10-fire.cf", RULES), ("rspamd.weights", "* 0\n")):
            with open(f"{rules}/{name}", "w") as file:
                file.write(text)
        self.bailiff = self.site.bailiff
        self.bailiff.configure(rules=rules, sections="[behaviour]\nmessages_per_minute = 1\n",
                               milter_extra="holds_per_hour = 100000",
                               enforcer_extra="actions_per_hour = 100000",
                               **({} if hold else {"hold": ""}))
        self.bailiff.import_directory([customer.row() for customer in self.customers])
        for customer in self.customers:
            if not customer.uid:
                self.site.postfix.add_login(customer.address, "secret")

    def __enter__(self):
        self.site.start()
        return self

    def __exit__(self, *_):
        self.site.stop()

    def customer(self, door="submission"):
        return next(self.fresh[door == "local"])

    # Sending: until there is an answer, as a client does.
    def send(self, customer, text, mark, patience=40):
        message = (f"From: {customer.address}\r\nTo: reader@dest.example\r\nSubject: Note\r\n"
                   f"Message-ID: <{mark}@customer.example>\r\nX-Fire: {mark}\r\n"
                   f"Date: Mon, 23 Nov 2026 01:00:00 +0000\r\n\r\n{text}\r\n").encode()
        if customer.uid:
            self.site.postfix.sendmail(customer.uid, customer.address, ["reader@dest.example"],
                                       message)
            self.sent[mark] = "accepted"
            return 0
        tempfails, end = 0, time.monotonic() + patience
        while time.monotonic() < end:
            code = self.submit(customer, message)
            if code < 400 or code >= 500:
                self.sent[mark] = "accepted" if code < 400 else "refused"
                return tempfails
            tempfails += 1
            time.sleep(0.2)
        self.sent[mark] = "unanswered"
        return tempfails

    def submit(self, customer, message):
        try:
            client = self.site.postfix.smtp("submission", customer.address, "secret")
        except OSError:
            return 451
        try:
            for step in (lambda: client.mail(customer.address),
                         lambda: client.rcpt("reader@dest.example"), lambda: client.data(message)):
                code, _ = step()
                if code >= 400:
                    return code
            return code
        except Exception:  # noqa: BLE001 a dropped session is tried again, as 4xx
            return 451
        finally:
            client.close()

    def kick_pickup(self):
        subprocess.run(["postkick", "-c", "/etc/postfix", "public", "pickup", "W"], check=False)

    # The roles.
    def restart_enforcer(self, **environment):
        process = self.bailiff.processes.pop("enforcer", None)
        if process and process.child.poll() is None:
            process.stop()
        self.start_enforcer(**environment)

    def start_enforcer(self, **environment):
        log = f"{self.bailiff.dir}/log/enforcer.log"
        self.bailiff.processes["enforcer"] = Process(
            "bailiff enforcer", [self.bailiff.binary, "enforcer", "--config", self.bailiff.config],
            log, environment={"PATH": "/usr/bin:/bin", **environment})

    def enforcer_gone(self):
        return self.bailiff.processes["enforcer"].child.poll() is not None

    def restart_milter(self, **environment):
        self.bailiff.stop("milter")
        self.bailiff.start("milter", **environment)

    # What came of it.
    def punished(self, customer):
        return [row for row in self.bailiff.cases(service=customer.id) if row["path"] != "review"]

    def effects(self, customer):
        return Counter(call["kind"] for call in self.bailiff.hook_calls()
                       if call["service"] == customer.id and call["verb"] == "act")

    def settled(self, customer):
        def done():
            try:
                return all(action["state"] not in ("due", "running")
                           for row in self.punished(customer)
                           for action in self.bailiff.case(row["id"])["actions"])
            except Exception:  # noqa: BLE001 the desk is away while its role restarts
                return False
        wait_until(f"the outbox of {customer.id}", done, 40)

    def found(self):
        """Where each mark ended: (sink, hold)."""
        sink = Counter(d.header("X-Fire") for d in self.site.sink.kept())
        hold = Counter()
        for row in self.site.postfix.queued("hold"):
            text = subprocess.run(["postcat", "-c", "/etc/postfix", "-hq", row["queue_id"]],
                                  capture_output=True, check=True).stdout.decode(errors="replace")
            for line in text.splitlines():
                if line.startswith("X-Fire: "):
                    hold[line[8:]] += 1
        return sink, hold


def confirm(fire, customer, tag):
    """The second message within a minute is the second witness."""
    fire.send(customer, SPAM, f"{tag}-1")
    return fire.send(customer, SPAM + " Again.", f"{tag}-2")


def enforcer_at(fire, point, with_state, guard=None):
    flag = f"{fire.bailiff.panel}/no_state"
    if with_state and os.path.exists(flag):
        os.remove(flag)
    if not with_state:
        open(flag, "w").close()
    customer = fire.customer()
    fire.restart_enforcer(BAILIFF_CRASH_AT=point)
    confirm(fire, customer, f"e-{customer.number}")
    wait_until(f"the enforcer to die at {point}", fire.enforcer_gone, 20)
    fire.restart_enforcer(**({"BAILIFF_REMOVE_GUARD": guard} if guard else {}))
    fire.settled(customer)
    effects = fire.effects(customer)
    states = {action["kind"]: action["state"] for row in fire.punished(customer)
              for action in fire.bailiff.case(row["id"])["actions"]}
    return effects, states


def enforcer_points(fire, points):
    seen = 0
    for with_state in (True, False):
        for point in points:
            effects, states = enforcer_at(fire, point, with_state)
            if with_state:
                good = all(effects[kind] == 1 for kind in KINDS)
            else:
                good = all(effects[kind] <= 1 for kind in KINDS) and all(
                    state in ("done", "unknown", "waiting", "verified") for state in states.values())
            seen += good
            how = "with state" if with_state else "without  "
            fire.tally.check(f"enforcer {point:18} hook {how}: effects "
                             f"{[effects[k] for k in KINDS]}, {list(states.values())}", good)
    return seen


def queue_points(binary, tally, points):
    """queue.hold killed on its way: nothing of the service stays deliverable."""
    with Fire(binary, tally, 2 * len(points) + 2, hold=True) as fire:
        subprocess.run(["postconf", "-c", "/etc/postfix", "-e", "defer_transports=smtp"],
                       check=True)
        subprocess.run(["postfix", "-c", "/etc/postfix", "reload"], check=True, capture_output=True)
        for point in points:
            customer = fire.customer()
            for n in range(3):
                fire.send(customer, NOTE, f"q-{customer.number}-{n}")
            fire.restart_enforcer(BAILIFF_CRASH_AT=point)
            confirm(fire, customer, f"q-{customer.number}-spam")
            wait_until(f"the enforcer to die at {point}", fire.enforcer_gone, 20)
            fire.restart_enforcer()
            fire.settled(customer)
            rows = [r for r in fire.site.postfix.queued() if r["sender"] == customer.address]
            free = sum(r["queue_name"] != "hold" for r in rows)
            tally.check(f"enforcer {point:18} queue.hold: {free} deliverable, {len(rows)} held, "
                        f"effects {[fire.effects(customer)[k] for k in KINDS]}",
                        free == 0 and len(rows) == 3 and
                        all(fire.effects(customer)[k] == 1 for k in KINDS))


def milter_points(fire, stations, recording):
    """Spam by submission at all of them, a script's note at the stations."""
    for point in stations + recording:
        customer = fire.customer()
        fire.send(customer, SPAM, f"m-{customer.number}-1")
        fire.restart_milter(BAILIFF_CRASH_AT=point)
        mark = f"m-{customer.number}-2"
        tempfails = fire.send(customer, SPAM + " Again.", mark)
        wait_until("the milter", fire.bailiff.worker, 20)
        fire.send(customer, SPAM + " Once more.", f"m-{customer.number}-3")
        fire.settled(customer)
        effects = fire.effects(customer)
        sink, hold = fire.found()
        loose = [m for m in sink + hold if m and m.startswith(f"m-{customer.number}-")]
        good = tempfails >= 1 and fire.sent[mark] == "refused" and not loose and \
            len(fire.punished(customer)) <= 1 and all(effects[kind] <= 1 for kind in KINDS)
        fire.tally.check(f"milter   {point:18} spam: {tempfails} times 4xx, then {fire.sent[mark]}; "
                         f"cases {len(fire.punished(customer))}, effects "
                         f"{[effects[k] for k in KINDS]}", good)
    for point in stations + ["reply_edited"]:
        customer = fire.customer("local")
        fire.restart_milter(BAILIFF_CRASH_AT=point)
        mark = f"m-{customer.number}-note"
        before = deaths(fire)
        fire.send(customer, NOTE, mark)
        wait_until(f"the milter to die at {point}", lambda: deaths(fire) > before, 20)
        wait_until("the milter", fire.bailiff.worker, 20)
        wait_until("the note to arrive", lambda: fire.kick_pickup() or
                   any(d.header("X-Fire") == mark for d in fire.site.sink.kept()), 30, 0.5)
        time.sleep(0.3)
        sink, hold = fire.found()
        fire.tally.check(f"milter   {point:18} note of a script: delivered {sink[mark]}, held "
                         f"{hold[mark]}", sink[mark] == 1 and not hold[mark])


def deaths(fire):
    with open(f"{fire.bailiff.dir}/log/milter.log", errors="replace") as log:
        return log.read().count("worker_ended")


def random_kills(fire, count, tally):
    """Six honest senders and a spammer a second, while either role is killed."""
    stop, lock = threading.Event(), threading.Lock()
    honest = [fire.customer("submission") for _ in range(3)] + \
        [fire.customer("local") for _ in range(3)]
    spammers = []

    def be_honest(customer):
        n = 0
        while not stop.is_set():
            fire.send(customer, NOTE, f"h-{customer.number}-{n}", patience=60)
            n += 1
            time.sleep(0.1)

    def spam():
        while not stop.is_set():
            with lock:
                customer = next(fire.fresh[0], None)
            if customer is None:
                return
            spammers.append(customer)
            for n in range(3):
                fire.send(customer, f"{SPAM} {n}", f"s-{customer.number}-{n}", patience=60)
            time.sleep(0.3)
    threads = [threading.Thread(target=be_honest, args=(c,)) for c in honest] + \
        [threading.Thread(target=spam)]
    for thread in threads:
        thread.start()
    chance, killed = random.Random(7), Counter()
    while sum(killed.values()) < count:
        time.sleep(chance.uniform(0.05, 0.5))
        role = chance.choice(("milter", "enforcer"))
        # The keeper waits a little longer with each worker that dies soon.
        pid = wait_until("a milter", fire.bailiff.worker, 20) if role == "milter" else \
            fire.bailiff.processes["enforcer"].pid
        if not pid or (role == "enforcer" and fire.enforcer_gone()):
            continue
        try:
            os.kill(pid, signal.SIGKILL)
            killed[role] += 1
        except ProcessLookupError:
            continue
        if role == "enforcer":
            fire.bailiff.processes["enforcer"].child.wait()
            fire.start_enforcer()
    stop.set()
    for thread in threads:
        thread.join()
    wait_until("the milter", fire.bailiff.worker, 30)
    wait_until("maildrop to empty", lambda: fire.kick_pickup() or
               not fire.site.postfix.queued("maildrop"), 120, 0.5)
    fire.site.postfix.flush()
    try:
        wait_until("mail to leave", fire.site.postfix.idle, 120)
    except TestbedError:
        left = [row for row in fire.site.postfix.queued() if row["queue_name"] != "hold"]
        tally.check(f"mail leaves the queue; {len(left)} stay, as {left[:2]}", False)
        with open(fire.site.postfix.log, errors="replace") as log:
            tally.say(log.read()[-3000:])
    for customer in spammers:
        fire.settled(customer)
    judge_random(fire, tally, honest, spammers, killed)


def judge_random(fire, tally, honest, spammers, killed):
    sink, hold = fire.found()
    accepted = [mark for mark, end in fire.sent.items() if end == "accepted" and mark[0] in "hs"]
    refused = [mark for mark, end in fire.sent.items() if end == "refused" and mark[0] in "hs"]
    wrong = [m for m in accepted if sink[m] + hold[m] != 1] + \
        [m for m in refused if sink[m] + hold[m]]
    unanswered = [m for m, end in fire.sent.items() if end == "unanswered"]
    tally.check(f"{dict(killed)} killed: {len(accepted)} accepted and {len(refused)} refused, each "
                f"found once; wrong {wrong[:5]}, unanswered {unanswered[:5]}",
                not wrong and not unanswered)
    out = [m for m in sink if m and m.startswith("s-")]
    tally.check(f"no spam was delivered: {out[:5]}", not out)
    twice = [(c.id, k) for c in spammers for k, n in fire.effects(c).items() if n > 1]
    acted = sum(bool(fire.effects(c)) for c in spammers)
    tally.check(f"{len(spammers)} spammers, {acted} punished, no effect twice: {twice}",
                not twice and acted > 0)
    hit = [c.id for c in honest if fire.punished(c) or fire.effects(c)]
    tally.check(f"{len(honest)} honest senders, none punished: {hit}", not hit)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--short", action="store_true", help="a few points of each kind")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="N random kills only")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    if not removable_guards(binary):
        sys.exit("expected a development build: crash points are compiled out of this one")
    namespace.enter()
    tally = Tally()
    short = arguments.short
    with Fire(binary, tally, 200 if not arguments.random else 40 + 4 * arguments.random) as fire:
        if arguments.random:
            random_kills(fire, arguments.random, tally)
            tally.end()
        effects, _ = enforcer_at(fire, "acted", False, "interrupted_is_asked_first")
        tally.check(f"without its guard an interrupted act happens twice: {dict(effects)}",
                    max(effects.values()) > 1)
        enforcer_points(fire, ["intent_written", "acted"] if short else ENFORCER)
        fire.restart_enforcer()
        milter_points(fire, ["decide"] if short else STATIONS,
                      ["committed"] if short else RECORDING)
    if not short:
        queue_points(binary, tally, ENFORCER[:8])
        points = len(ENFORCER) + len(STATIONS) + len(RECORDING) + 1
        tally.say(f"{points} points of both roles")
    tally.end()


if __name__ == "__main__":
    main()
