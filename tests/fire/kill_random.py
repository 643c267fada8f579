"""Random kills of both roles while mail comes in at both doors, and the count at the end."""

import collections
import os
import random
import signal
import threading
import time

from testbed.process import wait_until

from kill_host import KillHost, Service

ENFORCER = ("taken", "checked", "intent_unwritten", "intent_written", "acted", "read_back",
            "outcome_unwritten", "outcome_written", "begin", "changed", "committed", "answered",
            "hook_started")
MILTER = ("eom", "parse", "identify", "rules", "behaviour", "decide", "recording", "begin", "changed",
          "committed", "answered", "recorded", "reply_made", "reply_edited", "session_closed")
SENDERS = 6
CLEAN = 12


class Ledger:
    """What was sent, and what was said to it."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent, self.refused, self.put_off = {}, {}, collections.Counter()
        self.named, self.errors = {}, []

    def note(self, mark, service, spam, answer=None):
        with self.lock:
            self.sent[mark] = (service, spam)
            if answer is None:
                return
            self.put_off.update(answer.put_off)
            if answer.code // 100 == 5:
                self.refused[mark] = answer.text
                if answer.case:
                    self.named[answer.case] = mark
            elif answer.code // 100 != 2:
                self.errors.append(f"{mark}: {answer.code} {answer.text}")


class Senders:
    """Clean mail all the time; now and then one more service begins to send spam."""

    def __init__(self, host, clean, spammers, seed):
        self.host, self.clean, self.spammers = host, clean, list(spammers)
        self.ledger, self.random = Ledger(), random.Random(seed)
        self.began, self.number, self.going = [], 0, threading.Event()
        self.threads, self.may_begin = [], 3

    def start(self):
        self.going.set()
        self.threads = [threading.Thread(target=self.run, args=(n,), daemon=True)
                        for n in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.going.clear()
        for thread in self.threads:
            thread.join(120)

    def run(self, number):
        turn = 0
        while self.going.is_set():
            turn += 1
            try:
                if number < 3 and (spammer := self.next_spammer()):
                    self.campaign(spammer)
                else:
                    service = self.clean[(number * 7 + turn) % CLEAN]
                    self.send(service, "local" if (number + turn) % 3 == 0 else "submission")
            except Exception as error:  # noqa: BLE001 a sender that dies would make it easier
                with self.ledger.lock:
                    self.ledger.errors.append(repr(error))
                time.sleep(0.1)

    def next_spammer(self):
        """As many as there were kills, so that each meets some spam."""
        with self.ledger.lock:
            if len(self.began) >= self.may_begin or not self.spammers:
                return None
            self.began.append(self.spammers.pop(0))
            return self.began[-1]

    def campaign(self, service):
        door = "local" if int(service.id.rsplit("-", 1)[1]) % 3 == 0 else "submission"
        self.send(service, "submission")
        for _ in range(3):
            self.send(service, "submission")  # the counters may have died meanwhile
            self.send(service, door, spam=True)

    def send(self, service, door, spam=False):
        with self.ledger.lock:
            self.number += 1
            mark = f"{service.id}/{self.number}"
        if door == "local":
            self.host.script(service, mark, spam)
            self.ledger.note(mark, service, spam)
            return
        answer = self.host.submit(service, mark, spam, seconds=90)
        self.ledger.note(mark, service, spam, answer)


class Killer:
    """SIGKILL, half by the clock and half where a random point is passed next."""

    def __init__(self, host, seed):
        self.host, self.random, self.done = host, random.Random(seed), collections.Counter()

    def kill(self):
        role = self.random.choice(("milter", "enforcer"))
        if self.random.random() < 0.5:
            if self.at_point(role, self.random.choice(ENFORCER if role == "enforcer" else MILTER)):
                self.done[f"{role} at a point"] += 1
                return self.revive(role)
        time.sleep(self.random.uniform(0, 0.5))
        if self.by_clock(role):
            self.done[f"{role} by the clock"] += 1
        return self.revive(role)

    def at_point(self, role, point):
        self.host.choose(role, point)
        end = time.monotonic() + 2
        while time.monotonic() < end and not self.host.died(role):
            time.sleep(0.01)
        return not self.host.spare(role)

    def by_clock(self, role):
        if role == "enforcer":
            process = self.host.bailiff.processes["enforcer"]
            process.child.kill()
            process.child.wait()
            return True
        worker = self.host.bailiff.worker()
        if not worker:
            return False
        try:
            os.kill(worker, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def revive(self, role):
        """The milter has a keeper, which is patient with those that die young; we are not."""
        end = time.monotonic() + 1.5
        while role == "milter" and not self.host.bailiff.worker():
            if time.monotonic() > end:
                return self.host.renew_milter()
            time.sleep(0.05)
        if role == "enforcer":
            self.host.bailiff.processes["enforcer"].child.wait()
            self.host.bailiff.stop("enforcer")
            self.host.start("enforcer")


def random_kills(binary, tally, count, seed=None):
    seed = int(time.time()) if seed is None else seed
    clean = [Service(f"clean-{n}") for n in range(CLEAN)]
    kinds = ("state", "blind", "state", "blind", "state", "slow")
    spammers = [Service(f"{kinds[n % 6]}-{n}") for n in range(count + 3)]
    tally.say(f"-- {count} random kills under load, seed {seed}")
    with KillHost(binary, clean + spammers) as host:
        host.start("queue", "milter", "enforcer")
        host.site.postfix.start()
        senders, killer = Senders(host, clean, spammers, seed), Killer(host, seed)
        senders.start()
        while sum(killer.done.values()) < count:
            killer.kill()
            senders.may_begin = 3 + sum(killer.done.values())
        senders.stop()
        tally.say(f"killed: {dict(killer.done)}")
        settle(host, senders)
        count_all(host, tally, senders)


def settle(host, senders):
    wait_until("the milter", host.bailiff.worker, 30)

    def empty():
        host.pick_up()
        host.site.postfix.flush()
        return not host.maildrop() and host.site.postfix.idle()
    wait_until("all mail to leave", empty, 180, step=0.5)
    for service in senders.began:
        for case in host.cases_of(service):
            host.settle_case(case["id"], 120)


def count_all(host, tally, senders):
    ledger = senders.ledger
    delivered, held, husks = host.delivered(), host.held(), host.husks()
    tally.say(f"{len(ledger.sent)} messages: {sum(delivered.values())} delivered, "
              f"{sum(held.values())} held (and {sum(husks.values())} empty that were "
              f"being delivered just then), {len(ledger.refused)} refused; put off "
              f"{sum(ledger.put_off.values())} times {dict(ledger.put_off)}")
    times = {mark: delivered[mark] + held[mark] + (mark in ledger.refused)
             for mark in set(ledger.sent) | set(delivered) | set(held)}
    lost = [mark for mark, n in times.items() if n == 0]
    tally.check("each empty one was delivered, and is of a service that sent spam",
                all(delivered[mark] == 1 and mark.split("/")[0] in
                    {s.id for s in senders.began} for mark in husks))
    twice = {mark: (f"spam {ledger.sent[mark][1]}", host.places(mark), mark in ledger.refused)
             for mark, n in times.items() if n > 1}
    tally.check(f"0 of {len(times)} lost: {lost}", not lost)
    tally.check(f"0 of {len(times)} found twice: {twice}", not twice)
    tally.check(f"each is one that was sent; senders' errors: {ledger.errors[:3]}",
                set(times) == set(ledger.sent) and not ledger.errors)
    out = [mark for mark in delivered if ledger.sent.get(mark, (0, False))[1]]
    tally.check(f"0 spam messages delivered: {out}", not out)
    count_effects(host, tally, senders)


def count_effects(host, tally, senders):
    cases, states = {}, collections.Counter()
    unsound, doubled = [], []
    effects = host.effects()
    for service in senders.began:
        rows = host.cases_of(service)
        paths = collections.Counter(row["path"] for row in rows)
        doubled += [(service.id, dict(paths))] if any(n > 1 for n in paths.values()) else []
        for row in rows:
            cases[row["id"]] = service.id
            for action in host.bailiff.case(row["id"])["actions"]:
                states[action["state"]] += 1
                times = effects[(service.id, action["kind"], row["id"])]
                if not fits(service, action, times):
                    unsound.append((service.id, action["kind"], action["state"], times))
    tally.say(f"{len(senders.began)} services sent spam, {len(cases)} cases, "
              f"{sum(effects.values())} effects, actions {dict(states)}")
    more = [key for key, n in effects.items() if n > 1]
    tally.check(f"0 effects twice: {more}", not more)
    tally.check(f"one case a service and path: {doubled}", not doubled)
    tally.check(f"each action is as its effect: {unsound}", not unsound)
    began = {service.id for service in senders.began}
    others = [key for key in effects if key[0] not in began]
    tally.check(f"0 effects on services that sent no spam: {others}", not others)
    of_no_case = [key for key in effects if key[2] not in cases]
    tally.check(f"0 effects without a case: {of_no_case}", not of_no_case)
    unknown = [case for case in senders.ledger.named if not host.bailiff.case(case)]
    tally.check(f"each of {len(senders.ledger.named)} cases that a 5xx named is there: {unknown}",
                not unknown)
    tally.check(f"spam was punished meanwhile: {len(cases)} cases", len(cases) > 0)


def fits(service, action, times):
    if action["kind"].startswith("queue."):
        return action["state"] == "verified"
    if "blind" in service.id:
        return {"done": times == 1, "unknown": times <= 1, "waiting": times == 0}.get(
            action["state"], False)
    return action["state"] == "verified" and times == 1
