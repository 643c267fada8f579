"""A stub panel and the hook files that lead to it; runs `bailiff panel FILE VERB` as a hook is run."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/panel", f"{TOP}/tests/fire"]
from stub_panel import Panel  # noqa: E402

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
               "BAILIFF_HOOK_VERSION": "1"}
CASE, OTHER_CASE = "B0123456789ABCDEF", "BZZZZZZZZZZZZZZZZ"
OURS = f"bailiff terminated case {CASE}"

FILES = {
    "whm": """panel = "whm"
url = "{url}"
user = "root"
secret_file = "{dir}/whm-token"
ca_file = "{ca}"
timeout_ms = 1500
""",
    "whm-purge": """panel = "whm"
url = "{url}"
user = "root"
secret_file = "{dir}/whm-token"
purge_user = "root"
purge_secret_file = "{dir}/whm-purge-token"
ca_file = "{ca}"
timeout_ms = 1500
""",
    "whm-map": """panel = "whm"
url = "{url}"
user = "root"
secret_file = "{dir}/whm-token"
ca_file = "{ca}"
map_file = "{dir}/map.csv"
timeout_ms = 1500
""",
    "whmcs": """panel = "whmcs"
url = "{url}/includes/api.php"
user = "ident"
secret_file = "{dir}/whmcs-secret"
purge_user = "purger"
purge_secret_file = "{dir}/whmcs-purge-secret"
ca_file = "{ca}"
map_file = "{dir}/whmcs.csv"
ticket_department = 3
timeout_ms = 1500
""",
    "whmcs-plain": """panel = "whmcs"
url = "{url}/includes/api.php"
user = "ident"
secret_file = "{dir}/whmcs-secret"
ca_file = "{ca}"
timeout_ms = 1500
""",
    "webhook": """panel = "webhook"
url = "{url}/hook"
secret_file = "{dir}/webhook-secret"
ca_file = "{ca}"
timeout_ms = 1500
""",
    "webhook-dedupes": """panel = "webhook"
url = "{url}/hook"
secret_file = "{dir}/webhook-secret"
ca_file = "{ca}"
receiver_dedupes = true
timeout_ms = 1500
""",
}
MAPS = {"map.csv": "what,id,panel\nservice,web-1,alice\naccount,acct-1,alice\n"
                   "account,acct-1,bob\n",
        "whmcs.csv": "what,id,panel\n# our id, theirs\nservice,web-1,11\nservice,web-2,12\n"
                     "service,stray,21\naccount,acct-1,1\naccount,acct-9,9\n"}


class World:
    def __init__(self, binary, owner=None):
        self.binary = os.path.abspath(binary)
        self.dir = tempfile.mkdtemp(prefix="bailiff-panel-")
        os.chmod(self.dir, 0o755)
        self.secrets = {name: secrets.token_hex(24) for name in
                        ("whm-token", "whm-purge-token", "whmcs-secret", "whmcs-purge-secret")}
        self.secrets["webhook-secret"] = "whsec_" + "c2VjcmV0IG9mIHRoZSB3ZWJob29rISEhISEh"
        self.panel = Panel(self.dir, self.secrets["whm-token"], self.secrets["whm-purge-token"],
                           self.secrets["whmcs-secret"], self.secrets["whmcs-purge-secret"])
        for name, text in self.secrets.items():
            self.write(name, text + "\n", 0o400)
            if owner is not None:
                os.chown(f"{self.dir}/{name}", owner, -1)
        for name, text in MAPS.items():
            self.write(name, text, 0o644)
        for name, text in FILES.items():
            self.hook_file(name, text)

    def write(self, name, text, mode):
        path = f"{self.dir}/{name}"
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def hook_file(self, name, text):
        """Executable, and TOML: its first line is a comment to TOML and names its interpreter."""
        text = text.format(url=self.panel.url, dir=self.dir, ca=self.panel.ca_file)
        return self.write(name, f"#!{self.binary} panel\n{text}", 0o755)

    def run(self, hook, verb, kind, target, state_before="active", **changes):
        """(exit status, standard output, standard error) of the hook, run as the enforcer does."""
        order = {"v": 1, "action_id": "9f" * 32, "case_id": CASE, "kind": kind,
                 "account": "acct-1", "service": "web-1", "target": target,
                 "state_before": state_before, "reason": f"case {CASE}, path zero_tolerance",
                 "mode": "enforce", **changes}
        done = subprocess.run([f"{self.dir}/{hook}", verb], input=json.dumps(order).encode() + b"\n",
                              capture_output=True, env=ENVIRONMENT, cwd="/", check=False)
        said = done.stderr.decode()
        for name, secret in self.secrets.items():
            assert secret not in said + done.stdout.decode(), f"{name} is shown: {said}"
        return done.returncode, done.stdout.decode(), said

    def state(self, hook, kind, target, **changes):
        """The state that the hook prints; else its exit status."""
        status, out, _ = self.run(hook, "state", kind, target, **changes)
        return json.loads(out)["state"] if status == 0 else status

    def forget(self):
        """The panel as on the first day."""
        panel = self.panel
        panel.accounts.clear(), panel.products.clear(), panel.tickets.clear()
        panel.effects.clear(), panel.calls.clear(), panel.faults.clear(), panel.received.clear()
        panel.resellers, panel.refuses_twice, panel.receiver_status = [], False, 200
        panel.delay = 2.0
        panel.add_account("alice"), panel.add_account("bob"), panel.add_account("carol")
        for number, client in (("11", "1"), ("12", "1"), ("13", "1"), ("21", "2")):
            panel.add_product(number, client)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.panel.stop()
        shutil.rmtree(self.dir)
