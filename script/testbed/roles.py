"""The roles of one bailiff under a temporary directory, each under its own uid."""

import json
import os
import shutil
import subprocess

from .process import Process, TestbedError, wait_until

GROUP, MILTER, ENFORCER, SIGNER = 62000, 62001, 62002, 62003
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))

# Options of a sanitizer build reach its roles; nothing else of our environment does.
SANITIZERS = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}

# For tests of something else: no budget of the enforcer is ever spent.
NO_BUDGETS = """\
actions_per_hour = 1000000
actions_per_rule = 1000000
terminations_per_day = 1000000
accounts_percent = 100
"""

CONFIG = """\
mode = "{mode}"
node = "node1.hosting.example"
state_dir = "{dir}/state"
run_dir = "{dir}/run"
group = "{group}"
{top}
[milter]
socket = "unix:{milter_socket}"
user = "{milter}"
{milter_extra}
[enforcer]
user = "{enforcer}"
desk_socket = "{dir}/run/desk.sock"
retry_first_ms = 200
retry_ceiling_ms = 2000
{enforcer_extra}
[queue]
socket = "{queue_socket}"
[signer]
socket = "{signer_socket}"
user = "{signer}"
[rspamd]
enabled = {rspamd_enabled}
socket = "{rspamd_socket}"
url = "http://rspamd/checkv2"
weights = "{rules}/rspamd.weights"
{rspamd_extra}
[rules]
dir = "{rules}"
{sections}
[[path]]
name = "zero_tolerance"
actions = [{hold}"service.terminate", "account.suspend", "notify.team"]
[[path]]
name = "compromised"
actions = [{hold}"credential.reset", "notify.team"]
[[hook]]
command = "{dir}/hooks/panel"
kinds = ["service.terminate", "account.suspend", "credential.reset", "notify.team"]
deadline_ms = 10000
"""


class Bailiff:
    def __init__(self, directory, binary, milter_socket, rspamd_socket=None, mode="enforce",
                 rules=None, with_queue=False, with_signer=False, **extra):
        self.dir, self.binary = directory, binary
        self.config = f"{directory}/bailiff.toml"
        self.panel = f"{directory}/panel"
        self.processes = {}
        self.roles = (("queue",) * with_queue + ("signer",) * with_signer
                      + ("milter", "enforcer"))
        for name, owner, bits in (("", 0, 0o755), ("hooks", 0, 0o755),
                                  ("panel", ENFORCER, 0o755), ("log", 0, 0o755)):
            os.makedirs(f"{directory}/{name}", exist_ok=True)
            os.chown(f"{directory}/{name}", owner, GROUP if owner else 0)
            os.chmod(f"{directory}/{name}", bits)
        self._install_hook()
        self.values = dict(
            dir=directory, mode=mode, group=GROUP, milter=MILTER, enforcer=ENFORCER,
            milter_socket=milter_socket, rspamd_socket=rspamd_socket or "/nowhere",
            rspamd_enabled="true" if rspamd_socket else "false",
            rules=rules or f"{TOP}/rules/sets/outbound", top="", milter_extra="",
            enforcer_extra="", rspamd_extra="", sections="",
            queue_socket=f"{directory}/run/queue.sock" if with_queue else "",
            signer_socket=f"{directory}/run/signer.sock" if with_signer else "", signer=SIGNER,
            hold='"queue.hold", ' if with_queue else "")
        self.configure(**extra)
        if with_signer:
            self.make_keys()

    def configure(self, **changes):
        self.values.update(changes)
        with open(self.config, "w") as file:
            file.write(CONFIG.format(**self.values))

    def make_keys(self):
        """Keys of this host; the private ones of the vault would be taken off a real one."""
        self.private, self.passphrase = f"{self.dir}/private", f"{self.dir}/passphrase"
        with open(self.passphrase, "w") as file:
            file.write("correct horse battery staple\n")
        os.chmod(self.passphrase, 0o600)
        return self.cli("keys", "init", "--private-dir", self.private,
                        "--passphrase-file", self.passphrase)

    def export(self, case, folder, *arguments, key="team"):
        """`bailiff evidence export` with the private key of the team, or without."""
        opens = ["--key", f"{self.private}/{key}.key", "--passphrase-file", self.passphrase]
        return self.cli("evidence", "export", case, folder, "--by", "test", "--reason", "test",
                        *(opens if key else []), *arguments)

    def _install_hook(self):
        with open(f"{HERE}/panel_hook.py") as template:
            text = template.read().replace("@PANEL@", self.panel)
        with open(f"{self.dir}/hooks/panel", "w") as hook:
            hook.write(text)
        os.chmod(f"{self.dir}/hooks/panel", 0o755)

    def cli(self, *arguments, check=True):
        """Output of `bailiff ARGUMENTS --config ...`."""
        done = subprocess.run([self.binary, *arguments, "--config", self.config],
                              capture_output=True, check=False)
        if check and done.returncode != 0:
            raise TestbedError(f"bailiff {' '.join(arguments)}: {done.stderr.decode()}")
        return done.stdout.decode(errors="replace")

    def import_directory(self, services, holders=None):
        path = f"{self.dir}/services.json"
        with open(path, "w") as file:
            json.dump(services, file, indent=1)
        arguments = ["directory", "import", path]
        if holders:
            with open(f"{self.dir}/holders.json", "w") as file:
                json.dump(holders, file, indent=1)
            arguments += ["--holders", f"{self.dir}/holders.json"]
        return self.cli(*arguments)

    def launch(self, role, **environment):
        """Starts it, and waits for nothing: it may be meant to die."""
        self.processes[role] = Process(
            f"bailiff {role}", [self.binary, role, "--config", self.config],
            f"{self.dir}/log/{role}.log",
            environment={"PATH": "/usr/bin:/bin", **SANITIZERS, **environment})

    def start(self, *roles, **environment):
        for role in roles or self.roles:
            self.launch(role, **environment)
        for role in roles or self.roles:
            wait_until(f"bailiff {role}", lambda role=role: self._is_up(role), 30)

    def _is_up(self, role):
        self.processes[role].require_alive()
        if role in ("queue", "signer"):
            return self._journal_says(role, "started")
        # The status file must be of this process, not of one before it.
        return self.status()[role].get("running") and self._journal_says(role, "started")

    def _journal_says(self, role, word):
        with open(f"{self.dir}/log/{role}.log", errors="replace") as log:
            return log.read().count(word) > 0

    def stop(self, *roles):
        """Statuses of the roles after TERM; the journal starts anew."""
        statuses = {}
        for role in roles or list(self.processes):
            process = self.processes.pop(role, None)
            if process:
                statuses[role] = process.stop()
                shutil.move(process.log, f"{process.log}.{process.pid}")
        return statuses

    def status(self):
        return json.loads(self.cli("status", "--json", check=False))

    def worker(self):
        """Process id of the milter that judges; `processes` has its keeper. None between two."""
        milter = self.status()["milter"]
        return milter.get("pid") if milter.get("running") else None

    def cases(self, **filters):
        arguments = [f"--{key}={value}" for key, value in filters.items()]
        answer = json.loads(self.cli("case", "list", "--json", *arguments))
        return answer["cases"]

    def case(self, case_id):
        return json.loads(self.cli("case", "show", "--json", case_id))

    def hook_calls(self):
        path = f"{self.panel}/calls.jsonl"
        if not os.path.exists(path):
            return []
        with open(path) as calls:
            return [json.loads(line) for line in calls]

    def outbox_empty(self):
        """No action of any case is still to come."""
        return not any(action["state"] in ("due", "running")
                       for row in self.cases(state="open", count=1000)
                       for action in self.case(row["id"])["actions"])
