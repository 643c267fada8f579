#!/usr/bin/env python3
"""Who the holder is in a sealed record: the lookup hook, then what was imported, then nobody."""

import json
import os
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402

sys.path.insert(0, f"{TOP}/tests/fire")
import raw_milter  # noqa: E402

BINARY = sys.argv[1]
IMPORTED = {"holder": "h1", "name": "Imported name", "email": "owner@shop.example"}
LOOKUP = """\
#!/bin/sh
cat > "$0.asked.$$" && mv "$0.asked.$$" {at}/asked
case "$(cat {at}/mode)" in
answers) echo '[{{"holder": "h1", "name": "Looked-up name"}}]' ;;
nobody) echo '[]' ;;
two) echo '[{{"holder": "h1"}}, {{"holder": "h2"}}]' ;;
nonsense) echo 'CANARY-NAME is no JSON' ;;
fails) echo "the billing system is away" >&2; exit 75 ;;
hangs) sleep 5 ;;
esac
"""


class Holders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = tempfile.mkdtemp(prefix="lookup-")
        os.chmod(cls.at, 0o777)
        lookup = f"{cls.at}/lookup"
        with open(lookup, "w") as file:
            file.write(LOOKUP.format(at=cls.at))
        os.chmod(lookup, 0o755)
        cls.host = Host(BINARY, with_signer=True, top=f'[evidence]\nholder_lookup = "{lookup}"\n')
        cls.bailiff = cls.host.bailiff
        cls.names = ["answers", "nobody", "two", "nonsense", "fails", "hangs", "stranger"]
        cls.bailiff.import_directory(
            [{"account": f"acct-{name}", "service": name, "plan": "starter",
              "created": "2024-01-01", "holder": "h9" if name == "stranger" else "h1",
              "identities": [{"kind": "login", "value": f"{name}@x.example"}]}
             for name in cls.names], [IMPORTED])
        cls.bailiff.start()

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        shutil.rmtree(cls.at, ignore_errors=True)

    def mail(self, login, text):
        client = raw_milter.RawMilter(self.host.socket)
        client.negotiate()
        macros = {**raw_milter.SUBMISSION, "{auth_authen}": login}
        client.connect(macros)
        client.mail(login, macros)
        client.send(b"R", b"<somebody@dest.example>\0")
        client.send(b"B", text)
        verdict = client.end()
        client.close()
        return verdict

    def sealed(self, name, mode):
        """holder.json of a new case of this service, sealed while the hook does so."""
        with open(f"{self.at}/mode", "w") as file:
            file.write(mode)
        login = f"{name}@x.example"
        for _ in range(2):
            self.mail(login, b"Hello\r\n")
        self.assertEqual(self.mail(login, b"buy these pills\r\n"), raw_milter.REJECT)
        case = self.bailiff.cases()[0]["id"]
        self.assertEqual(self.bailiff.case(case)["case"]["service"], name)
        folder = f"{self.at}/export-{name}"
        self.bailiff.export(case, folder)
        with open(f"{folder}/{case}/data/1-subscriber/holder.json") as file:
            holder = json.load(file)
        with open(f"{folder}/{case}/data/record.json") as file:
            return holder, file.read()

    def journal(self):
        with open(f"{self.bailiff.dir}/log/enforcer.log", errors="replace") as log:
            return log.read()

    def anew(self):
        """A hook that failed is left alone for a minute; a new enforcer knows nothing of that."""
        self.bailiff.stop("enforcer")
        self.bailiff.start("enforcer")

    def test_the_hook_comes_first(self):
        holder, _ = self.sealed("answers", "answers")
        self.assertEqual(holder["src"], "lookup hook")
        self.assertEqual(holder["holder"]["name"], "Looked-up name")
        self.assertTrue(holder["at"])
        with open(f"{self.at}/asked") as file:
            self.assertEqual(json.load(file), {"v": 1, "account": "acct-answers",
                                               "service": "answers", "holder": "h1"})

    def test_then_the_imported_ones(self):
        for mode, why in (("nobody", "knows nobody"), ("two", "failed"), ("nonsense", "failed"),
                          ("fails", "failed"), ("hangs", "failed")):
            with self.subTest(mode):
                self.anew()
                holder, _ = self.sealed(mode, mode)
                self.assertEqual(holder["holder"]["name"], "Imported name")
                self.assertEqual(holder["src"], f"imported holders; the lookup hook {why}")
                journal = self.journal()
                self.assertEqual("holder_lookup_failed" in journal, why == "failed")
                self.assertNotIn("CANARY-NAME", journal)

    def test_then_nobody_and_the_record_says_so(self):
        self.anew()
        holder, record = self.sealed("stranger", "fails")
        self.assertIsNone(holder["holder"])
        self.assertIn("Holder data: not available (the holder was not imported; the lookup hook "
                      "failed).", record)
        self.assertIn("the billing system is away", self.journal())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
