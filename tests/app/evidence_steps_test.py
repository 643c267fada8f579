#!/usr/bin/env python3
"""Killed at each step of stamping, rotating keys, erasing, and answering for a checkpoint. Then it
goes on: nothing that was said is lost, every bag of before and after verifies with stock tools.
A few points; `--rounds N`: all of them, N times; `--only PART`: stamp, rotate, erase, checkpoint."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from evidence_crash_test import World  # noqa: E402
from host import TOP as TREE, Host  # noqa: E402
from stamp_authority import StampAuthority  # noqa: E402

sys.path.insert(0, f"{TREE}/tests/fire")
import raw_milter  # noqa: E402

SERVICES = [{"account": f"acct-{at}", "service": f"s{at}", "plan": "starter",
             "created": "2024-01-01",
             "identities": [{"kind": "login", "value": f"s{at}@shop.example"}]}
            for at in range(1, 500)]

STAMP = ["stamp_wanted", "hook_started", "stamp_received", "stamp_unwritten", "stamp_written"]
ROTATE = [(role, f"{point}:{count}") for role, files in (("evidence", 4), ("log", 3))
          for count in range(1, files + 1)
          for point in ("file_written", "file_renamed")]
ERASE = ["erasure_begun", "erasure_begun:2", "erasure_unwritten", "decision_written"]
CHECKPOINT = ["checkpoint_signed", "file_written", "file_renamed", "checkpoint_kept", "answered"]
SHORT = {"stamp": STAMP[2:], "rotate": ROTATE[1::4] + ROTATE[-2:-1], "erase": ERASE[1:],
         "checkpoint": CHECKPOINT[1::2]}
ALL = {"stamp": STAMP, "rotate": ROTATE, "erase": ERASE, "checkpoint": CHECKPOINT}
TOP = "[log]\ncheckpoint_seconds = 1\n[evidence]\nquiet_minutes = 0\n"
ERASED_FILES = 4  # of each case: message, parts, recipients, holder
KILLED = -signal.SIGKILL


class Steps(World):
    def __init__(self, host):
        super().__init__(host)
        self.failed, self.kills, self.bags = 0, 0, 0
        self.seen, self.kept, self.began = {}, [], time.monotonic()
        self.erased, self.erasures = None, 0

    def remember(self):
        super().remember()
        state = f"{self.bailiff.dir}/state"
        for path in ("log/checkpoint", "signer/last-checkpoint", "signer/last-checkpoint.new"):
            try:
                with open(f"{state}/{path}") as file:
                    note = file.read()
            except OSError:
                continue
            if len(note.split("\n")) > 4:  # whole
                self.seen.setdefault(note.split("\n")[1], note)

    def log_entries(self):
        """The entries that the published log has."""
        folder = f"{self.bailiff.dir}/state/log"
        with open(f"{folder}/checkpoint") as file:
            size = int(file.read().split("\n")[1])
        paths = [f"{number:03}" for number in range(size // 256)]
        paths += [f"{size // 256:03}.p/{size % 256}"] if size % 256 else []
        entries = b""
        for path in paths:
            with open(f"{folder}/tile/entries/{path}", "rb") as file:
                entries += file.read()
        return entries

    def say(self, good, what):
        self.failed += not good
        self.began, took = time.monotonic(), time.monotonic() - self.began
        print(f"{'ok  ' if good else 'FAIL'} {what} ({took:.1f} s)", flush=True)

    def mail(self):
        """Spam of a service that sent none before: a case of its own, with its content."""
        self.number += 1
        macros = {**raw_milter.SUBMISSION, "{auth_authen}": f"s{self.number}@shop.example",
                  "i": f"RAW{self.number}"}
        for text in (b"hello\r\n", b"hello\r\n", b"buy these pills %d\r\n" % self.number):
            client = raw_milter.RawMilter(self.host.socket)
            client.negotiate()
            client.connect(macros)
            client.mail(macros=macros)
            client.send(b"R", b"<a@dest.example>\0")
            client.send(b"L", b"Message-ID\0 <%d@x.example>\0" % self.number)
            client.send(b"B", text)
            verdict = client.end()
            client.close()
        return verdict

    def settled(self):
        return self.until(lambda: self.evidence().get("unsealed_cases") == 0
                          and not self.evidence().get("error")) and self.until(self.all_published)

    def bags_verify(self, cases=None):
        """What stock tools say against any bag of these cases, or of the newest; or ""."""
        newest = [row["id"] for row in self.bailiff.cases(count=2)]
        for case in cases or newest:
            folder = f"{self.host.dir}/bag-{len(self.kept)}"
            self.bailiff.export(case, folder, key=None)
            for bag in os.listdir(folder):
                if os.path.exists(f"{folder}/{bag}/bagit.txt"):
                    self.kept.append(f"{folder}/{bag}")
                    if wrong := self.verify(f"{folder}/{bag}"):
                        return wrong
        return ""

    def verify(self, bag, *known):
        done = subprocess.run(["sh", "seals/verify.sh", *known], cwd=bag, capture_output=True,
                              check=False)
        self.bags += 1
        return f"{bag}: {(done.stdout + done.stderr).decode()}" if done.returncode != 0 else ""

    def kept_verify(self):
        """All that were ever exported, against the keys of today."""
        known = f"{self.bailiff.dir}/state/keys/allowed_signers"
        return "".join(self.verify(bag, known, f"{bag}/seals/keys/log.pem") for bag in self.kept)

    def log_verifies(self):
        return self.cli("log", "verify").returncode == 0

    def dies(self, role, point, doing):
        """Whether the role died at the point; it is started again."""
        self.kills += 1
        self.bailiff.stop(role)
        self.bailiff.launch(role, BAILIFF_CRASH_AT=point)
        dead = self.bailiff.processes[role]
        self.until(lambda: os.path.exists(f"{self.bailiff.dir}/run/desk.sock"), 5)
        doing()
        died = self.until(lambda: not dead.alive(), 10)
        if not died:
            self.bailiff.stop(role)
        self.bailiff.processes.pop(role, None)
        self.bailiff.start(role)
        return died


def stamp_steps(world, points):
    """No stamp is pending for ever, and none spoils the seal."""
    for point in points:
        died = world.dies("enforcer", point, world.mail)
        stamped = world.until(lambda: world.evidence().get("unstamped_seals") == 0
                              and world.evidence().get("unsealed_cases") == 0, 30)
        world.say(died and stamped, f"stamp, killed at {point}: died {died}, stamped {stamped}")
    wrong = world.bags_verify()
    world.say(not wrong and world.log_verifies(), f"stamped bags verify {wrong}")


def rotate_steps(world, points):
    """`keys rotate` dies; the signer is started anew and signs; another `keys rotate` ends it."""
    for role, point in points:
        world.kills += 1
        done = subprocess.run(
            [world.bailiff.binary, "keys", "rotate", role, "--config", world.bailiff.config],
            capture_output=True, check=False, env={**os.environ, "BAILIFF_CRASH_AT": point})
        world.bailiff.stop("signer")
        world.bailiff.launch("signer")
        up = world.until(lambda: world.bailiff._journal_says("signer", "started"), 5)
        mailed = world.mail() if up else None
        settled = up and world.settled()
        newest = [world.bailiff.cases(count=1)[0]["id"]] if up else []
        wrong = world.bags_verify(newest) if settled else "not sealed"
        again = world.cli("keys", "rotate", role)
        left = [name for name in os.listdir(f"{world.bailiff.dir}/state/signer")
                if name.endswith(".key.new")]
        world.bailiff.stop("signer")
        world.bailiff.start("signer")
        good = (done.returncode == KILLED and up and settled and not wrong
                and again.returncode == 0 and not left)
        world.say(good, f"keys rotate {role}, killed at {point}: status {done.returncode}, "
                  f"signer up {up}, mail {mailed}, sealed {settled}, {wrong or 'bags verify'}, "
                  f"again {again.returncode} {again.stderr.decode().strip()}, left {left}")
    wrong = world.kept_verify()
    world.say(not wrong and world.log_verifies(),
              f"after all rotations {len(world.kept)} bags verify {wrong}")


def erase_steps(world, points):
    """Nothing, or event, leaf and erased bytes together."""
    for point in points:
        world.mail()
        world.settled()
        # The newest whose content is still there.
        for row in world.bailiff.cases(count=1000):
            shown = world.bailiff.case(row["id"])["case"]
            if not any("erase" in event["what"] for event in shown["events"]):
                break
        case, before = row["id"], world.bailiff.status()["enforcer"]["ledger"]["leaves"]

        def erase():
            world.erased = world.cli("case", "erase", case, "--what", "all", "--by", "dpo",
                                     "--reason", "retention")
        died = world.dies("enforcer", point, erase)
        events = [event for event in world.bailiff.case(case)["case"]["events"]
                  if "erase" in event["what"]]
        settled = world.settled()
        folder = tempfile.mkdtemp(prefix="bag-")
        world.bailiff.export(case, f"{folder}/out")
        with open(f"{folder}/out/{case}/WITHHELD.txt" if os.path.exists(
                f"{folder}/out/{case}/WITHHELD.txt") else os.devnull) as file:
            gone = file.read().count("  erased")
        entries = world.log_entries().count(b"\nerasure\n")
        shutil.rmtree(folder)
        whole = len(events) == (1 if gone else 0) and gone in (0, ERASED_FILES)
        good = (died and settled and whole and world.erased.returncode != 0
                and entries - world.erasures == len(events)
                and (gone > 0) == (point == "decision_written") and world.log_verifies())
        world.erasures = entries
        world.say(good, f"case erase, killed at {point}: died {died}, {gone} files erased, "
                  f"{len(events)} events, {entries} leaves of erasure")
        if not events:  # what did not happen can be done now
            again = world.cli("case", "erase", case, "--what", "all", "--by", "dpo",
                              "--reason", "retention")
            world.say(again.returncode == 0 and world.settled(), "and again, whole")
            world.erasures += 1
    wrong = world.bags_verify()
    world.say(not wrong, f"after erasing bags verify {wrong}")


def checkpoint_steps(world, points):
    """The signer dies around its answer; the notes it ever made are of one log."""
    for point in points:
        died = world.dies("signer", point, world.mail)
        world.mail()
        settled = world.settled()
        world.say(died and settled and world.log_verifies(),
                  f"signer, killed at {point}: died {died}, goes on {settled}")
    for at, older in enumerate(sorted(world.seen.items())):
        path = f"{world.host.dir}/note-{at}"
        with open(path, "w") as file:
            file.write(older[1])
        grown = world.cli("log", "consistency", path)
        if grown.returncode != 0:
            world.say(False, f"note of {older[0]}: {grown.stderr.decode()}")
    print(f"{len(world.seen)} notes are of one log", flush=True)


PARTS = {"stamp": stamp_steps, "rotate": rotate_steps, "erase": erase_steps,
         "checkpoint": checkpoint_steps}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("miltertest", nargs="?")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    failed = 0
    folder = tempfile.mkdtemp(prefix="tsa-")
    os.chmod(folder, 0o755)
    with StampAuthority(folder) as authority:
        os.chmod(authority.root, 0o644)
        roots = shutil.copy(authority.root, f"{folder}/roots-for-bailiff.pem")
        os.chmod(roots, 0o644)
        stamps = f'[timestamp]\nauthorities = ["{authority.url}"]\nroots = "{roots}"\n'
        for name in [options.only] if options.only else PARTS:
            top = TOP + (stamps if name == "stamp" else "")
            with Host(options.binary, with_signer=True, top=top) as host:
                world = Steps(host)
                host.bailiff.import_directory(SERVICES)
                host.bailiff.start()
                for _ in range(3):
                    world.mail()
                world.settled()
                points = ALL[name] * options.rounds or SHORT[name]
                PARTS[name](world, points)
                failed += world.failed
                print(f"{name}: {world.kills} kills, {len(world.notes)} checkpoints, "
                      f"{world.bags} bags checked, {world.failed} failed", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
