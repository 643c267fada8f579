"""What is measured: one bailiff for each way of configuring it, and the peers of the harness."""

import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(HERE)
sys.path.insert(0, f"{TOP}/script")
from testbed.process import wait_until  # noqa: E402
from testbed.roles import Bailiff  # noqa: E402

SERVICES = 10_000
LOGIN = "user{}@hosted.example"  # what the harness logs in as
RULES = 100
RSPAMD = ("bench", 21330)  # a name and ports of our own, beside whatever else runs


def write_rules(directory):
    """The first 100 body rules of the shipped sets, each worth a tenth of a point: all are run over
    the whole text, they hit, and no mail of the harness becomes spam."""
    shipped = f"{TOP}/rules/sets/outbound"
    lines = []
    for name in sorted(os.listdir(shipped)):
        if not name.endswith(".cf"):
            continue
        with open(f"{shipped}/{name}") as file:
            lines += re.findall(r"^body\s+\w+\s+(.+)$", file.read(), re.MULTILINE)
    if len(lines) < RULES:
        raise SystemExit(f"only {len(lines)} body rules in {shipped}, {RULES} are wanted")
    os.makedirs(directory, exist_ok=True)
    with open(f"{directory}/10-bench.cf", "w") as file:
        for number, pattern in enumerate(lines[:RULES]):
            name = f"BENCH_{number:03}"
            file.write(f"body {name} {pattern}\nscore {name} 0.1\ndescribe {name} {name}\n")
    shutil.copy(f"{shipped}/rspamd.weights", f"{directory}/rspamd.weights")


def services():
    return [{"service": f"web-{i}", "account": f"acct-{i // 3}", "holder": f"h{i // 5}",
             "plan": "Web L", "created": "2026-01-01",
             "identities": [{"kind": "login", "value": LOGIN.format(i)},
                            {"kind": "domain", "value": f"shop-{i}.example"},
                            {"kind": "uid", "value": str(100_000 + i)}]} for i in range(SERVICES)]


def stat_of(pid):
    """Fields of /proc/PID/stat behind the name: state, parent, ...; none of one that has ended."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(") ", 1)[1].split()
    except OSError:
        return None


def with_children(pid):
    found = [str(pid)]
    for each in filter(str.isdigit, os.listdir("/proc")):
        stat = stat_of(each)
        if stat and stat[1] == str(pid):
            found.append(each)
    return found


def cpu_ticks(pid):
    """Of a process and its children, in hundredths of a second."""
    stats = filter(None, map(stat_of, with_children(pid)))
    return sum(int(stat[11]) + int(stat[12]) for stat in stats)


def rests(pid):
    before = cpu_ticks(pid)
    time.sleep(2)
    return cpu_ticks(pid) - before < 6


class Lab:
    """Everything under one directory; stop() ends what was started, by pid."""

    def __init__(self, harness, directory, binary):
        self.harness, self.dir, self.binary = harness, directory, binary
        self.bailiffs = {}
        self.peers_up = []
        os.makedirs(directory, exist_ok=True)
        os.chmod(directory, 0o755)
        write_rules(f"{directory}/rules")

    def start_peers(self, *engines):
        name, port = RSPAMD
        scratch = f"{self.dir}/tmp"
        os.makedirs(scratch, exist_ok=True)
        os.chmod(scratch, 0o1777)
        environment = dict(os.environ, RNAME=name, RBASE=str(port), WORKERS="2", TMPDIR=scratch)
        subprocess.run([f"{self.harness}/engines.sh", "start", f"{self.dir}/eng", *engines],
                       check=True, env=environment, stdout=subprocess.DEVNULL)
        self.peers_up = sorted(os.listdir(f"{self.dir}/eng/pids"))
        rspamd = self.pids(name)[0]
        wait_until("rspamd to compile its patterns", lambda: rests(rspamd), 120)
        status = subprocess.run([f"{self.harness}/engines.sh", "status", f"{self.dir}/eng"],
                                check=True, capture_output=True, text=True).stdout
        if "DOWN" in status:
            raise SystemExit(f"a peer did not start, see {self.dir}/eng/log:\n{status}")

    def start_null(self):
        """The do-nothing libmilter in the shape of a content filter."""
        said = subprocess.run([f"{self.harness}/null-milters.sh", "start", f"{self.dir}/null"],
                              check=True, capture_output=True, text=True).stdout
        return re.search(r"lib-filter-unix=(\S+)", said).group(1)

    def start_bailiff(self, name, rspamd, **environment):
        """A milter and an enforcer in mode enforce; the socket may be used by any Postfix."""
        directory = f"{self.dir}/{name}"
        shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(directory)
        socket = f"{directory}/milter/milter.sock"
        os.makedirs(os.path.dirname(socket))
        bailiff = Bailiff(directory, self.binary, socket, rspamd_socket=rspamd, mode="enforce",
                          rules=f"{self.dir}/rules")
        os.chown(os.path.dirname(socket), bailiff.values["milter"], bailiff.values["group"])
        bailiff.import_directory(services())
        bailiff.start(**environment)
        os.chmod(os.path.dirname(socket), 0o755)
        os.chmod(socket, 0o666)
        self.bailiffs[name] = bailiff
        return bailiff

    def pids(self, *names):
        found = []
        for name in names:
            with open(f"{self.dir}/eng/pids/{name}") as file:
                found.append(file.read().strip())
        return found

    def spec(self, name):
        """How the harness is told of it: SOCKET,PID..."""
        engine, pids = f"{self.dir}/eng", self.pids
        if name in self.bailiffs:
            roles = self.bailiffs[name]
            all_pids = [str(each.pid) for each in roles.processes.values()]
            if name.endswith("+rspamd"):
                all_pids += pids(RSPAMD[0])
            return ",".join([f"unix:{self.dir}/{name}/milter/milter.sock", *all_pids])
        if name == "rspamd_proxy":
            return ",".join([f"unix:{engine}/{RSPAMD[0]}/run/proxy.sock", *pids(RSPAMD[0])])
        if name == "opendkim":
            return ",".join([f"unix:{engine}/opendkim.sock", *pids("opendkim")])
        if name == "spamass-milter":
            return ",".join([f"unix:{engine}/spamass.sock", *pids("spamass-milter", "spamd")])
        raise KeyError(name)

    def rspamd_socket(self):
        return f"{self.dir}/eng/{RSPAMD[0]}/run/normal.sock"

    def stop(self):
        for bailiff in self.bailiffs.values():
            bailiff.stop()
        self.bailiffs = {}
        if self.peers_up:
            subprocess.run([f"{self.harness}/engines.sh", "stop", f"{self.dir}/eng"], check=False)
        if os.path.exists(f"{self.dir}/null/null.pids"):
            subprocess.run([f"{self.harness}/null-milters.sh", "stop", f"{self.dir}/null"],
                           check=False)
