#!/usr/bin/env python3
"""A case as a stranger receives it: sealed by the signer, checked with stock tools alone."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402

sys.path.insert(0, f"{TOP}/tests/fire")
import raw_milter  # noqa: E402
from stamp_authority import StampAuthority  # noqa: E402

BINARY = sys.argv[1]
SPAM = b"Dear victim,\r\nbuy these pills\r\nCANARY-BODY-7341\r\n"
SERVICES = [{"account": "acct-shop", "service": "shop", "holder": "h-shop", "plan": "starter",
             "created": "2024-01-01",
             "identities": [{"kind": "login", "value": "orders@shop.example"}]}]
RECIPIENT = "canary-rcpt-9912@dest.example"


def send(host, text=SPAM, subject="CANARY-SUBJECT-5520"):
    client = raw_milter.RawMilter(host.socket)
    client.negotiate()
    client.connect()
    client.mail()
    client.send(b"R", f"<{RECIPIENT}>\0".encode())
    client.send(b"L", b"Subject\0 " + subject.encode() + b"\0")
    for start in range(0, len(text), 65535):
        client.send(b"B", text[start:start + 65535])
    verdict = client.end()
    client.close()
    return verdict


def wait(condition, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def stock(bag, *arguments):
    """verify.sh with nothing of ours on the way; its last line and status."""
    done = subprocess.run(["env", "-i", "PATH=/usr/bin:/bin", "sh", "seals/verify.sh", *arguments],
                          cwd=bag, capture_output=True, check=False)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


class Evidence(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(BINARY, with_signer=True)
        cls.bailiff = cls.host.bailiff
        cls.bailiff.import_directory(
            SERVICES,
            [{"holder": "h-shop", "name": "CANARY-HOLDER-3310", "email": "owner@shop.example"}])
        cls.bailiff.start()
        for _ in range(2):  # how many it sends is the second witness
            send(cls.host, b"Hello\r\n", "hello")
        assert send(cls.host) == raw_milter.REJECT
        cls.case = cls.bailiff.cases()[0]["id"]
        assert wait(lambda: cls.bailiff.status()["enforcer"]["evidence"]["unsealed_cases"] == 0
                    or cls.bailiff.outbox_empty())

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()

    def setUp(self):
        self.out = tempfile.mkdtemp(prefix="bag-")
        self.addCleanup(shutil.rmtree, self.out, ignore_errors=True)

    def export(self, *arguments, key="team", name="export"):
        folder = f"{self.out}/{name}"
        self.bailiff.export(self.case, folder, *arguments, key=key)
        return f"{folder}/{self.case}"

    def test_a_bag_verifies_with_stock_tools(self):
        bag = self.export()
        began = time.monotonic()
        status, said = stock(bag)
        self.assertEqual(status, 0, said)
        self.assertLess(time.monotonic() - began, 60)
        with open(f"{bag}/data/4-content/msg-0001.eml", "rb") as file:
            self.assertIn(b"CANARY-BODY-7341", file.read())
        with open(f"{bag}/data/1-subscriber/holder.json") as file:
            self.assertIn("CANARY-HOLDER-3310", file.read())
        self.assertFalse(os.path.exists(f"{bag}/WITHHELD.txt"))

    def test_its_parts_verify_with_the_commands_of_the_reference(self):
        bag = self.export()
        with open(f"{bag}/seals/signer.txt") as file:
            signer = file.read().split()[0]
        for command in ("sha256sum --strict -c tagmanifest-sha256.txt",
                        "sha256sum --strict -c manifest-sha256.txt",
                        f"ssh-keygen -Y verify -f seals/keys/allowed_signers -I {signer} -n {signer}"
                        " -s seals/tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt",
                        "sh seals/verify-log.sh seals/evidence.tlog-proof seals/leaf.bin"
                        " seals/keys/log.pem"):
            done = subprocess.run(["sh", "-c", command], cwd=bag, capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, (command, done.stdout, done.stderr))

    def test_all_combinations_of_tiers_verify_under_the_one_signature(self):
        signatures = set()
        for count in range(1, 5):
            for tiers in itertools.combinations("1234", count):
                bag = self.export("--tiers", ",".join(tiers), name="t" + "".join(tiers))
                status, said = stock(bag)
                self.assertEqual(status, 0, (tiers, said))
                present = {name[0] for name in os.listdir(f"{bag}/data") if name[0] in "1234"}
                self.assertEqual(present, set(tiers))
                with open(f"{bag}/seals/tagmanifest-sha256.txt.sig") as file:
                    signatures.add(file.read())
        self.assertEqual(len(signatures), 1)

    def test_a_bag_replays_to_the_same_verdict(self):
        def replay(bag, *arguments):
            done = subprocess.run([BINARY, "evidence", "replay", bag, *arguments],
                                  capture_output=True, check=False)
            return done.returncode, done.stdout.decode() + done.stderr.decode()
        bag = self.export()
        status, said = replay(bag)
        self.assertEqual(status, 0, said)
        self.assertIn("the same", said)
        rules = os.listdir(f"{self.out}/export/rules")
        self.assertEqual(len(rules), 1)
        kept = f"{self.out}/export/rules/{rules[0]}"
        with open(f"{kept}/10-test.cf", "a") as file:
            file.write("# other rules\n")
        status, said = replay(bag)
        self.assertEqual(status, 1)
        self.assertIn(f"the verdict was reached with {rules[0]}", said)
        self.assertEqual(replay(bag, "--rules", f"{self.host.dir}/rules")[0], 0)
        with open(f"{bag}/data/4-content/msg-0001.eml", "r+b") as file:
            file.write(b"X")
        status, said = replay(bag, "--rules", f"{self.host.dir}/rules")
        self.assertEqual(status, 1)
        self.assertIn("msg-0001.eml: not what was sealed", said)
        self.assertFalse(os.path.exists(
            f"{os.path.dirname(self.export('--profile', 'cert', name='cert'))}/rules"))

    def test_one_archive_for_one_recipient(self):
        def run(*command, **options):
            return subprocess.run(command, cwd=self.out, capture_output=True, check=False, **options)
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-subj",
            "/CN=the unit", "-keyout", "unit.key", "-out", "unit.pem")
        sealed = f"{self.out}/case.tar.cms"
        self.bailiff.export(self.case, sealed, "--encrypt-to", f"{self.out}/unit.pem")
        with open(sealed, "rb") as file:
            self.assertNotIn(b"CANARY", file.read())
        self.assertEqual(sorted(os.listdir(self.out)), ["case.tar.cms", "unit.key", "unit.pem"])
        opened = run("openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", sealed,
                     "-inkey", "unit.key", "-out", "case.tar")
        self.assertEqual(opened.returncode, 0, opened.stderr)
        self.assertEqual(run("tar", "-xf", "case.tar").returncode, 0)
        status, said = stock(f"{self.out}/{self.case}")
        self.assertEqual(status, 0, said)
        self.assertTrue(os.path.exists(f"{self.out}/report.fr.html"))
        events = str(self.bailiff.case(self.case)["case"]["events"])
        self.assertIn("encrypted to CN=the unit, SHA-256 ", events)

    def test_an_archive_that_cannot_be_made_is_no_disclosure(self):
        before = self.bailiff.case(self.case)["case"]["events"]
        there = f"{self.out}/there.tar"
        with open(there, "w") as file:
            file.write("somebody's")
        for arguments in ((there, "--archive"),
                          (f"{self.out}/new.tar", "--encrypt-to", there)):
            done = subprocess.run(
                [BINARY, "evidence", "export", self.case, *arguments, "--by", "x", "--reason", "y",
                 "--config", self.bailiff.config], capture_output=True, check=False)
            self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.bailiff.case(self.case)["case"]["events"], before)
        self.assertEqual(os.listdir(self.out), ["there.tar"])

    def test_without_the_private_key_nothing_opens(self):
        bag = self.export(key=None)
        status, said = stock(bag)
        self.assertEqual(status, 0, said)
        with open(f"{bag}/WITHHELD.txt") as file:
            withheld = file.read()
        for path in ("1-subscriber/holder.json", "3-traffic/recipients.full.jsonl",
                     "4-content/msg-0001.eml", "4-content/msg-0001.mime.json"):
            self.assertIn(f"data/{path}  sealed", withheld)
            self.assertFalse(os.path.exists(f"{bag}/data/{path}"))

    def test_each_disclosure_is_in_an_addendum_and_in_the_log(self):
        self.export("--reference", "2026/77", "--to", "the prosecutor", name="first")
        folder = f"{self.out}/second"
        self.bailiff.export(self.case, folder)
        addenda = sorted((name for name in os.listdir(folder) if "addendum" in name),
                         key=lambda name: int(name.rsplit("-", 1)[1]))
        self.assertTrue(addenda)
        for name in addenda:
            status, said = stock(f"{folder}/{name}")
            self.assertEqual(status, 0, said)
        with open(f"{folder}/{addenda[-1]}/data/8-custody/custody.jsonl") as file:
            custody = file.read()
        self.assertIn("reference 2026/77; to the prosecutor", custody)
        with open(f"{folder}/{addenda[-1]}/seals/leaf.bin") as file:
            self.assertTrue(file.read().startswith("evlog/1\naddendum\n"))

    def test_the_node_keeps_no_content_it_could_read(self):
        kept = subprocess.run(
            ["grep", "-rlaE", "CANARY-(BODY|SUBJECT)|canary-rcpt", self.bailiff.dir],
            capture_output=True, check=False).stdout.decode()
        self.assertEqual(kept, "")
        holder = subprocess.run(["grep", "-rla", "CANARY-HOLDER", self.bailiff.dir],
                                capture_output=True, check=False).stdout.decode().split()
        self.assertEqual([path for path in holder
                          if "/holders/" not in path and not path.endswith("holders.json")], [])

    def log(self, *arguments):
        """Status and what `bailiff log` says."""
        done = subprocess.run([BINARY, "log", *arguments, "--config", self.bailiff.config],
                              capture_output=True, check=False)
        return done.returncode, done.stdout.decode() + done.stderr.decode()

    def test_the_log_verifies_proves_and_has_only_grown(self):
        self.export(name="one")
        older = f"{self.out}/older"
        with open(older, "w") as file:
            file.write(self.log("checkpoint")[1])
        self.export(name="two")
        status, said = self.log("verify")
        self.assertEqual(status, 0, said)
        self.assertIn("the ledger has the same", said)
        self.assertEqual(self.log("consistency", older)[0], 0)
        with open(f"{self.out}/proof", "w") as file:
            file.write(self.log("prove", "0")[1])
        with open(f"{self.out}/proof") as file:
            self.assertIn("index 0", file.read())

    def test_a_log_that_was_changed_shows(self):
        self.export(name="one")
        folder = f"{self.bailiff.dir}/state/log"
        copy = f"{self.out}/log"
        for path in [os.path.join(at, name) for at, _, names in os.walk(folder)
                     for name in names]:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(folder, copy)
            changed = os.path.join(copy, os.path.relpath(path, folder))
            size = self.log("checkpoint")[1].split("\n")[1]
            if ".p/" in changed and not changed.endswith("/" + size):
                continue  # of an older size: nothing reads it any more
            with open(changed, "r+b") as file:
                file.seek(7)
                byte = file.read(1)
                file.seek(7)
                file.write(bytes([byte[0] ^ 4]))
            status, said = self.log("verify", "--files-only", "--log", copy)
            self.assertNotEqual(status, 0, (path, said))

    def test_a_shorter_log_is_told_by_an_older_checkpoint(self):
        self.export(name="one")
        folder, copy = f"{self.bailiff.dir}/state/log", f"{self.out}/log"
        shutil.copytree(folder, copy)
        self.export(name="two")
        newer = f"{self.out}/newer"
        shutil.copy(f"{folder}/checkpoint", newer)
        self.assertEqual(self.log("verify", "--files-only", "--log", copy)[0], 0)
        status, said = self.log("consistency", newer, "--log", copy)
        self.assertNotEqual(status, 0)
        self.assertIn("cut", said)

    def test_z_erased_nobody_opens_it_and_the_log_still_verifies(self):
        def case(verb, what):
            return subprocess.run(
                [BINARY, "case", verb, self.case, "--what", what, "--by", "dpo", "--reason",
                 "retention", "--config", self.bailiff.config], capture_output=True, check=False)
        self.assertEqual(case("legal-hold", "set").returncode, 0)
        refused = case("erase", "content")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn(b"legal hold", refused.stderr)
        self.assertEqual(case("legal-hold", "released").returncode, 0)
        before = self.export(name="before")
        self.assertTrue(os.path.exists(f"{before}/data/4-content/msg-0001.eml"))
        done = case("erase", "content")
        self.assertEqual(done.returncode, 0, done.stderr)
        for key in ("team", "dpo", "escrow"):
            bag = self.export(key=key, name=f"after-{key}")
            self.assertFalse(os.path.exists(f"{bag}/data/4-content"))
            status, said = stock(bag)
            self.assertEqual(status, 0, said)
            with open(f"{bag}/WITHHELD.txt") as file:
                self.assertIn("data/4-content/msg-0001.eml  erased", file.read())
            self.assertTrue(os.path.exists(f"{bag}/data/1-subscriber/holder.json"))
        self.assertNotEqual(case("erase", "content").returncode, 0, "nothing is left")
        status, said = self.log("verify")
        self.assertEqual(status, 0, said)
        folder = f"{self.out}/after-team"
        addenda = sorted((name for name in os.listdir(folder) if "addendum" in name),
                         key=lambda name: int(name.rsplit("-", 1)[1]))
        with open(f"{folder}/{addenda[-1]}/data/8-custody/custody.jsonl") as file:
            self.assertIn('"action":"erase","object":"content"', file.read())
        with open(f"{folder}/{addenda[-1]}/data/record.json") as file:
            self.assertIn("The content has been erased", file.read())

    def test_zz_rotated_keys_check_what_each_of_them_signed(self):
        def keys(verb, role):
            return subprocess.run([BINARY, "keys", verb, role, "--config", self.bailiff.config],
                                  capture_output=True, check=True).stdout.decode()
        public = f"{self.bailiff.dir}/state/keys"
        first = subprocess.run(["ssh-keygen", "-l", "-f", f"{public}/evidence-1.pub"],
                               capture_output=True, check=True).stdout.decode().split()[1]
        for _ in range(9):  # the tenth is newer than the ninth
            keys("rotate", "evidence")
            keys("rotate", "log")
        self.bailiff.processes["signer"].child.send_signal(signal.SIGHUP)
        bag = self.export(name="one")
        status, said = stock(bag, f"{public}/allowed_signers", f"{public}/log-10.pem")
        self.assertEqual(status, 0, said)
        self.assertIn(first, said, "the first bag is of the first key")
        with open(f"{bag}/seals/VERIFY.en.txt") as file:
            self.assertIn(first, file.read())
        with open(f"{bag}/seals/keys/log.pem") as one, open(f"{public}/log-10.pem") as two:
            self.assertEqual(one.read(), two.read())
        self.assertEqual(stock(bag, f"{public}/allowed_signers", f"{public}/log-1.pem")[0], 0,
                         "the old key signs, too, until it is retired")
        addendum = max((name for name in os.listdir(f"{self.out}/one") if "addendum" in name),
                       key=lambda name: int(name.rsplit("-", 1)[1]))
        tenth = subprocess.run(["ssh-keygen", "-l", "-f", f"{public}/evidence-10.pub"],
                               capture_output=True, check=True).stdout.decode().split()[1]
        status, said = stock(f"{self.out}/one/{addendum}")
        self.assertEqual(status, 0, said)
        self.assertIn(tenth, said, "the newest addendum is of the newest key")
        keys("retire", "log")
        self.bailiff.processes["signer"].child.send_signal(signal.SIGHUP)
        bag = self.export(name="two")
        self.assertEqual(stock(bag)[0], 0)
        self.assertNotEqual(stock(bag, f"{public}/allowed_signers", f"{public}/log-1.pem")[0], 0)
        self.assertEqual(self.log("verify")[0], 0)

    def test_an_export_into_a_folder_that_is_there_is_no_disclosure(self):
        os.makedirs(f"{self.out}/there")
        before = self.bailiff.case(self.case)["case"]["events"]
        done = subprocess.run(
            [BINARY, "evidence", "export", self.case, f"{self.out}/there", "--by", "x", "--reason",
             "y", "--config", self.bailiff.config], capture_output=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.bailiff.case(self.case)["case"]["events"], before)

    def test_an_act_waits_for_the_seal(self):
        self.assertEqual([call["kind"] for call in self.bailiff.hook_calls()],
                         ["service.terminate", "account.suspend", "notify.team"])


class Stamped(unittest.TestCase):
    def test_a_seal_is_stamped_as_soon_as_there_is_an_authority(self):
        folder = tempfile.mkdtemp(prefix="tsa-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        os.chmod(folder, 0o755)
        with StampAuthority(folder, mode="down") as authority:
            roots = f"{folder}/roots-for-bailiff.pem"
            with open(roots, "w") as file, open(authority.root) as root:
                file.write(root.read())
            os.chmod(roots, 0o644)
            top = ('[evidence]\nsite = "https://host.example/keys"\n'
                   f'[timestamp]\nauthorities = ["{authority.url}"]\nroots = "{roots}"\n')
            with Host(BINARY, with_signer=True, top=top) as host:
                host.bailiff.import_directory(SERVICES)
                host.bailiff.start()
                send(host)
                case = host.bailiff.cases()[0]["id"]
                evidence = lambda: host.bailiff.status()["enforcer"]["evidence"]  # noqa: E731
                self.assertTrue(wait(lambda: evidence()["stamp_error"]))
                self.assertEqual(evidence()["unstamped_seals"], 1)
                host.bailiff.export(case, f"{folder}/pending")
                status, said = stock(f"{folder}/pending/{case}")
                self.assertEqual(status, 0, said)
                self.assertIn("time stamp pending", said)
                authority.mode = "ok"
                self.assertTrue(wait(lambda: evidence()["unstamped_seals"] == 0, 30))
                host.bailiff.export(case, f"{folder}/stamped")
                bag = f"{folder}/stamped/{case}"
                with open(f"{bag}/seals/VERIFY.fr.txt") as file:
                    text = file.read()
                digest = subprocess.run(
                    f"openssl x509 -in {roots} -outform DER | sha256sum", shell=True,
                    capture_output=True, check=True).stdout.decode().split()[0]
                self.assertIn(digest, text)
                self.assertIn("https://host.example/keys", text)
                keys = f"{host.bailiff.dir}/state/keys"
                status, said = stock(bag, f"{keys}/allowed_signers", f"{keys}/log-1.pem", roots)
                self.assertEqual(status, 0, said)
                self.assertIn("existed at the latest on", said)
                self.assertNotIn("WARNING", said)
                verified = subprocess.run(
                    ["openssl", "ts", "-verify", "-data", "tagmanifest-sha256.txt", "-in",
                     "seals/tagmanifest-sha256.txt.tsr", "-CAfile", roots, "-untrusted",
                     "seals/tsa-chain.pem"], cwd=bag, capture_output=True, check=False)
                self.assertEqual(verified.returncode, 0, verified.stderr)


class WithoutSigner(unittest.TestCase):
    def test_nobody_is_touched_before_the_signer_is_there(self):
        with Host(BINARY, with_signer=True) as host:
            host.bailiff.import_directory(SERVICES)
            host.bailiff.start("milter", "enforcer")
            for _ in range(2):
                send(host, b"Hello\r\n", "hello")
            self.assertEqual(send(host), raw_milter.REJECT)
            self.assertFalse(wait(lambda: [c for c in host.bailiff.hook_calls()
                                           if c["kind"] != "notify.team"], 2))
            status = host.bailiff.status()["enforcer"]
            self.assertEqual(status["evidence"]["signer"], "away")
            self.assertIn("signer", status["evidence"]["error"])
            host.bailiff.start("signer")
            self.assertTrue(wait(lambda: len(host.bailiff.hook_calls()) == 3))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
