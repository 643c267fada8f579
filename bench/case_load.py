"""Both roles of the release build under load: clean mail on many connections, and cases beside it."""

import concurrent.futures
import datetime
import json
import os
import shutil
import subprocess
import sys
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire", f"{TOP}/bench"]
from mail_door import deliver  # noqa: E402
from testbed.roles import MILTER, NO_BUDGETS, Bailiff  # noqa: E402

RELEASE = f"{TOP}/build/release"
BINARY = f"{RELEASE}/src/app/bailiff"
CONNECTIONS = 50
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


def build(*programs):
    for step in (["cmake", "--preset", "release"],
                 ["cmake", "--build", "--preset", "release", "--target", "bailiff", *programs]):
        subprocess.run(step, check=True, cwd=TOP, stdout=subprocess.DEVNULL)


def login(number):
    return f"user{number}@hosted.example"


def started(directory, services, **options):
    """The roles, with the measuring hook instead of the testbed's, and the milter's socket."""
    socket = f"{directory}/socket/milter.sock"
    os.makedirs(os.path.dirname(socket))
    os.chown(os.path.dirname(socket), MILTER, -1)
    bailiff = Bailiff(f"{directory}/bailiff", BINARY, socket,
                      milter_extra="holds_per_hour = 1000000", enforcer_extra=NO_BUDGETS, **options)
    shutil.copy(f"{RELEASE}/bench/bailiff_hook", f"{bailiff.dir}/hooks/panel")
    os.chmod(f"{bailiff.dir}/hooks/panel", 0o755)
    bailiff.import_directory(
        [{"account": f"a{n}", "service": f"s{n}", "plan": "p", "created": "2026-01-01",
          "test": True, "identities": [{"kind": "login", "value": login(n)}]}
         for n in range(services)])
    bailiff.start()
    return bailiff, socket


class Load:
    """Clean mail from 50 connections at a steady rate, of services that nobody stops."""

    def __init__(self, socket, first, per_second):
        self.socket, self.first, self.pause = socket, first, CONNECTIONS / per_second
        self.stopping = threading.Event()
        self.sent = [0] * CONNECTIONS
        self.refused = [0] * CONNECTIONS
        self.threads = [threading.Thread(target=self._send, args=(n,)) for n in range(CONNECTIONS)]
        for thread in self.threads:
            thread.start()

    def _send(self, n):
        due = time.monotonic() + self.pause * n / CONNECTIONS
        while not self.stopping.wait(max(0, due - time.monotonic())):
            due += self.pause
            text = f"an honest order {n} {self.sent[n]}\n" + "Thank you for it.\n" * 100
            kind = deliver(self.socket, text, "b@dest.example", login=login(self.first + n),
                           queue_id=f"4jL{n}x{self.sent[n]}").kind
            self.sent[n] += 1
            self.refused[n] += kind != "proceed"

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()


def make_cases(socket, numbers, per_second, more="", at_once=8):
    """One of each service in `numbers`, so many a second (0: all at once); what was answered."""
    begun = time.monotonic()

    def one(n):
        return deliver(socket, f"offer {n}\n{GTUBE}\n{more}", "b@dest.example", login=login(n),
                       queue_id=f"4jC{n}").kind
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        asked = []
        for place, n in enumerate(numbers):
            if per_second:
                time.sleep(max(0, begun + place / per_second - time.monotonic()))
            asked.append(pool.submit(one, n))
        return [each.result() for each in asked]


class Watch:
    """When each case was sealed, as a process of its own reads it."""

    def __init__(self, bailiff):
        self.file = f"{bailiff.dir}/seals"
        with open(self.file, "w") as out:
            self.child = subprocess.Popen(
                [f"{RELEASE}/bench/bailiff_seal_watch", f"{bailiff.dir}/state/ledger"],
                stdin=subprocess.PIPE, stdout=out)

    def seals(self):
        with open(self.file) as lines:
            return {case: int(at) for case, at in
                    (line.split() for line in lines if line.endswith("\n"))}

    def wait_for(self, count, seconds):
        deadline = time.monotonic() + seconds
        while len(self.seals()) < count and time.monotonic() < deadline:
            time.sleep(0.1)

    def stop(self):
        self.child.stdin.close()
        self.child.wait()


def opened_ns(bailiff, path="zero_tolerance"):
    """Instant of each case of make_cases(); what the load sends opens some on the path `review`."""
    text = bailiff.cli("case", "list", "--count", "1000", "--path", path, "--json")
    return {row["id"]: int(datetime.datetime.fromisoformat(
        row["opened"].replace("Z", "+00:00")).timestamp() * 1000) * 1_000_000
        for row in json.loads(text)["cases"]}
