#!/usr/bin/env python3
"""rspamd away, silent, slow, talking rubbish, restarting: what does a message wait for, and for how
long is it judged without?

For each fault the milter is fresh and rspamd has answered; then the fault begins and messages come
one after the other. Each is offered to a second milter without rspamd too: the difference is what
rspamd costs it. Bounds: a verdict within rspamd's deadline; RSPAMD_UNAVAILABLE shown by each
message; messages 1 to 4 wait at most 1.2 s longer; from the fifth on nobody asks, and the median
of the difference is at most 5 ms; heard again at most 60 s after the fault ended.
Usage: rspamd_fire.py BINARY [--only NAME] [--short]
"""

import argparse
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.roles import MILTER, Bailiff  # noqa: E402
from testbed.rspamd import Rspamd  # noqa: E402

import rspamd_stub as stubs  # noqa: E402
from raw_milter import ENDS, SUBMISSION, RawMilter  # noqa: E402
from tally import Tally  # noqa: E402

RULES = "body FIRE_SPAM /the text of the fire test/\nscore FIRE_SPAM 9\ndescribe FIRE_SPAM Test\n"
SERVICES = 3000
FIRST_MS, LATER_MS, RECOVERED_S, DEADLINE_S = 1200, 5, 60, 3


def login(number):
    return f"user{number}@customer{number}.example"


class Milter:
    """One bailiff; each message comes from another service, so that each has its own case."""

    def __init__(self, directory, binary, rspamd, **settings):
        for path in (directory, f"{directory}/socket", f"{directory}/rules"):
            os.makedirs(path)
        os.chown(f"{directory}/socket", MILTER, -1)
        for name, text in (("10-fire.cf", RULES), ("rspamd.weights", "* 0\n")):
            with open(f"{directory}/rules/{name}", "w") as file:
                file.write(text)
        self.socket = f"{directory}/socket/milter.sock"
        self.bailiff = Bailiff(f"{directory}/bailiff", os.path.abspath(binary), self.socket, rspamd,
                               rules=f"{directory}/rules", **settings)
        self.bailiff.import_directory([
            {"service": f"svc-{n}", "account": f"acct-{n}", "created": "2026-01-01",
             "identities": [{"kind": "login", "value": login(n)}]} for n in range(SERVICES)])
        self.bailiff.start()

    def fresh(self):
        self.bailiff.stop("milter")
        self.bailiff.start("milter")

    def offer(self, number, text):
        """(verdict, milliseconds from the end of the message to it)."""
        macros = dict(SUBMISSION, **{"{auth_authen}": login(number), "i": f"Q{number}"})
        client = RawMilter(self.socket)
        try:
            client.negotiate()
            client.connect(macros)
            client.mail(login(number), macros)
            client.content(f"{text}\r\n".encode() + b"the text of the fire test\r\n" * 50)
            start = time.monotonic()
            verdict = client.end()
            return verdict, (time.monotonic() - start) * 1000
        finally:
            client.close()

    def rspamd(self):
        return self.bailiff.status()["milter"].get("rspamd", {})

    def findings(self, numbers):
        """Of the messages of these services: symbol and reason of each."""
        found = {}
        for number in numbers:
            (row,) = self.bailiff.cases(service=f"svc-{number}")
            verdict = self.bailiff.case(row["id"])["case"]["verdict"]
            found[number] = {f["symbol"]: f["reason"] for f in verdict["findings"]}
        return found


class Message:
    def __init__(self, number, verdict, ms, plain_ms):
        self.number, self.verdict, self.ms, self.extra = number, verdict, ms, ms - plain_ms


class Host:
    def __init__(self, binary, with_rspamd, **settings):
        base = "/dev/shm" if os.path.isdir("/dev/shm") else None  # no disk in the figures
        self.dir = tempfile.mkdtemp(prefix="bailiff-", dir=base)
        os.chmod(self.dir, 0o755)
        self.serial, self.parts, self.names = 0, [], 0
        self.front = f"{self.dir}/rspamd.sock"
        self.asked = self.plain = self.rspamd = None
        try:
            self.stub = self.add(stubs.Stub, behave=stubs.well)
            self.point(self.stub.path)
            if with_rspamd:
                self.rspamd = Rspamd(f"{self.dir}/rspamd")
                self.rspamd.start()
            self.asked = Milter(f"{self.dir}/asked", binary, self.front, **settings)
            self.plain = Milter(f"{self.dir}/plain", binary, None)
        except BaseException:
            self.__exit__()
            raise

    def add(self, kind, **how):
        self.names += 1
        part = kind(f"{self.dir}/stub{self.names}.sock", **how)
        self.parts.append(part)
        return part

    def point(self, target):
        """Where the milter's next connections go."""
        os.symlink(target, f"{self.front}.new")
        os.rename(f"{self.front}.new", self.front)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for milter in (self.asked, self.plain):
            if milter:
                milter.bailiff.stop()
        if self.rspamd and self.rspamd.process:
            self.rspamd.stop()
        for part in self.parts:
            part.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def message(self, text=None):
        number = self.serial
        self.serial += 1
        text = text or f"Order {number}."
        _, plain = self.plain.offer(number, text)
        verdict, ms = self.asked.offer(number, text)
        return Message(number, verdict, ms, plain)

    def messages(self, count, gap=0.05, text=None):
        sent = []
        for _ in range(count):
            sent.append(self.message(text))
            time.sleep(gap)
        return sent

    def until_heard(self, text=None, seconds=90):
        """Seconds until a message that is offered is heard again; None: it never was."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            passed, number = time.monotonic() - start, self.message(text).number
            if "RSPAMD_SCORE" in self.asked.findings([number])[number]:
                return passed
            time.sleep(0.5)
        return None


# Faults: how each begins; what it returns ends it.

def stub(behave):
    def begin(host):
        host.stub.behave = behave

        def end():
            host.stub.behave = stubs.well
        return end
    return begin


def backlog(host):
    full = host.add(stubs.FullBacklog)
    host.point(full.listener.getsockname())
    return lambda: host.point(host.stub.path)


def stopped(host):
    os.killpg(host.rspamd.process.pid, signal.SIGSTOP)
    return lambda: os.killpg(host.rspamd.process.pid, signal.SIGCONT)


def not_running(host):
    host.rspamd.stop()
    return host.rspamd.start


FAULTS = {
    "rspamd not running": (not_running, True),
    "rspamd stopped by SIGSTOP": (stopped, True),
    "accepts and is silent": (stub(stubs.silence), False),
    "never accepts, backlog full": (backlog, False),
    "headers, then silence": (stub(stubs.headers_then_silence), False),
    "a byte each 100 ms": (stub(stubs.slow), False),
    "garbage": (stub(stubs.garbage), False),
    "JSON with NaN": (stub(stubs.wrong_json), False),
    "endless body": (stub(stubs.endless_body), False),
    "endless headers": (stub(stubs.endless_headers), False),
    "a body of 1 TB": (stub(stubs.huge), False),
    "another message's answer": (stub(stubs.anothers_answer), False),
    "error 500": (stub(stubs.error_500), False),
    "closes": (stub(stubs.closes), False),
    "closes, all messages of the same bytes": (stub(stubs.closes), False),
    "resets": (stub(stubs.resets), False),
    "half closes": (stub(stubs.half_closes), False),
}


def figures(messages):
    return ", ".join(f"{m.extra:.1f}" for m in messages)


def summary(messages):
    extra = sorted(m.extra for m in messages)
    return f"median {statistics.median(extra):.1f}, largest {extra[-1]:.1f}"


def in_time(tally, messages):
    given = [m for m in messages if m.verdict in ENDS]
    longest = max(m.ms for m in messages) / 1000
    tally.check(f"{len(given)} of {len(messages)} have a verdict, the slowest after "
                f"{longest:.2f} s", len(given) == len(messages) and longest <= DEADLINE_S)


def shown(tally, host, messages):
    findings = host.asked.findings([m.number for m in messages])
    seen = [n for n, found in findings.items() if "RSPAMD_UNAVAILABLE" in found]
    why = {findings[n]["RSPAMD_UNAVAILABLE"] for n in seen}
    tally.check(f"finding shown by {len(seen)} of {len(messages)}", len(seen) == len(messages))
    for reason in sorted(why):
        tally.say(f"     {reason}")


def waits(tally, host, messages, more):
    first, later = messages[:4], messages[4:] + more
    tally.check(f"messages 1 to 4: extra ms {figures(first)}",
                all(m.extra <= FIRST_MS for m in first))
    findings = host.asked.findings([m.number for m in later])
    asked = [n for n, found in findings.items()
             if "not asked" not in found.get("RSPAMD_UNAVAILABLE", "")]
    tally.check(f"messages 5 to {4 + len(later)}: extra ms {summary(later)}; "
                f"{len(asked)} of them asked",
                statistics.median(m.extra for m in later) <= LATER_MS and not asked)


def recovered(tally, host, seconds):
    tally.check(f"heard again {'never' if seconds is None else f'{seconds:.1f} s'} after the "
                "fault ended", seconds is not None and seconds <= RECOVERED_S)
    sent = host.messages(5)
    heard = [n for n, found in host.asked.findings([m.number for m in sent]).items()
             if "RSPAMD_SCORE" in found]
    tally.check(f"then heard by {len(heard)} of {len(sent)}: extra ms {figures(sent)}",
                len(heard) == len(sent))


def warm(tally, host, real):
    host.point(host.rspamd.socket if real else host.stub.path)
    host.asked.fresh()
    sent = host.messages(5)
    heard = [n for n, found in host.asked.findings([m.number for m in sent]).items()
             if "RSPAMD_SCORE" in found]
    tally.check(f"before: heard by {len(heard)} of {len(sent)}, extra ms {figures(sent)}",
                len(heard) == len(sent))


def play(tally, host, name, probes_s, text=None):
    tally.say(f"-- {name}")
    begin, real = FAULTS[name]
    warm(tally, host, real)
    end = begin(host)
    try:
        sent = host.messages(20, text=text)
        before = host.asked.rspamd().get("probed", 0)
        more = host.messages(int(probes_s / 0.5), gap=0.5, text=text)  # while it is probed
        probed = host.asked.rspamd().get("probed", 0) - before
    finally:
        end()
    seconds = host.until_heard(text)
    tally.say(f"     probed {probed} times meanwhile")
    in_time(tally, sent + more)
    shown(tally, host, sent + more)
    waits(tally, host, sent, more)
    recovered(tally, host, seconds)


def silent_from_the_start(tally, host, at_once):
    """The milter has never heard rspamd; many messages at once, then a few."""
    tally.say(f"-- silent from the start, {at_once} at once")
    host.point(host.stub.path)
    host.stub.behave = stubs.silence
    host.asked.fresh()
    numbers = list(range(host.serial, host.serial + at_once))
    host.serial += at_once
    plain = timed_at_once(host.plain, numbers)
    start = time.monotonic()
    silent = timed_at_once(host.asked, numbers)
    took = time.monotonic() - start
    tally.check(f"none waits for another: all {at_once} done {took:.2f} s after they connected",
                took <= FIRST_MS / 1000 + 1)
    base = statistics.median(ms for _, ms in plain)
    sent = [Message(n, verdict, ms, base) for n, (verdict, ms) in zip(numbers, silent)]
    later = host.messages(20)
    host.stub.behave = stubs.well
    seconds = host.until_heard()
    in_time(tally, sent + later)
    shown(tally, host, sent + later)
    tally.check(f"the {at_once}: extra ms {summary(sent)}",
                all(m.extra <= FIRST_MS for m in sent))
    tally.check(f"after them: extra ms {summary(later)}",
                statistics.median(m.extra for m in later) <= LATER_MS)
    recovered(tally, host, seconds)


def timed_at_once(milter, numbers):
    results = {}

    def work(number):
        results[number] = milter.offer(number, "An order.")
    threads = [threading.Thread(target=work, args=(n,)) for n in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[n] for n in numbers]


def poison(tally, host):
    tally.say("-- ends on one message")
    warm(tally, host, False)
    host.stub.behave, host.stub.requests = stubs.poisoned, []
    sent = [host.message("This is fatal to rspamd.")]
    number = sent[0].number
    for _ in range(10):  # the same bytes again, as a client's retry
        host.asked.offer(number, "This is fatal to rspamd.")
    others = host.messages(5)
    fatal = [r for r in host.stub.requests if b"fatal to rspamd" in r]
    host.stub.behave = stubs.well
    tally.check(f"11 tries of the message, {len(fatal)} questions about it", len(fatal) == 2)
    tally.check(f"extra ms {figures(sent)}", sent[0].extra <= FIRST_MS)
    shown(tally, host, sent)
    heard = [n for n, found in host.asked.findings([m.number for m in others]).items()
             if "RSPAMD_SCORE" in found]
    tally.check(f"others heard after it: {len(heard)} of {len(others)}",
                len(heard) == len(others))


def restarts(host, over):
    over.wait(3)
    os.killpg(host.rspamd.process.pid, signal.SIGKILL)
    host.rspamd.process.child.wait()
    over.wait(1)
    host.rspamd.start()


def falls_silent(host, over):
    host.stub.behave = stubs.silence
    over.wait(5)
    host.stub.behave = stubs.well
    over.wait(5)


def in_a_loop(tally, host, name, once, seconds):
    tally.say(f"-- {name}, for {seconds} s")
    warm(tally, host, once is restarts)
    over, rounds = threading.Event(), []

    def loop():
        while not over.is_set():
            once(host, over)
            rounds.append(once)
    thread = threading.Thread(target=loop)
    thread.start()
    sent, start = [], time.monotonic()
    while time.monotonic() - start < seconds:
        sent += host.messages(1, gap=0.2)
    over.set()
    thread.join()
    seconds = host.until_heard()
    findings = host.asked.findings([m.number for m in sent])
    unheard = [m for m in sent if "RSPAMD_SCORE" not in findings[m.number]]
    later = unheard[4:]
    waited = [m for m in later if "not asked" not in findings[m.number]["RSPAMD_UNAVAILABLE"]]
    tally.say(f"     {len(rounds)} rounds, {len(sent)} messages, {len(unheard)} not heard, "
              f"{len(waited)} of them asked after the fourth: extra ms {figures(waited)}")
    in_time(tally, sent)
    shown(tally, host, unheard)
    tally.check(f"unheard 1 to 4: extra ms {figures(unheard[:4])}",
                all(m.extra <= FIRST_MS for m in unheard[:4]))
    tally.check(f"unheard 5 to {len(unheard)}: extra ms {summary(later)}",
                statistics.median(m.extra for m in later) <= LATER_MS
                and all(m.extra <= FIRST_MS for m in later))
    recovered(tally, host, seconds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--only", help="the faults with this in their name")
    parser.add_argument("--short", action="store_true", help="silence and poison, no real rspamd")
    arguments = parser.parse_args()
    namespace.enter()
    tally = Tally()
    if arguments.short:
        with Host(arguments.binary, False, rspamd_extra="breaker_pause_ms = 500") as host:
            play(tally, host, "accepts and is silent", 0)
            poison(tally, host)
        tally.end()
    with Host(arguments.binary, True) as host:
        rest = {"silent from the start": lambda: silent_from_the_start(tally, host, 20),
                "poison": lambda: poison(tally, host),
                "restarts in a loop": lambda: in_a_loop(
                    tally, host, "restarts in a loop", restarts, 45),
                "falls silent in a loop": lambda: in_a_loop(
                    tally, host, "falls silent in a loop", falls_silent, 90)}
        chosen = [name for name in (*FAULTS, *rest) if (arguments.only or "") in name]
        for name in chosen:
            if name in rest:
                rest[name]()
            else:
                play(tally, host, name, 10, "One text." if "same bytes" in name else None)
        tally.say(f"{len(chosen)} mechanisms")
    tally.end()


if __name__ == "__main__":
    main()
