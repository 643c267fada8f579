#!/usr/bin/env python3
"""More of everything than the milter may have: connections, descriptors, bytes.

    bounds_fire.py BINARY [--short]

150 connections against a cap of 100 · connects that hang up · packets that are none · too few
descriptors · too many bytes under way. Those admitted are served, the others hear 4xx within a second,
nothing spins, and what was taken is given back.
"""

import argparse
import os
import smtplib
import struct
import subprocess
import sys
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.site import Site  # noqa: E402

from raw_milter import CONTINUE, TEMPFAIL, Closed, RawMilter  # noqa: E402
from tally import Tally, removable_guards  # noqa: E402

LOGIN, PASSWORD, UID = "orders@shop.example", "demonstration", 62103
SERVICES = [{"account": "acct-shop", "service": "shop", "plan": "x", "created": "2023-04-01",
             "identities": [{"kind": "login", "value": LOGIN},
                            {"kind": "uid", "value": str(UID)}]}]
RULES = "body SPAMMY /buy these pills/\nscore SPAMMY 9\ndescribe SPAMMY The text of the test\n"
CAP, CONNECTIONS, SMALL_LIMIT = 100, 150, 96
LATE = 1.0  # seconds within which one above the bound must hear 4xx


def make_site(binary):
    site = Site(binary, with_rspamd=False)
    os.makedirs(f"{site.dir}/rules")
    for name, text in (("10-test.cf", RULES), ("rspamd.weights", "* 0\n")):
        with open(f"{site.dir}/rules/{name}", "w") as file:
            file.write(text)
    site.bailiff.configure(rules=f"{site.dir}/rules", milter_extra=f"sessions_max = {CAP}",
                           sections="[behaviour]\nmessages_per_minute = 1000000\n")
    site.bailiff.import_directory(SERVICES)
    site.postfix.add_login(LOGIN, PASSWORD)
    return site


class Milter:
    def __init__(self, site):
        self.site, self.path = site, f"{site.postfix.queue}/bailiff/milter.sock"
        self.log = f"{site.dir}/bailiff/log/milter.log"

    def status(self):
        """Of this very second."""
        asked = time.time()
        wait_until("a fresh status", lambda: self._written() > asked, 5)
        return self.site.bailiff.status()["milter"]

    def _written(self):
        path = f"{self.site.dir}/bailiff/run/milter.json"
        return os.stat(path).st_mtime if os.path.exists(path) else 0

    def pid(self):
        return self.status()["pid"]

    def descriptors(self, pid):
        return len(os.listdir(f"/proc/{pid}/fd"))

    def rss_anon_kb(self, pid):
        with open(f"/proc/{pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("RssAnon"))

    def cpu_of_a_second(self, pid):
        """Share of one core."""
        def ticks():
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
            return int(fields[11]) + int(fields[12])
        before = ticks()
        time.sleep(1)
        return (ticks() - before) / os.sysconf("SC_CLK_TCK")

    def journal_lines(self, word=""):
        with open(self.log, errors="replace") as log:
            return sum(word in line for line in log)

    def restart(self, limit=None, **environment):
        """With a limit of descriptors, hard and soft."""
        bailiff, binary = self.site.bailiff, self.site.bailiff.binary
        bailiff.stop("milter")
        if limit:
            wrapper = f"{self.site.dir}/limited"
            with open(wrapper, "w") as file:
                file.write(f'#!/bin/sh\nexec prlimit --nofile={limit}:{limit} {binary} "$@"\n')
            os.chmod(wrapper, 0o755)
            bailiff.binary = wrapper
        try:
            bailiff.start("milter", **environment)
        finally:
            bailiff.binary = binary


def greet(path, number, outcomes, clients):
    """One connection up to the answer at CONNECT, and how long that took."""
    since = time.monotonic()
    try:
        client = RawMilter(path, 10)
        clients[number] = client
        client.negotiate()
        answer = client.connect()
    except Closed:
        answer = b"closed"
    outcomes[number] = (answer, time.monotonic() - since)


def crowd(path, count):
    """`count` connections at once: outcomes and clients by number."""
    outcomes, clients = {}, {}
    threads = [threading.Thread(target=greet, args=(path, n, outcomes, clients))
               for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes, clients


def sorted_out(outcomes, clients):
    admitted = [clients[n] for n, (answer, _) in outcomes.items() if answer == CONTINUE]
    told = [seconds for answer, seconds in outcomes.values() if answer == TEMPFAIL]
    closed = [seconds for answer, seconds in outcomes.values() if answer == b"closed"]
    return admitted, told, closed


def serve(clients):
    """How many of them have a message judged and let through."""
    served = 0
    for client in clients:
        if client.mail() == CONTINUE:
            client.content()
            served += client.end() == CONTINUE
    return served


def leave(clients):
    for client in clients.values():
        client.close()


def postfix_says(site):
    """(code, seconds) of a session up to MAIL: its code, or the one that ends it before."""
    since, client = time.monotonic(), None
    try:
        client = site.postfix.smtp("submission")
        client.login(LOGIN, PASSWORD)
        code, _ = client.mail(LOGIN)
    except smtplib.SMTPResponseException as refusal:
        code = refusal.smtp_code
    if client:
        client.close()
    return code, time.monotonic() - since


def back_to(tally, milter, pid, before, what):
    descriptors, memory = before
    descriptors_now, memory_now = measure(milter, pid)
    tally.check(f"after {what}: descriptors {descriptors} -> {descriptors_now}, RssAnon {memory} -> "
                f"{memory_now} KB, CPU of an idle second "
                f"{(cpu := milter.cpu_of_a_second(pid)):.2f}",
                descriptors_now <= descriptors + 1 and memory_now <= memory + 4096 and cpu < 0.1)


def measure(milter, pid):
    """Descriptors and memory, when the backlog has been worked off."""
    last = []
    while len(last) < 5 or len(set(last[-5:])) > 1:
        last.append(milter.descriptors(pid))
        time.sleep(0.1)
    return last[-1], milter.rss_anon_kb(pid)


def too_many_sessions(tally, site, milter):
    pid = milter.pid()
    leave(crowd(milter.path, CONNECTIONS)[1])  # threads and arenas are there afterwards
    wait_until("the first crowd to leave", lambda: milter.status()["sessions"]["now"] == 0)
    before = measure(milter, pid)
    outcomes, clients = crowd(milter.path, CONNECTIONS)
    admitted, told, closed = sorted_out(outcomes, clients)
    tally.check(f"{CONNECTIONS} connections, cap {CAP}: {len(admitted)} admitted, {len(told)} told "
                f"4xx, the last after {max(told):.3f} s, {len(closed)} closed",
                len(admitted) == CAP and len(told) == CONNECTIONS - CAP and max(told) <= LATE)
    tally.check(f"{(served := serve(admitted))} of those admitted served", served == CAP)
    code, took = postfix_says(site)
    tally.check(f"a client of Postfix hears {code} after {took:.3f} s",
                code // 100 == 4 and took <= LATE)
    status = milter.status()
    tally.check(f"status: {status['sessions']}", status["sessions"]["now"] == CAP
                and status["sessions"]["max"] == CAP
                and status["sessions"]["refused"] >= CONNECTIONS - CAP)
    tally.check("an alarm in the journal", milter.journal_lines("milter.sessions_max") > 0)
    leave(clients)
    back_to(tally, milter, pid, before, f"{CONNECTIONS} connections")
    tally.check(f"a client of Postfix hears {postfix_says(site)[0]}", postfix_says(site)[0] == 250)


def hang_ups(tally, milter, count):
    pid, lines = milter.pid(), milter.journal_lines()
    hang_up(milter.path, count // 10)
    before = measure(milter, pid)
    since = time.monotonic()
    hang_up(milter.path, count)
    tally.say(f"{count} connects that hang up took {time.monotonic() - since:.1f} s")
    back_to(tally, milter, pid, before, f"{count} connects that hang up")
    said = milter.journal_lines() - lines
    tally.check(f"the journal says {said} lines of them", said <= 5)
    tally.check(f"no session is left: {milter.status()['sessions']}",
                milter.status()["sessions"]["now"] == 0)


def hang_up(path, count):
    """At once, after the negotiation begun, and amid it."""
    for number in range(count):
        client = RawMilter(path)
        if number % 3 == 1:
            client.send(b"O", struct.pack("!III", 6, 0x1FF, 0x1FFFFF))
        if number % 3 == 2:
            client.socket.sendall(b"\0\0")
        client.close()


def no_packets(tally, milter):
    pid = milter.pid()
    before = measure(milter, pid)
    slow = [RawMilter(milter.path) for _ in range(20)]
    for client in slow:
        client.socket.sendall(b"\0\0\0")  # of a packet that never comes
    ends = []
    for length in (0, 0x7FFFFFFF, 0xFFFFFFFF):
        client = RawMilter(milter.path, 1)
        client.socket.sendall(struct.pack("!I", length) + b"Oxxxx")
        try:
            client.receive()
            ends.append("answered")
        except Closed:
            ends.append("dropped")
        except TimeoutError:
            ends.append("kept")
        client.close()
    tally.check(f"packets of 0, 2^31-1 and 2^32-1 bytes: {ends}", ends == ["dropped"] * 3)
    outcomes, clients = crowd(milter.path, 10)
    admitted, _, _ = sorted_out(outcomes, clients)
    tally.check(f"beside 20 slow ones {(served := serve(admitted))} of 10 are served",
                served == 10)
    leave(clients)
    for client in slow:
        client.close()
    back_to(tally, milter, pid, before, "packets that are none")


def too_few_descriptors(tally, site, milter):
    milter.restart(limit=SMALL_LIMIT)
    pid, status = milter.pid(), milter.status()
    cap = status["sessions"]["max"]
    tally.check(f"limit {SMALL_LIMIT}: the cap is {cap}, {status['descriptors']}, alarm "
                f"{milter.journal_lines('milter.too_few_descriptors')}",
                0 < cap < SMALL_LIMIT // 2 and milter.journal_lines("milter.too_few_descriptors"))
    leave(crowd(milter.path, CONNECTIONS)[1])
    wait_until("the first crowd to leave", lambda: milter.status()["sessions"]["now"] == 0)
    before = measure(milter, pid)
    outcomes, clients = crowd(milter.path, CONNECTIONS)
    admitted, told, closed = sorted_out(outcomes, clients)
    slowest = max(told + closed)
    tally.check(f"{CONNECTIONS} connections: {len(admitted)} admitted, {len(told)} told 4xx, "
                f"{len(closed)} closed, the last after {slowest:.3f} s",
                len(admitted) == cap and slowest <= LATE
                and len(admitted) + len(told) + len(closed) == CONNECTIONS)
    silent = [RawMilter(milter.path) for _ in range(100)]
    tally.check(f"{(served := serve(admitted))} of those admitted served", served == cap)
    tally.check(f"meanwhile {milter.descriptors(pid)} descriptors are open and a second costs "
                f"{(cpu := milter.cpu_of_a_second(pid)):.2f} of a core",
                milter.descriptors(pid) < SMALL_LIMIT and cpu < 0.1)
    code, took = postfix_says(site)
    tally.check(f"a client of Postfix hears {code} after {took:.3f} s",
                code // 100 == 4 and took <= LATE)
    tally.check("an alarm in the journal", milter.journal_lines("milter.descriptors_short") > 0)
    leave(clients)
    leave(dict(enumerate(silent)))
    back_to(tally, milter, pid, before, "too few descriptors")
    tally.check(f"a client of Postfix hears {postfix_says(site)[0]}", postfix_says(site)[0] == 250)


def without_the_guard(tally, milter):
    if not removable_guards(milter.site.bailiff.binary):
        return tally.say("not shown, release build: accept(2) without the guard")
    milter.restart(limit=SMALL_LIMIT, BAILIFF_REMOVE_GUARD="descriptors_are_kept")
    with open(f"{milter.site.dir}/bailiff/run/milter.json") as file:
        pid = int(file.read().split('"pid":')[1].split(",")[0])
    silent = [RawMilter(milter.path) for _ in range(CONNECTIONS)]
    cpu = milter.cpu_of_a_second(pid)
    leave(dict(enumerate(silent)))
    tally.check(f"without the guard a second costs {cpu:.2f} of a core", cpu > 0.5)
    return milter.restart()


def too_many_bytes(tally, site, milter):
    bound, each, count = 4 << 20, 1 << 20, 8
    fit = bound // each
    site.bailiff.configure(milter_extra=f"in_flight_bytes_max = {bound}")
    milter.restart()
    _, clients = crowd(milter.path, count)
    begun = [client.mail() for client in clients.values()].count(CONTINUE)
    for client in clients.values():
        client.content(b"x" * (each - 1000))
    status = milter.status()
    tally.check(f"{begun} messages of {each} bytes under way: {status['in_flight']}",
                begun == count and bound - each <= status["in_flight"]["bytes"] <= bound)
    code, _ = postfix_says(site)
    sendmail = send_locally(site)
    time.sleep(1)
    waits = len(site.postfix.queued("maildrop"))
    tally.check(f"meanwhile Postfix says {code} at MAIL, sendmail(1) ends with {sendmail}, {waits} "
                "mail waits in maildrop", (code, sendmail, waits) == (451, 0, 1))
    ends = [client.end() for client in clients.values()]
    tally.check(f"at their ends {ends.count(CONTINUE)} were judged, {ends.count(TEMPFAIL)} put off",
                ends.count(CONTINUE) == fit and ends.count(TEMPFAIL) == count - fit)
    leave(clients)
    tally.check("an alarm in the journal", milter.journal_lines("milter.in_flight_bytes_max") > 0)
    send_locally(site)  # wakes pickup(8) for both
    wait_until("the mail from maildrop", lambda: len(site.sink.kept()) == 2, 90)
    tally.check(f"status: {milter.status()['in_flight']}; no mail was lost",
                milter.status()["in_flight"]["bytes"] == 0)


def send_locally(site):
    return site.postfix.sendmail(UID, "www@shop.example", ["b@dest.example"],
                                 b"Subject: local\n\nhello\n")


SHORT_PATIENCE = """\
#define _GNU_SOURCE
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
/* The time-out of idle sessions, 7210 s, as 5 s. */
int setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    struct timeval few = {5, 0};
    if (level == SOL_SOCKET && name == SO_RCVTIMEO &&
        ((const struct timeval *)value)->tv_sec == 7210) value = &few;
    return syscall(SYS_setsockopt, fd, level, name, value, length);
}
"""


def idle_sessions(tally, site, milter):
    """Silent, between messages, amid one: closed, and no session or message is left."""
    library = f"{site.dir}/patience.so"
    done = subprocess.run(["cc", "-shared", "-fPIC", "-xc", "-", "-o", library],
                          input=SHORT_PATIENCE.encode(), check=False)
    if done.returncode != 0:
        return tally.check("cc builds a shorter time-out", False)
    os.chmod(library, 0o755)
    milter.restart(LD_PRELOAD=library)
    outcomes, clients = crowd(milter.path, 20)
    for number in range(10):
        clients[number].mail()
    clients[20] = RawMilter(milter.path)
    since = time.monotonic()
    for client in clients.values():
        client.socket.settimeout(30)
        if client.socket.recv(1) != b"":
            tally.check("an idle session hears nothing but its end", False)
    took = time.monotonic() - since
    wait_until("the status to show it", lambda: milter.status()["sessions"]["now"] == 0)
    status = milter.status()
    return tally.check(f"{len(clients)} idle sessions are closed after {took:.0f} s of 5: "
                       f"{status['sessions']['now']} left, "
                       f"{status['in_flight']['messages']} messages",
                       len(sorted_out(outcomes, clients)[0]) == 20 and 3 < took < 20
                       and status["sessions"]["now"] == status["in_flight"]["messages"] == 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    namespace.enter()
    tally = Tally()
    with make_site(options.binary) as site:
        site.start()
        milter = Milter(site)
        too_many_sessions(tally, site, milter)
        hang_ups(tally, milter, 1_000 if options.short else 10_000)
        too_few_descriptors(tally, site, milter)
        if not options.short:
            without_the_guard(tally, milter)
            no_packets(tally, milter)
            idle_sessions(tally, site, milter)
            too_many_bytes(tally, site, milter)
    tally.end()


main()
