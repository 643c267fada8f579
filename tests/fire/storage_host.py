"""bailiff's two roles on a file system that a test may fill, freeze and damage."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{TOP}/script")
from testbed.process import TestbedError, wait_until  # noqa: E402
from testbed.roles import MILTER, NO_BUDGETS, Bailiff  # noqa: E402

from mail_door import deliver  # noqa: E402

RULES = "body PILLS /buy these pills/\nscore PILLS 9\ndescribe PILLS The text of the test\n"
TRAP = "trap@trap.example"
SERVICES = 200
SECTIONS = '[ledger]\nmap_mb = {map_mb}\n[reputation]\ntraps = "{rules}/traps"\nscore = 7.0\n'


class StorageHost:
    """with StorageHost(binary) as host: state_dir is a tmpfs of `disk_mb`."""

    def __init__(self, binary, disk_mb=64, map_mb=64, budget=1000):
        self.dir = tempfile.mkdtemp(prefix="bailiff-")
        os.chmod(self.dir, 0o755)
        self.rules, self.disk = f"{self.dir}/rules", f"{self.dir}/bailiff/state"
        for path in (self.rules, f"{self.dir}/socket", self.disk):
            os.makedirs(path)
        os.chown(f"{self.dir}/socket", MILTER, -1)
        run("mount", "-t", "tmpfs", "-o", f"size={disk_mb}m,mode=755", "tmpfs", self.disk)
        for name, text in (("10.cf", RULES), ("rspamd.weights", "* 0\n"), ("traps", TRAP + "\n")):
            with open(f"{self.rules}/{name}", "w") as file:
                file.write(text)
        self.socket = f"{self.dir}/socket/milter.sock"
        self.bailiff = Bailiff(f"{self.dir}/bailiff", os.path.abspath(binary), self.socket,
                               rules=self.rules)
        self.configure(map_mb=map_mb, budget=budget)
        self.bailiff.import_directory([
            {"account": f"acct-{n}", "service": f"s{n}", "plan": "p", "created": "2024-01-01",
             "identities": [{"kind": "login", "value": login(n)},
                            {"kind": "uid", "value": str(70000 + n)}]} for n in range(SERVICES)])
        self.serial = 0
        self.named = set()   # cases that a reply has named
        self.replies = {}    # kind: how many
        self.tracers = []

    def configure(self, map_mb=64, budget=1000):
        self.bailiff.configure(sections=SECTIONS.format(map_mb=map_mb, rules=self.rules),
                               milter_extra=f"holds_per_hour = {budget}",
                               enforcer_extra=NO_BUDGETS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for tracer in self.tracers:
            self.calm(tracer)
        try:
            self.bailiff.stop()
        finally:
            subprocess.run(["umount", "--lazy", self.disk], check=False)
            shutil.rmtree(self.dir, ignore_errors=True)

    # Mail.

    def offer(self, service, text, spam=False, trap=False, local=False, seconds=30):
        self.serial += 1
        words = "buy these pills" if spam else "an honest order"
        reply = deliver(self.socket, f"{words} {self.serial}\n{text}",
                        TRAP if trap else "b@dest.example",
                        login=None if local else login(service),
                        uid=70000 + service if local else None,
                        queue_id=f"4jQ{self.serial}", seconds=seconds)
        self.replies[reply.kind] = self.replies.get(reply.kind, 0) + 1
        if reply.kind == "reject" and reply.case:
            self.named.add(reply.case)
        return reply

    def confirm(self, service):
        """Two witnesses at once: a rule and a spam trap."""
        return self.offer(service, "", spam=True, trap=True)

    def round(self, first):
        """Kinds of reply to clean and spam mail at both doors, of four services from `first`."""
        return {"clean": self.offer(first, "").kind,
                "clean local": self.offer(first + 1, "", local=True).kind,
                "spam": self.confirm(first + 2).kind,
                "spam local": self.offer(first + 3, "", spam=True, local=True).kind}

    # What the roles say.

    def state(self, role, part="ledger"):
        return self.bailiff.status()[role].get(part, {}).get("state", "not running")

    def wait_state(self, role, states, part="ledger", seconds=20):
        try:
            wait_until(part, lambda: self.state(role, part) in states, seconds, 0.1)
        except TestbedError:
            pass
        return self.state(role, part)

    def alarms(self, role, event):
        """(alarms, ends) of one kind in the journal."""
        with open(f"{self.bailiff.dir}/log/{role}.log", errors="replace") as log:
            lines = [line for line in log if f" {event} " in line]
        return (sum("alarm" in line for line in lines), sum('state="ok"' in line for line in lines))

    def punished(self, services=None):
        return [call for call in self.bailiff.hook_calls() if call["kind"] != "notify.team"
                and (services is None or int(call["service"][1:]) in services)]

    def missing(self):
        """Named cases that the ledger does not have."""
        return [case for case in sorted(self.named) if not self.has(case)]

    def has(self, case):
        try:
            return self.bailiff.case(case)["case"]["id"] == case
        except TestbedError:
            return False

    def pids(self):
        """Of the processes that do the work: the milter's has a keeper above it."""
        return {role: self.pid(role) for role in self.bailiff.processes}

    def pid(self, role):
        return (self.bailiff.worker() if role == "milter"
                else self.bailiff.processes[role].pid)

    def crashed(self, role):
        """How the role died by a signal, if it did."""
        status = self.bailiff.processes[role].child.poll()
        if status is not None and status not in (0, 1):
            return f"status {status}"
        with open(f"{self.bailiff.dir}/log/{role}.log", errors="replace") as log:
            ends = [line for line in log if "worker_ended" in line and "signal" in line]
        return ends[0].strip() if ends else None

    def cpu_seconds(self, role):
        with open(f"/proc/{self.pid(role)}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    # What happens to them.

    def fill(self):
        """Nothing fits on the disk any more, until `free`."""
        with open(f"{self.disk}/ballast", "wb", buffering=0) as file:
            block = b"x" * 4096
            try:
                while True:
                    file.write(block)
            except OSError:
                pass

    def free(self):
        os.unlink(f"{self.disk}/ballast")

    def inject(self, role, calls, what):
        """What the kernel answers to the role's calls on the ledger, by strace(1)."""
        data = f"{self.disk}/ledger/data.mdb"
        log = f"{self.dir}/strace-{role}-{len(self.tracers)}"
        pid = self.pid(role)
        tracer = subprocess.Popen(
            ["strace", "-f", "-qq", "-o", log, "-P", data, "-e", f"trace={calls}",
             "-e", f"inject={calls}:{what}", "-p", str(pid)],
            stderr=subprocess.DEVNULL)
        self.tracers.append(tracer)
        wait_until("strace to attach", lambda: _traced(pid), 10)
        return tracer

    def calm(self, tracer):
        if tracer.poll() is None:
            tracer.send_signal(signal.SIGINT)
            tracer.wait()
        if tracer in self.tracers:
            self.tracers.remove(tracer)


def _traced(pid):
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/status") as file:
                if "TracerPid:\t0\n" in file.read():
                    return False
        except FileNotFoundError:
            pass
    return True


def login(number):
    return f"u{number}@s{number}.example"


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, check=False)
    if done.returncode != 0:
        raise TestbedError(f"{' '.join(arguments)}: {done.stderr.decode(errors='replace')}")


def rest(seconds):
    time.sleep(seconds)
