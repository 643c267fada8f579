#!/usr/bin/env python3
"""Restarts and reloads under traffic: connections wait, none is refused, no mail is lost.

    restart_fire.py BINARY [--short]

Through a private Postfix, both doors: the worker is killed, told to end, replaced by an upgrade; then
the whole milter is stopped and started on a socket that this script holds, as systemd would; reloads
in between. Each message has an id of its own, and each that Postfix acknowledged must be found once
in the sink or on hold.
"""

import argparse
import collections
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.roles import MILTER  # noqa: E402
from testbed.site import Site  # noqa: E402

from raw_milter import CONTINUE, Closed, RawMilter  # noqa: E402
from tally import Tally, removable_guards  # noqa: E402

LOGIN, PASSWORD, UIDS = "orders@shop.example", "demonstration", (62103, 62104)
SERVICES = [
    {"account": "acct-shop", "service": "shop", "plan": "x", "created": "2023-04-01",
     "identities": [{"kind": "login", "value": LOGIN}]},
    *({"account": f"acct-{uid}", "service": f"web-{uid}", "plan": "x", "created": "2023-04-01",
       "identities": [{"kind": "uid", "value": str(uid)}]} for uid in UIDS)]
RULES = "body SPAMMY /buy these pills/\nscore SPAMMY 9\ndescribe SPAMMY The text of the test\n"
SETTINGS = "[behaviour]\nmessages_per_minute = 1000000\n"
WAIT_MAX = 6.0


def make_site(binary):
    site = Site(binary, with_rspamd=False)
    os.makedirs(f"{site.dir}/rules")
    for name, text in (("10-test.cf", RULES), ("rspamd.weights", "* 0\n")):
        with open(f"{site.dir}/rules/{name}", "w") as file:
            file.write(text)
    site.bailiff.configure(rules=f"{site.dir}/rules", sections=SETTINGS)
    site.bailiff.import_directory(SERVICES)
    site.postfix.add_login(LOGIN, PASSWORD)
    return site


class Traffic:
    """Clients at both doors and one that talks to the milter itself, until stop()."""

    def __init__(self, site, submitters, scripts):
        self.site = site
        self.lock = threading.Lock()
        self.acknowledged, self.longest = set(), collections.Counter()
        self.deferred, self.probe = collections.Counter(), collections.Counter()
        self.errors, self.number, self.going = [], 0, threading.Event()
        self.makers = [(self.submit, f"submission {n}") for n in range(submitters)]
        self.makers += [(self.script, n) for n in range(scripts)]
        self.makers += [(self.ask_milter, "probe")]
        self.threads = []

    def start(self):
        self.going.set()
        self.threads = [threading.Thread(target=self.run, args=maker, daemon=True)
                        for maker in self.makers]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.going.clear()
        for thread in self.threads:
            thread.join(60)

    def run(self, make, argument):
        while self.going.is_set():
            try:
                make(argument)
            except Exception as error:  # a client that dies would make the test easier
                with self.lock:
                    self.errors.append(repr(error))
                time.sleep(0.1)

    def new_id(self):
        with self.lock:
            self.number += 1
            return f"fire-{self.number}"

    def took(self, what, since):
        with self.lock:
            self.longest[what] = max(self.longest[what], time.monotonic() - since)

    def submit(self, _):
        """One message in a session of its own, offered again for as long as it is put off."""
        identity = self.new_id()
        while True:
            since = time.monotonic()
            try:
                client = self.site.postfix.smtp("submission", LOGIN, PASSWORD)
                client.sendmail(LOGIN, ["b@dest.example"], message(identity, LOGIN, "hello"))
                client.quit()
                break
            except smtplib.SMTPResponseException as answer:
                self.put_off(answer.smtp_code, answer.smtp_error)
            except smtplib.SMTPRecipientsRefused as answer:
                self.put_off(*next(iter(answer.recipients.values())))
            except smtplib.SMTPServerDisconnected:
                self.put_off(421, b"disconnected")
            finally:
                self.took("submission", since)
            time.sleep(0.05)
        with self.lock:
            self.acknowledged.add(identity)

    def put_off(self, code, text):
        if code // 100 != 4:
            raise AssertionError(f"{code} {text!r}")
        with self.lock:
            self.deferred[f"{code} {text.decode(errors='replace')[:60]}"] += 1

    def script(self, number):
        """sendmail(1): every second script's mail is spam and is held."""
        identity = self.new_id()
        since, text = time.monotonic(), "buy these pills" if number % 2 else "hello"
        sender = f"www@web{number}.example"
        status = self.site.postfix.sendmail(UIDS[number % 2], sender, ["b@dest.example"],
                                            message(identity, sender, text))
        self.took("sendmail", since)
        if status == 0:
            with self.lock:
                self.acknowledged.add(identity)
        time.sleep(0.1)

    def ask_milter(self, _):
        since = time.monotonic()
        outcome = "answered"
        try:
            client = RawMilter(f"{self.site.postfix.queue}/bailiff/milter.sock", 30)
            client.negotiate()
            outcome = "answered" if client.connect() == CONTINUE else "told to come later"
            client.close()
        except (ConnectionRefusedError, FileNotFoundError):
            outcome = "refused"
        except (Closed, ConnectionError):
            outcome = "cut"
        self.took("milter", since)
        with self.lock:
            self.probe[outcome] += 1
        time.sleep(0.02)


def message(identity, sender, text):
    return (f"From: {sender}\nTo: b@dest.example\nSubject: {identity}\n"
            f"Message-ID: <{identity}@fire.example>\n\n{text}\n").encode()


class Milter:
    """The milter as the script sees it: its first process, its worker, its socket."""

    def __init__(self, site):
        self.site, self.process = site, None
        self.path = f"{site.postfix.queue}/bailiff/milter.sock"
        self.listening = None

    def pid(self):
        status = self.site.bailiff.status()["milter"]
        return status.get("pid") if status.get("running") else None

    def keeper(self):
        return self.site.bailiff.processes["milter"].child

    def new_worker(self, old):
        """Seconds until another worker than `old` serves."""
        since = time.monotonic()
        wait_until("a new worker", lambda: self.pid() not in (None, old), 40)
        return time.monotonic() - since

    def inode(self):
        return os.stat(self.path).st_ino

    # As systemd would:
    def hold_socket(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(self.path)
        os.chown(self.path, MILTER, self.site.postfix.user.pw_gid)
        os.chmod(self.path, 0o660)
        self.listening.listen(1024)

    def activate(self):
        fd, log = self.listening.fileno(), open(f"{self.site.dir}/bailiff/log/milter.log", "ab")

        def third():
            os.dup2(fd, 3)
            os.set_inheritable(3, True)

        self.process = subprocess.Popen(
            ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", self.site.bailiff.binary,
             "milter", "--config", self.site.bailiff.config],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=third, close_fds=False,
            start_new_session=True, cwd="/")

    def deactivate(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(45)


def journal(site, word):
    with open(f"{site.dir}/bailiff/log/milter.log", errors="replace") as log:
        return sum(f" {word}" in line for line in log)


def second_instance(tally, site, milter):
    before = milter.inode()
    for options in ([], ["--single"]):
        done = subprocess.run([site.bailiff.binary, "milter", "--config", site.bailiff.config,
                               *options], capture_output=True, timeout=30, check=False)
        said = done.stderr.decode(errors="replace").strip()
        tally.check(f"a second instance {' '.join(options)} is refused: status {done.returncode}, "
                    f"{said!r}", done.returncode != 0 and "another " in said)
    os.unlink(f"{milter.path}.lock")
    done = subprocess.run([site.bailiff.binary, "milter", "--config", site.bailiff.config],
                          capture_output=True, timeout=30, check=False)
    tally.check("and when somebody removed the lock file",
                done.returncode != 0 and b"another program listens" in done.stderr)
    tally.check("the socket of the first one was never removed", milter.inode() == before)


def without_the_guard(tally, site, milter):
    if not removable_guards(site.bailiff.binary):
        return tally.say("not shown, release build: a second instance without the guard")
    before = milter.inode()
    subprocess.run([site.bailiff.binary, "milter", "--config", site.bailiff.config],
                   env={"BAILIFF_REMOVE_GUARD": "socket_is_not_anothers", "PATH": "/usr/bin:/bin"},
                   capture_output=True, timeout=30, check=False)
    after = milter.inode() if os.path.exists(milter.path) else None
    return tally.check("without the guard a second instance removes the living socket",
                       after != before)


def without_the_keeper(tally, site, milter):
    site.bailiff.stop("milter")
    child = subprocess.Popen([site.bailiff.binary, "milter", "--single", "--config",
                              site.bailiff.config], stderr=subprocess.DEVNULL, cwd="/")
    wait_until("the milter without its keeper", lambda: milter.pid() == child.pid, 30)
    child.kill()
    child.wait()
    try:
        RawMilter(milter.path).close()
        refused = False
    except ConnectionRefusedError:
        refused = True
    tally.check("without the keeper a connection after a kill is refused", refused)
    site.bailiff.start("milter")


def keeper_rounds(tally, site, milter, rounds, pause):
    """Kill, TERM to the worker and upgrade in turn, a reload between each."""
    spent = collections.defaultdict(list)
    for number in range(rounds):
        old, how = milter.pid(), ("kill", "term", "upgrade")[number % 3]
        if how == "upgrade":
            milter.keeper().send_signal(signal.SIGUSR2)
        else:
            os.kill(old, signal.SIGKILL if how == "kill" else signal.SIGTERM)
        spent[how].append(milter.new_worker(old))
        time.sleep(pause)
        milter.keeper().send_signal(signal.SIGHUP)
        time.sleep(pause)
    for how, seconds in spent.items():
        tally.say(f"{how}: {len(seconds)} restarts, a new worker is seen after "
                  f"{max(seconds):.1f} s at most (status is written each second)")


def activated_rounds(tally, milter, rounds, pause):
    stops = []
    for _ in range(rounds):
        old, since = milter.pid(), time.monotonic()
        status = milter.deactivate()
        stops.append(time.monotonic() - since)
        if status != 0:
            tally.check(f"the milter ends with 0 after TERM, not with {status}", False)
        milter.activate()
        milter.new_worker(old)
        time.sleep(pause)
        milter.process.send_signal(signal.SIGHUP)
        time.sleep(pause)
    tally.say(f"socket activation: {rounds} stops and starts, a stop takes {max(stops):.2f} s "
              "at most")


def found(site):
    """How often each id is in the sink or on hold."""
    seen = collections.Counter(d.header("Subject") for d in site.sink.kept())
    held = 0
    for row in site.postfix.queued("hold"):
        text = subprocess.run(["postcat", "-c", "/etc/postfix", "-hq", row["queue_id"]],
                              capture_output=True, check=True).stdout.decode(errors="replace")
        seen[re.search(r"(?m)^Subject: (\S+)", text).group(1)] += 1
        held += 1
    return seen, held


def count_mail(tally, site, traffic):
    wait_until("mail to leave the queue", site.postfix.idle, 120)
    seen, held = found(site)
    lost = [i for i in traffic.acknowledged if seen[i] == 0]
    twice = [i for i in seen if seen[i] > 1]
    tally.check(f"{len(traffic.acknowledged)} messages acknowledged, {len(seen)} found, {held} of "
                f"them on hold, {len(lost)} lost, {len(twice)} doubled",
                traffic.acknowledged and held and not lost and not twice)


def count_waits(tally, site, traffic):
    with open(site.postfix.log, errors="replace") as log:
        refused = [line for line in log if "connect to Milter service" in line]
    tally.check(f"Postfix saw {len(refused)} connections refused", not refused)
    tally.check(f"a client of the milter itself: {dict(traffic.probe)}",
                traffic.probe["refused"] == 0 and traffic.probe["answered"] > 0)
    for what, seconds in traffic.longest.items():
        tally.check(f"the longest {what} took {seconds:.2f} s", seconds <= WAIT_MAX)
    tally.say(f"put off and offered again: {dict(traffic.deferred)}")
    tally.check(f"clients saw no other error: {traffic.errors[:3]}", not traffic.errors)


def play(tally, site, options):
    milter = Milter(site)
    restarts, pause = (6, 0.3) if options.short else (30, 0.8)
    activated = restarts // 3
    site.start()
    traffic = Traffic(site, *((2, 2) if options.short else (4, 2)))
    traffic.start()
    time.sleep(1)
    second_instance(tally, site, milter)
    keeper_rounds(tally, site, milter, restarts - activated, pause)
    reloads = journal(site, "reloaded")
    traffic.stop()
    if not options.short:
        without_the_keeper(tally, site, milter)
        without_the_guard(tally, site, milter)
    tally.check("the keeper and its worker end with 0", site.bailiff.stop("milter") == {"milter": 0})
    site.bailiff.configure(milter_socket="fd:3")
    with open(site.bailiff.config) as file:
        text = file.read().replace('"unix:fd:3"', '"fd:3"')
    with open(site.bailiff.config, "w") as file:
        file.write(text)
    milter.hold_socket()
    milter.activate()
    try:
        milter.new_worker(None)
        traffic.start()
        activated_rounds(tally, milter, activated, pause)
        traffic.stop()
        reloads += journal(site, "reloaded")
        tally.check(f"{restarts} restarts, {reloads} reloads", reloads == restarts)
        count_waits(tally, site, traffic)
        count_mail(tally, site, traffic)
    finally:
        traffic.going.clear()
        milter.deactivate()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    namespace.enter()
    tally = Tally()
    with make_site(options.binary) as site:
        play(tally, site, options)
    tally.end()


main()
