#!/usr/bin/env python3
"""Signer and enforcer killed at each point of sealing and publishing: nothing acknowledged is lost,
no two checkpoints disagree. `--rounds N` for more than one kill at each."""

import argparse
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402

sys.path.insert(0, f"{TOP}/tests/fire")
import raw_milter  # noqa: E402

POINTS = [("enforcer", "bag_signed"), ("enforcer", "seal_unwritten"),
          ("enforcer", "entries_written"), ("enforcer", "tiles_written"),
          ("enforcer", "checkpoint_written"), ("signer", "checkpoint_signed"),
          ("signer", "checkpoint_kept")]


def send(host, number):
    client = raw_milter.RawMilter(host.socket)
    client.negotiate()
    client.connect()
    client.mail()
    client.send(b"R", b"<a@dest.example>\0")
    client.send(b"L", b"Subject\0 %d\0" % number)
    client.send(b"L", b"Message-ID\0 <%d@x.example>\0" % number)
    client.send(b"B", b"buy these pills %d\r\n" % number)
    verdict = client.end()
    client.close()
    return verdict


class World:
    def __init__(self, host):
        self.host, self.bailiff = host, host.bailiff
        self.number, self.notes = 0, {}

    def cli(self, *arguments):
        return subprocess.run([self.bailiff.binary, *arguments, "--config", self.bailiff.config],
                              capture_output=True, check=False)

    def remember(self):
        """Every checkpoint that was ever seen, by its size: there is one of each."""
        for path in (f"{self.bailiff.dir}/state/log/checkpoint",
                     f"{self.bailiff.dir}/state/signer/last-checkpoint"):
            try:
                with open(path) as file:
                    note = file.read()
            except OSError:
                continue
            size = int(note.split("\n")[1])
            root = note.split("\n")[2]
            assert self.notes.setdefault(size, root) == root, f"two roots at size {size}"

    def until(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.remember()
            if condition():
                return True
            time.sleep(0.05)
        return False

    def evidence(self):
        return self.bailiff.status()["enforcer"].get("evidence", {})

    def kill_at(self, role, point):
        """Whether it died there; then everything goes on."""
        self.bailiff.stop(role)
        self.bailiff.launch(role, BAILIFF_CRASH_AT=point)
        dead = self.bailiff.processes[role]
        for _ in range(3):
            self.number += 1
            send(self.host, self.number)
        died = self.until(lambda: not dead.alive())
        self.bailiff.processes.pop(role, None)
        self.bailiff.start(role)
        self.number += 1
        send(self.host, self.number)
        sealed = self.until(lambda: self.evidence().get("unsealed_cases") == 0
                            and not self.evidence().get("error"))
        published = self.until(self.all_published)
        return died, sealed and published

    def all_published(self):
        status = self.bailiff.status()["enforcer"]
        return (status.get("log", {}).get("published") == status.get("ledger", {}).get("leaves")
                and not status["log"]["error"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("miltertest", nargs="?")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    failed = 0
    with Host(options.binary, with_signer=True,
              top="[log]\ncheckpoint_seconds = 1\n[evidence]\nquiet_minutes = 0\n") as host:
        world = World(host)
        host.bailiff.start()
        for turn in range(options.rounds):
            for role, point in POINTS:
                died, whole = world.kill_at(role, point)
                verified = world.cli("log", "verify")
                older = f"{host.dir}/older-{turn}-{point}"
                good = died and whole and verified.returncode == 0
                print(f"{'ok  ' if good else 'FAIL'} {role} killed at {point}: died {died}, "
                      f"all sealed and published {whole}, "
                      f"{verified.stdout.decode().strip()}{verified.stderr.decode().strip()}",
                      flush=True)
                failed += not good
                with open(older, "w") as file:
                    file.write(world.cli("log", "checkpoint").stdout.decode())
        for name in sorted(os.listdir(host.dir)):
            if name.startswith("older-"):
                grown = world.cli("log", "consistency", f"{host.dir}/{name}")
                failed += grown.returncode != 0
        cases = host.bailiff.cases(count=1000)
        for row in cases:
            folder = f"{host.dir}/bag-{row['id']}"
            host.bailiff.export(row["id"], folder)
            for bag in os.listdir(folder):
                if not os.path.exists(f"{folder}/{bag}/bagit.txt"):
                    continue
                done = subprocess.run(["sh", "seals/verify.sh"], cwd=f"{folder}/{bag}",
                                      capture_output=True, check=False)
                failed += done.returncode != 0
        print(f"{len(POINTS) * options.rounds} kills, {len(world.notes)} checkpoints, "
              f"{len(cases)} cases: {'EVERYTHING HELD' if not failed else f'{failed} FAILED'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
