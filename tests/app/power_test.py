#!/usr/bin/env python3
"""The power fails: of what was written, only what was synced is found again (tests/power). Mail,
export, erasing, `keys rotate` and publishing run once under a trace; then the state is rebuilt as at
many moments, looked at, and at some of them everything is started on it and goes on.

`--looks N --starts N`: how many moments; `--without RE`: syncs that are not believed (RE matches
"file PATH" or "folder PATH"): the test must fail then, and `--planted` shows that it does."""

import argparse
import os
import random
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from evidence_steps_test import SERVICES, TOP, Steps  # noqa: E402
from host import TOP as TREE, Host  # noqa: E402

sys.path.insert(0, f"{TREE}/tests/power")
from power_loss import Disk, Recorder  # noqa: E402

PLANTED = ["file .*/last-checkpoint.new$", "folder .*/signer$", "file .*/ledger/data.mdb$",
           "folder .*/state/ledger$", "folder .*/state/keys$", "folder .*/state$"]
KEEPS = ("none", "some", "all")


class World(Steps):
    def __init__(self, host):
        super().__init__(host)
        self.recording, self.published = True, set()
        self.acks = []  # (moment, what, value)

    def ack(self, what, value):
        self.remember()
        self.acks.append((time.time(), what, value))

    def remember(self):
        """Published ones alone: what the signer has not answered yet, nobody has seen."""
        super().remember()
        try:
            with open(f"{self.bailiff.dir}/state/log/checkpoint") as file:
                size = int(file.read().split("\n")[1])
        except OSError:
            return
        if self.recording and size not in self.published:
            self.published.add(size)
            self.acks.append((time.time(), "note", size))

    def known_by(self, moment, what):
        return [value for at, kind, value in self.acks if kind == what and at <= moment]

    def do(self):
        """What a host does on a day, each step with its answer."""
        for turn in range(3):
            self.mail()
            self.ack("case of", f"s{self.number}")
            self.settled()
            case = self.bailiff.cases(count=1)[0]["id"]
            self.bailiff.export(case, f"{self.host.dir}/export-{turn}", "--reference",
                                f"ref-{turn}", key=None)
            self.ack("disclosed", (case, f"ref-{turn}"))
            role = ("evidence", "log")[turn % 2]
            self.cli("keys", "rotate", role)
            self.ack("rotated", role)
            self.bailiff.stop("signer")
            self.bailiff.start("signer")
        assert self.cli("case", "erase", case, "--what", "all", "--by", "dpo", "--reason",
                        "retention").returncode == 0
        self.ack("erased", case)
        self.settled()
        self.recording = False  # what comes later is of other futures


def look(world, state, moment):
    """What is wrong with the files; nothing is started."""
    notes = world.known_by(moment, "note")
    try:
        with open(f"{state}/signer/last-checkpoint") as file:
            last = int(file.read().split("\n")[1])
    except OSError:
        last = 0
    except IndexError:
        return "the signer's last checkpoint is empty"
    if notes and last < max(notes):
        return f"the signer has forgotten: {max(notes)} was seen signed, it knows {last}"
    for role, ending in (("evidence", ".pub"), ("log", ".vkey")):
        private = [name[:-4] for name in _names(f"{state}/signer")
                   if name.startswith(role) and name.endswith(".key")]
        public = _names(f"{state}/keys")
        if any(name + ending not in public for name in private):
            return f"a private key of {role} without its public half: {private} {public}"
        rotated = world.known_by(moment, "rotated").count(role)
        if len(private) <= rotated:
            return f"a key of {role} is lost: {rotated} were added, {private} are there"
    if os.path.exists(f"{state}/log/checkpoint"):
        done = subprocess.run([world.real, "log", "verify", "--files-only", "--log",
                               f"{state}/log", "--config", world.bailiff.config],
                              capture_output=True, check=False)
        if done.returncode != 0:
            return "log verify: " + done.stderr.decode().strip()
    return ""


def _names(folder):
    return os.listdir(folder) if os.path.isdir(folder) else []


def start(world, moment):
    """What is wrong once everything runs again and has gone on."""
    bailiff = world.bailiff
    try:
        bailiff.start()
        services = {row["service"] for row in bailiff.cases(count=1000)}
        lost = [name for name in world.known_by(moment, "case of") if name not in services]
        if lost:
            return f"cases are lost, of {lost}"
        for case, reference in world.known_by(moment, "disclosed"):
            if reference not in str(bailiff.case(case)["case"]["events"]):
                return f"the disclosure {reference} is lost"
        for case in world.known_by(moment, "erased"):
            if "erase all" not in str(bailiff.case(case)["case"]["events"]):
                return "the erasing is lost"
        bailiff.import_directory(SERVICES)
        world.number += 1
        world.mail()
        if not world.settled():
            return f"it does not go on: {bailiff.status()['enforcer']}"
        verified = world.cli("log", "verify")
        if verified.returncode != 0:
            return "log verify: " + verified.stderr.decode()
        for size in world.known_by(moment, "note"):
            path = f"{world.host.dir}/note"
            with open(path, "w") as file:
                file.write(world.seen[str(size)])
            if world.cli("log", "consistency", path).returncode != 0:
                return f"the log is not the one that was signed at {size}"
        return world.bags_verify([bailiff.cases(count=1)[0]["id"]])
    finally:
        bailiff.stop()


def cuts(world, disk, count, seed):
    """Moments: behind each answer, and before some of the changes."""
    dice = random.Random(seed)
    acked = [at for at, _, _ in world.acks]
    first = acked[0] - 0.2
    others = [moment for moment in disk.moments if moment > first]
    wanted = acked + [dice.choice(others) - 1e-6 for _ in range(count)]
    return dice.sample(wanted, min(count, len(wanted)))


def run_looks(world, disk, count, seed=1):
    """(what is wrong, moment, keep, seed) of the first that is wrong; and how many were seen."""
    place = f"{world.host.dir}/rebuilt"
    seen = 0
    for at, moment in enumerate(cuts(world, disk, count, seed)):
        keep = KEEPS[at % 3]
        disk.rebuild(moment, place, keep, seed + at)
        seen += 1
        if wrong := look(world, f"{place}/state", moment):
            return f"{wrong} ({keep}, {moment:.3f})", seen
    return "", seen


def run_starts(world, disk, count, seed=1):
    state, live = f"{world.bailiff.dir}/state", f"{world.bailiff.dir}/live-state"
    world.bailiff.binary = world.real
    os.rename(state, live)
    seen = 0
    try:
        for at, moment in enumerate(cuts(world, disk, count, seed)):
            keep = KEEPS[at % 3]
            disk.rebuild(moment, f"{world.host.dir}/rebuilt", keep, seed + at)
            shutil.rmtree(state, ignore_errors=True)
            shutil.move(f"{world.host.dir}/rebuilt/state", state)
            seen += 1
            world.notes = {}
            try:
                wrong = start(world, moment)
            except Exception as error:  # a role that does not come up
                wrong = str(error)
            if wrong:
                return f"{wrong} ({keep}, {moment:.3f})", seen
    finally:
        shutil.rmtree(state, ignore_errors=True)
        os.rename(live, state)
    return "", seen


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("miltertest", nargs="?")
    parser.add_argument("--looks", type=int, default=45)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without")
    parser.add_argument("--planted", action="store_true")
    options = parser.parse_args()
    failed = 0
    recorders = []

    def traced(folder):
        recorders.append(Recorder(folder, options.binary))
        return recorders[0].binary

    with Host(options.binary, with_signer=True, top=TOP, traced=traced) as host:
        world = World(host)
        world.real = os.path.abspath(options.binary)
        host.bailiff.import_directory(SERVICES)
        host.bailiff.start()
        world.do()
        host.bailiff.stop()
        time.sleep(0.3)
        events = recorders[0].events()
        state = f"{host.bailiff.dir}/state"
        disk = Disk(events, state, options.without)
        lost = sum(disk.unsafe(at) for at, _, _ in world.acks)
        print(f"{len(disk.inodes)} files and folders, {len(disk.moments)} changes, "
              f"{len(world.acks)} answers, {lost} changes not yet safe at these", flush=True)
        for run, count in ((run_looks, options.looks), (run_starts, options.starts)):
            wrong, seen = run(world, disk, count, options.seed)
            failed += bool(wrong)
            print(f"{'FAIL' if wrong else 'ok  '} {run.__name__}: {seen} moments {wrong}",
                  flush=True)
        for without in PLANTED if options.planted else []:
            disk = Disk(events, state, without)
            print(f"     {disk.synced} syncs", flush=True)
            wrong = run_looks(world, disk, 3 * options.looks)[0] or run_starts(world, disk, 6)[0]
            failed += not wrong
            print(f"{'ok  ' if wrong else 'FAIL'} without the sync of {without}: {wrong}",
                  flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
