#!/usr/bin/env python3
"""The ledger under fire: storage_fire.py BINARY [--short] [--only NAME].

Disk and map full, read-only, input/output errors on write and sync, syncs that take seconds,
damaged files, and clocks that jump, each against the two real roles. What must hold is in
README.md of this folder. Prints each figure; status 0 only if everything held.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from storage_host import StorageHost, rest, run  # noqa: E402
from tally import Tally  # noqa: E402
from testbed import namespace  # noqa: E402
from testbed.process import TestbedError, wait_until  # noqa: E402

DEGRADED = {"clean": "proceed", "clean local": "proceed", "spam": "tempfail",
            "spam local": "hold"}
WELL = {"clean": "proceed", "clean local": "proceed", "spam": "reject", "spam local": "hold"}


def degraded_round(tally, host, first, where):
    replies = host.round(first)
    tally.check(f"{where}: {replies}", replies == DEGRADED)


def ends_well(tally, host, before, first, faulty):
    """As before the fault, in the same processes; nothing lost, nothing punished by the fault."""
    for role in ("milter", "enforcer"):
        state = host.wait_state(role, ("ok",))
        tally.check(f"{role}: ledger {state} again without hand work", state == "ok")
    tally.check(f"the same processes: {host.pids()}", host.pids() == before)
    lost = host.missing()
    tally.check(f"{len(host.named)} cases were named by a 5xx, {len(lost)} are missing {lost}",
                not lost)
    punished = host.punished(faulty)
    tally.check(f"{len(punished)} actions on services that sent during the fault", not punished)
    replies = host.round(first)
    tally.check(f"afterwards: {replies}", replies == WELL)
    wait_until("the hooks", lambda: host.punished({first + 2}), 30)
    wait_until("the outbox to empty", host.bailiff.outbox_empty, 30)
    kinds = [call["kind"] for call in host.punished({first + 2})]
    tally.check(f"what is confirmed is enforced once: {kinds}",
                kinds == ["service.terminate", "account.suspend"])


def one_alarm(tally, host, role, event="ledger_state", ends=True):
    if ends:
        rest(6)  # it must have been well for 5 s
    alarms, ended = host.alarms(role, event)
    tally.check(f"{role}: {alarms} alarms of {event}, {ended} ends",
                1 <= alarms <= 3 and ended == (1 if ends else 0))


def disk_full(tally, binary, short):
    with StorageHost(binary, disk_mb=6) as host:
        host.bailiff.start()
        before = host.pids()
        panel_fails(host, True)
        host.confirm(1)  # its actions stay due: the panel is away
        host.fill()
        panel_fails(host, False)
        for number in range(3):
            host.confirm(10 + number)  # what finds out that the disk is full
        states = {role: host.wait_state(role, ("full",)) for role in ("milter", "enforcer")}
        tally.check(f"states {states}", set(states.values()) == {"full"})
        degraded_round(tally, host, 20, "disk full")
        cpu = host.cpu_seconds("enforcer")
        rest(2 if short else 5)
        cpu = host.cpu_seconds("enforcer") - cpu
        tally.check(f"enforcer: {cpu:.2f} s of CPU while full, with due actions", cpu < 0.5)
        tally.check("nothing is done to a customer while full", not host.punished())
        host.free()
        ends_well(tally, host, before, 30, set(range(10, 24)))
        kinds = [call["kind"] for call in host.punished({1})]
        tally.check(f"what was due before ran once: {kinds}",
                    kinds == ["service.terminate", "account.suspend"])
        for role in ("milter", "enforcer"):
            one_alarm(tally, host, role)


def panel_fails(host, fails):
    path = f"{host.bailiff.panel}/fail"
    if fails:
        open(path, "w").close()
    else:
        os.unlink(path)


def map_full(tally, binary, short):
    with StorageHost(binary, map_mb=2) as host:
        host.bailiff.start()
        fill_map(host)
        state = host.wait_state("milter", ("filling", "full"))
        tally.check(f"state {state} after {len(host.named)} cases", state in ("filling", "full"))
        degraded_round(tally, host, 20, "map full")
        tally.check("nobody is punished by what could not be recorded",
                    not host.punished(set(range(20, 24))))
        case = sorted(host.named)[0]
        host.bailiff.cli("case", "reject", case, "--by", "fire", "--reason", "map full")
        decided = host.bailiff.case(case)["case"]["state"]
        tally.check(f"a person's decision is still taken: {decided}", decided == "rejected")
        one_alarm(tally, host, "milter", ends=False)
        host.bailiff.stop()
        host.configure(map_mb=64)
        host.bailiff.start()
        ends_well(tally, host, host.pids(), 30, set(range(20, 24)))


def fill_map(host):
    """With cases of services 50 to 199, smaller and smaller ones, until the smallest is refused."""
    sizes = [50_000, 5_000, 10]
    for number in range(50, 200):
        while sizes and host.offer(number, "x" * sizes[0], spam=True).kind != "reject":
            sizes.pop(0)
        if not sizes:
            return


def injected(role, calls, what, states):
    def scenario(tally, binary, short):
        with StorageHost(binary) as host:
            host.bailiff.start()
            before = host.pids()
            host.confirm(1)
            wait_until("hooks", lambda: len(host.punished({1})) == 2, 30)
            if role == "enforcer":
                panel_fails(host, True)
                host.confirm(2)
                rest(0.5)
            tracer = host.inject(role, calls, what)
            faulty = {2} if role == "enforcer" else set(range(10, 24))
            if role == "enforcer":
                panel_fails(host, False)
            else:
                for number in range(3):
                    reply = host.confirm(10 + number)
                    tally.check(f"spam that cannot be recorded: {reply.kind}",
                                reply.kind == "tempfail")
            state = host.wait_state(role, states)
            tally.check(f"{role}: ledger {state}", state in states)
            if role == "milter":
                degraded_round(tally, host, 20, f"{calls} {what}")
                reply = host.offer(1, "honest, but of a service that stands terminated")
                tally.check(f"what stands stopped is not set free: {reply.kind}",
                            reply.kind in ("reject", "tempfail"))
            cpu = host.cpu_seconds(role)
            rest(3)
            cpu = host.cpu_seconds(role) - cpu
            tally.check(f"{role}: {cpu:.2f} s of CPU in 3 s", cpu < 1.0)
            effects = host.punished(faulty)
            if role == "milter":
                tally.check(f"{len(effects)} actions meanwhile", not effects)
            host.calm(tracer)
            if role == "enforcer":
                wait_until("the retry", lambda: len(host.punished({2})) >= 2, 60)
                wait_until("the outbox to empty", host.bailiff.outbox_empty, 60)
                kinds = [call["kind"] for call in host.punished({2})]
                tally.check(f"what was due happened once: {kinds}",
                            kinds == ["service.terminate", "account.suspend"])
                faulty = set()
            ends_well(tally, host, before, 30, faulty)
            one_alarm(tally, host, role)
    return scenario


def slow_sync(tally, binary, short):
    """A commit that outlives its caller: reply_unknown."""
    with StorageHost(binary) as host:
        host.bailiff.start()
        before = host.pids()
        host.confirm(1)
        wait_until("hooks", lambda: len(host.punished({1})) == 2, 30)
        tracer = host.inject("milter", "fdatasync", "delay_enter=5s:when=1")
        first = deliver_same(host, 10)
        tally.check(f"a commit of 5 s: {first.kind}", first.kind == "tempfail")
        wait_until("the commit", lambda: host.bailiff.cases(service="s10"), 20)
        host.calm(tracer)
        wait_until("the mark", lambda: host.bailiff.cases(service="s10")[0]["reply_unknown"], 10)
        rest(1.5)
        shown = host.bailiff.case(host.bailiff.cases(service="s10")[0]["id"])
        states = {action["state"] for action in shown["actions"]}
        tally.check(f"it is committed, reply_unknown, path {shown['case']['path']}, actions "
                    f"{states}, standing {shown['service_standing']['standing']}",
                    states == {"waiting"} and shown["service_standing"]["standing"] == "active")
        tally.check("nothing is enforced by it alone", not host.punished({10}))
        again = deliver_same(host, 10)
        tally.check(f"the retry: {again.kind}, the same case {again.case}",
                    again.kind == "reject" and again.case == shown["case"]["id"])
        wait_until("the hooks", lambda: len(host.punished({10})) >= 2, 30)
        rest(1)
        kinds = [call["kind"] for call in host.punished({10})]
        tally.check(f"and then it is enforced once: {kinds}",
                    kinds == ["service.terminate", "account.suspend"])
        ends_well(tally, host, before, 30, set())


def deliver_same(host, service):
    host.serial = 5000
    return host.confirm(service)


def read_only_start(tally, binary, short):
    """Stopped, mounted read-only, started: refused with a reason; mounted back, it starts."""
    with StorageHost(binary) as host:
        host.bailiff.start()
        host.confirm(1)
        wait_until("hooks", lambda: len(host.punished({1})) == 2, 30)
        host.bailiff.stop()
        run("mount", "-o", "remount,ro", host.disk)
        for role in ("milter", "enforcer"):
            done = start_once(host, role)
            tally.check(f"{role} on a read-only disk: status {done.returncode}, "
                        f"{last_line(done)}", done.returncode == 1 and b"ead-only" in done.stderr)
        run("mount", "-o", "remount,rw", host.disk)
        host.bailiff.start()
        ends_well(tally, host, host.pids(), 30, set())


def start_once(host, role, seconds=2.0):
    """A role that is expected to end by itself; one that runs is ended by TERM."""
    child = subprocess.Popen([host.bailiff.binary, role, "--config", host.bailiff.config],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/")
    try:
        out, err = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.terminate()
        out, err = child.communicate(timeout=30)
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)


def last_line(done):
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1][:160] if lines else "(silent)"


def stocked(host, count):
    """A ledger with `count` cases; stopped."""
    host.bailiff.start()
    for number in range(count):
        host.confirm(number)
    wait_until("the outbox to empty", host.bailiff.outbox_empty, 60)
    host.bailiff.stop()
    data = f"{host.disk}/ledger/data.mdb"
    shutil.copy2(data, f"{host.dir}/pristine")
    return data


def truncated(tally, binary, short):
    with StorageHost(binary) as host:
        data = stocked(host, 10)
        size = os.path.getsize(data)
        sizes = [0, 1, 100, 4095, 4096, 8192, size - 1, size - 4096, size // 2]
        bad = []
        for length in sizes[:4] if short else sizes:
            os.truncate(data, length)
            done = start_once(host, "milter")
            clean = done.returncode == 1 and b"data.mdb" in done.stderr
            if not clean:
                bad.append((length, done.returncode, last_line(done)))
            with open(f"{host.dir}/pristine", "rb") as good, open(data, "r+b") as file:
                file.write(good.read())
        tally.check(f"{len(sizes)} truncated files: refused by name, {len(bad)} otherwise {bad}",
                    not bad)
        host.bailiff.start()
        ends_well(tally, host, host.pids(), 30, set())


def flipped(tally, binary, short):
    """Single bits of the stopped ledger; then both roles, every case read, mail judged."""
    count = 6 if short else 200
    chance = random.Random(20261123)
    with StorageHost(binary) as host:
        data = stocked(host, 20)
        pristine = open(f"{host.dir}/pristine", "rb").read()
        cases = sorted(host.named)
        outcomes, bad = {}, []
        for number in range(count):
            bit = place_of_bit(chance, pristine, number)
            damaged = bytearray(pristine)
            damaged[bit // 8] ^= 1 << bit % 8
            with open(data, "r+b") as file:
                file.write(damaged)
                file.truncate(len(damaged))
            outcome = live_with(host, cases, number)
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            if outcome.startswith("CRASH"):
                bad.append((bit // 8, outcome))
        with open(data, "r+b") as file:
            file.write(pristine)
            file.truncate(len(pristine))
        tally.check(f"{count} flipped bits: {outcomes}, {len(bad)} crashes {bad[:5]}", not bad)


def place_of_bit(chance, pristine, number):
    """Every second one within what LMDB itself reads of a page: its head and its pointers."""
    page = chance.randrange(len(pristine) // 4096)
    within = chance.randrange(64) if number % 2 else chance.randrange(4096)
    return (page * 4096 + within) * 8 + chance.randrange(8)


def live_with(host, cases, number):
    outcome = "as if nothing"
    try:
        host.bailiff.start()
        readable = sum(host.has(case) for case in cases)
        host.bailiff.cli("case", "list", check=False)
        host.confirm(number % 20)
        host.offer(40 + number % 100, "")
        host.confirm(40 + number % 100)
        rest(0.4)
        if readable < len(cases):
            outcome = "records passed over"
    except TestbedError:
        outcome = "refused"
    for role in host.bailiff.processes:
        how = host.crashed(role)
        if how:
            outcome = f"CRASH of {role}: {how}"
    try:
        host.bailiff.stop()
    except (TestbedError, FileNotFoundError) as wrong:
        outcome = f"CRASH at the end: {wrong}"
    host.bailiff.processes.clear()
    return outcome


HOUR, YEAR = 3600, 365 * 86400


def clock(by, name):
    def scenario(tally, binary, short):
        with StorageHost(binary, budget=4) as host:
            shift = os.environ["BAILIFF_CLOCK_SHIFT"] = f"{host.dir}/shift"
            set_clock(shift, 0)
            host.bailiff.start(BAILIFF_CLOCK_SHIFT=shift)
            before = host.pids()
            panel_fails(host, True)
            for number in range(3):
                host.confirm(number)
            set_clock(shift, by(time.time()))
            rest(0.3)
            states = {role: host.wait_state(role, ("jumped",), "clock")
                      for role in ("milter", "enforcer")}
            tally.check(f"{name}: clock {states}", set(states.values()) == {"jumped"})
            state = host.state("milter", "directory")
            tally.check(f"{name}: directory {state}", state == "ok")
            tally.check(f"{name}: nothing was started by it", not host.punished())
            panel_fails(host, False)
            replies = host.round(30)  # the fourth hold of four
            tally.check(f"{name}: {replies}", replies == WELL)
            wait_until("hooks", lambda: len(host.punished({0, 1, 2, 32})) == 8, 30)
            host.confirm(40)  # opens the breaker
            rest(1)
            tally.check(f"{name}: {len(host.punished())} actions on 4 services; the budget of 4 "
                        f"holds, {len(host.punished({40}))} of the fifth",
                        len(host.punished()) == 8)
            tally.check("no role ended", host.pids() == before)
            lost = host.missing()
            tally.check(f"{len(host.named)} cases named, {len(lost)} missing", not lost)
            set_clock(shift, 0)
            states = {role: host.wait_state(role, ("ok",), "clock")
                      for role in ("milter", "enforcer")}
            tally.check(f"{name}: taken back: {states}", set(states.values()) == {"ok"})
        del os.environ["BAILIFF_CLOCK_SHIFT"]
    return scenario


def clock_at_start(by, name, wanted):
    """Started with a wrong clock: who had what when is not known, and nobody is punished."""
    def scenario(tally, binary, short):
        with StorageHost(binary) as host:
            shift = os.environ["BAILIFF_CLOCK_SHIFT"] = f"{host.dir}/shift"
            set_clock(shift, by(time.time()))
            host.bailiff.start(BAILIFF_CLOCK_SHIFT=shift)
            state = host.wait_state("milter", (wanted,), "directory")
            tally.check(f"{name}: directory {state}", state == wanted)
            kinds = [host.offer(1, "").kind, host.confirm(2).kind]
            tally.check(f"{name}: clean and spam {kinds}, recorded only", kinds[0] == "proceed")
            rest(1)
            tally.check(f"{name}: {len(host.bailiff.cases(service='s2'))} case, "
                        f"{len(host.punished())} punished",
                        len(host.bailiff.cases(service="s2")) == 1 and not host.punished())
        del os.environ["BAILIFF_CLOCK_SHIFT"]
    return scenario


def set_clock(path, seconds):
    with open(path + ".new", "w") as file:
        file.write(f"{int(seconds)}\n")
    os.rename(path + ".new", path)


BROKEN = ("broken",)
SCENARIOS = {
    "disk_full": disk_full,
    "map_full": map_full,
    "read_only_start": read_only_start,
    "read_only_milter": injected("milter", "pwrite64,pwritev,writev", "error=EROFS",
                                 ("read_only", "broken")),
    "read_only_enforcer": injected("enforcer", "pwrite64,pwritev,writev", "error=EROFS",
                                   ("read_only", "broken")),
    "write_eio_milter": injected("milter", "pwrite64,pwritev,writev", "error=EIO", BROKEN),
    "write_eio_enforcer": injected("enforcer", "pwrite64,pwritev,writev", "error=EIO", BROKEN),
    "sync_eio_milter": injected("milter", "fdatasync", "error=EIO", BROKEN),
    "sync_eio_enforcer": injected("enforcer", "fdatasync", "error=EIO", BROKEN),
    "slow_sync": slow_sync,
    "truncated": truncated,
    "flipped": flipped,
    "clock_forward_hour": clock(lambda now: HOUR + 90, "an hour forward"),
    "clock_back_hour": clock(lambda now: -HOUR - 90, "an hour back"),
    "clock_forward_year": clock(lambda now: YEAR, "a year forward"),
    "clock_back_year": clock(lambda now: -YEAR, "a year back"),
    "clock_1970": clock(lambda now: -now + 60, "1970"),
    "clock_start_1970": clock_at_start(lambda now: -now + 60, "started in 1970", "ahead"),
    "clock_start_next_year": clock_at_start(lambda now: YEAR, "started a year ahead", "old"),
}
SHORT = ("sync_eio_milter", "clock_back_year")


def clocks_can_be_set(binary):
    with open(binary, "rb") as file:
        return b"BAILIFF_CLOCK_SHIFT" in file.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", nargs="+", choices=SCENARIOS)
    options = parser.parse_args()
    namespace.enter()
    tally = Tally()
    names = options.only or (SHORT if options.short else SCENARIOS)
    played = 0
    for name in names:
        if name.startswith("clock") and not clocks_can_be_set(options.binary):
            print(f"-- {name}: needs a development build, skipped", flush=True)
            continue
        print(f"-- {name}", flush=True)
        try:
            SCENARIOS[name](tally, options.binary, options.short)
        except TestbedError as wrong:
            tally.check(f"{name}: {wrong}", False)
        played += 1
    tally.say(f"{played} mechanisms")
    tally.end()


if __name__ == "__main__":
    main()
