#!/usr/bin/env python3
"""Random mutations of sealed bags against verify.sh, with keys from outside: every one is found, and
the untouched bag is good each time.  evidence_mutations.py BINARY [--count N] [--seed S]"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402

sys.path.insert(0, f"{TOP}/tests/fire")
import raw_milter  # noqa: E402


def send(host, number):
    client = raw_milter.RawMilter(host.socket)
    client.negotiate()
    client.connect(dict(raw_milter.SUBMISSION, **{"{auth_authen}": f"u{number}@shop.example"}))
    client.mail()
    client.content(b"buy these pills %d\r\n" % number, f"subject {number}")
    client.end()
    client.close()


class Bags:
    """Two sealed cases of one host, and the public keys by another way."""

    def __init__(self, host, work):
        bailiff = host.bailiff
        bailiff.import_directory(
            [{"account": f"a{n}", "service": f"s{n}", "plan": "starter", "created": "2024-01-01",
              "identities": [{"kind": "login", "value": f"u{n}@shop.example"}]} for n in (1, 2)])
        bailiff.start()
        for number in (1, 2):
            send(host, number)
        self.bags = []
        for row in bailiff.cases():
            bailiff.export(row["id"], f"{work}/{row['id']}")
            self.bags.append(f"{work}/{row['id']}/{row['id']}")
        keys = f"{bailiff.dir}/state/keys"
        self.outside = f"{work}/outside"
        os.makedirs(self.outside)
        shutil.copy(f"{keys}/allowed_signers", self.outside)
        shutil.copy(f"{keys}/log-1.pem", f"{self.outside}/log.pem")
        for script in ("verify.sh", "verify-log.sh"):
            shutil.copy(f"{TOP}/packaging/evidence/{script}", self.outside)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                        f"{self.outside}/other"], check=True)

    def verify(self, bag):
        done = subprocess.run(
            ["sh", f"{self.outside}/verify.sh", f"{self.outside}/allowed_signers",
             f"{self.outside}/log.pem"], cwd=bag, capture_output=True, check=False)
        lines = done.stdout.decode(errors="replace").strip().split("\n")
        return done.returncode, lines[-1]


def files_of(bag):
    return sorted(os.path.relpath(os.path.join(at, name), bag)
                  for at, _, names in os.walk(bag) for name in names)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def flip(chance, bag, path, _):
    data = bytearray(content(f"{bag}/{path}"))
    if not data:
        return False
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    write(f"{bag}/{path}", bytes(data))
    return True


def cut(chance, bag, path, _):
    data = content(f"{bag}/{path}")
    if not data:
        return False
    write(f"{bag}/{path}", data[:chance.randrange(len(data))])
    return True


def insert(chance, bag, path, _):
    data = content(f"{bag}/{path}")
    at = chance.randrange(len(data) + 1)
    write(f"{bag}/{path}", data[:at] + bytes([chance.randrange(256)]) + data[at:])
    return True


def drop(_, bag, path, __):
    os.remove(f"{bag}/{path}")
    return True


def add(chance, bag, path, _):
    write(f"{os.path.dirname(f'{bag}/{path}')}/more{chance.randrange(1000)}", b"x")
    return True


def swap(chance, bag, path, _):
    other = chance.choice(files_of(bag))
    one, two = content(f"{bag}/{path}"), content(f"{bag}/{other}")
    if one == two:
        return False
    write(f"{bag}/{path}", two)
    write(f"{bag}/{other}", one)
    return True


def splice(_, bag, path, bags):
    """The same file of another case."""
    other = next(one for one in bags.bags if os.path.basename(one) != os.path.basename(bag))
    if not os.path.exists(f"{other}/{path}"):
        return False
    data = content(f"{other}/{path}")
    if data == content(f"{bag}/{path}"):
        return False
    write(f"{bag}/{path}", data)
    return True


def resign(chance, bag, _, bags):
    """Somebody changes a file, makes the lists anew, and signs with a key of his own."""
    payload = [path for path in files_of(bag) if path.startswith("data/")]
    insert(chance, bag, chance.choice(payload), bags)
    subprocess.run(
        ["sh", "-c", "find data -type f | sort | xargs sha256sum > manifest-sha256.txt; "
         "sed -i \"s/^Payload-Oxum: .*/Payload-Oxum: $(find data -type f -exec cat {} + | wc -c)."
         "$(wc -l < manifest-sha256.txt)/\" bag-info.txt; "
         "sha256sum bag-info.txt bagit.txt manifest-sha256.txt > tagmanifest-sha256.txt; "
         "n=$(cut -d' ' -f2 seals/signer.txt); rm seals/*.sig; "
         f"ssh-keygen -q -Y sign -f {bags.outside}/other -n $n tagmanifest-sha256.txt; "
         "mv tagmanifest-sha256.txt.sig seals/"], cwd=bag, check=True, capture_output=True)
    return True


def sums(bag):
    """Whoever changes things makes the list of what stands beside the seals anew, too."""
    subprocess.run(["sh", "-c", "cd seals; find . -type f ! -name SHA256SUMS | sed 's,^./,,' | "
                    "sort | xargs sha256sum > /tmp/sums.$$; mv /tmp/sums.$$ SHA256SUMS"],
                   cwd=bag, check=True, capture_output=True)


KINDS = [flip, cut, insert, drop, add, swap, splice, resign]
# Not signed: keys and programs inside are for the reader's convenience, an enemy may change them.
CONVENIENCE = re.compile(r"seals/(keys/|verify|VERIFY|README|SHA256SUMS|more)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("miltertest", nargs="?")
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    missed, made, reasons = 0, 0, {}
    with Host(options.binary, with_signer=True) as host:
        bags = Bags(host, host.dir)
        mutant = f"{host.dir}/mutant"
        while made < options.count:
            original = chance.choice(bags.bags)
            os.makedirs(mutant)
            bag = shutil.copytree(original, f"{mutant}/{os.path.basename(original)}")
            path, kind = chance.choice(files_of(bag)), chance.choice(KINDS)
            if made % 100 == 0 and bags.verify(bag)[0] != 0:
                print(f"FALSE ALARM {original}: {bags.verify(bag)[1]}")
                missed += 1
            if kind(chance, bag, path, bags):
                made += 1
                enemy = chance.random() < 0.5 and not CONVENIENCE.match(path) and kind is not add
                if enemy:
                    sums(bag)
                status, said = bags.verify(bag)
                if status != 1 or not said.startswith("FAILED: "):
                    print(f"MISSED {kind.__name__} {path} enemy={enemy}: {status} {said}")
                    missed += 1
                word = re.sub(r"[:,].*", "", said[8:])
                reasons[word] = reasons.get(word, 0) + 1
            shutil.rmtree(mutant)
    for word, count in sorted(reasons.items(), key=lambda item: -item[1])[:12]:
        print(f"  {count:6} {word}")
    print(f"{made} mutations, {missed} missed or false alarms: "
          f"{'EVERYTHING FOUND' if not missed else 'FAILED'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
