"""bailiff's roles without Postfix: rules, directory and sockets in a temporary directory."""

import os
import shutil
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{TOP}/script")
from testbed.roles import MILTER, Bailiff  # noqa: E402

RULES = """\
body SPAMMY /buy these pills/
score SPAMMY 9
describe SPAMMY The text of the test
"""
SERVICES = [
    {"account": "acct-shop", "service": "shop", "plan": "starter", "created": "2024-01-01",
     "identities": [{"kind": "login", "value": "shop@shop.example"}]},
    {"account": "acct-blog", "service": "blog", "plan": "starter", "created": "2024-01-01",
     "identities": [{"kind": "uid", "value": "62103"}]},
]


class Host:
    def __init__(self, binary, traced=None, **options):
        """`traced`: makes, of our folder, the program that is run instead."""
        self.dir = tempfile.mkdtemp(prefix="bailiff-")
        binary = traced(self.dir) if traced else binary
        os.chmod(self.dir, 0o755)
        for name in ("rules", "socket"):
            os.makedirs(f"{self.dir}/{name}")
        os.chown(f"{self.dir}/socket", MILTER, -1)
        for name, text in (("10-test.cf", RULES), ("rspamd.weights", "* 0\n")):
            with open(f"{self.dir}/rules/{name}", "w") as file:
                file.write(text)
        self.socket = f"{self.dir}/socket/milter.sock"
        self.bailiff = Bailiff(f"{self.dir}/bailiff", os.path.abspath(binary), self.socket,
                               rules=f"{self.dir}/rules",
                               sections="[behaviour]\nmessages_per_minute = 1\n", **options)
        self.bailiff.import_directory(SERVICES)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.bailiff.stop()
        shutil.rmtree(self.dir, ignore_errors=True)
