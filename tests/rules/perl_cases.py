#!/usr/bin/env python3
"""Writes perl_cases.txt: random patterns and texts, and what Perl says of them.

Each line: pattern, modifiers or -, then texts with their answer, all but the answer in hexadecimal:
  612b - 6161=1 62=0 =0
Usage: perl_cases.py SEED COUNT > perl_cases.txt     (written with Perl 5.36)
"""
import random
import subprocess
import sys

LITERALS = list("abcAB kK_0-") + [
    r"\n", r"\.", r"\_", r"\@", r"\/", r"\x41", r"\x{e9}", r"\xC9", r"\xdf", r"\012", r"\t", r"\e",
    "foo", "viagra", r"\\", "\xe9", "\xe9a", "\xe9b", "@", "%", ":", "<", r"\0"]
CLASSES = [
    r"\d", r"\w", r"\s", r"\S", r"\W", r"\D", r"\h", r"\H", r"\v", r"\V", ".", "[abc]", "[^abc]",
    r"[a-c\d]", r"[^\s]", "[[:alpha:]]", "[[:^digit:]_]", "[[:space:][:punct:]]", "[]a]", r"[^]\n]",
    r"[a\-c]", r"[\w-]", r"[\xe0-\xef]", "[-a]", "[a-]", r"[\b]", "[$.]", "[[:upper:]]", r"[\h\n]"]
ANCHORS = ["^", "$", r"\b", r"\B", r"\A", r"\Z", r"\z"]
COUNTS = ["*", "+", "?", "{2}", "{1,3}", "{,2}", "{2,}", "*?", "+?", "??", "{0,2}?", "{0}"]
GROUPS = ["(", "(?:", "(?i:", "(?-i:", "(?s:", "(?m:", "(?<n>", "(?x: ", "(?|"]
TEXTS = ["a", "b", "c", "A", "B", "k", "K", "\n", " ", "0", "_", "foo", "\xe9", "\xc9", "Viagra",
         "\t", "-", ".", "\x0b", "\xa0", "\x85", "\xdf", "]", "\x08", "\r", "@", "\x1b", "\\", "/",
         ":", "%"]
PERL = r"""
no warnings;
while (<STDIN>) {
    chomp;
    my ($pattern, $modifiers, @texts) = split / /;
    my $source = "(?aa" . ($modifiers eq "-" ? "" : $modifiers) . ")" . pack("H*", $pattern);
    my $compiled = eval { qr/$source/aa };
    my @said = map { "$_=" . ($compiled && pack("H*", $_) =~ $compiled ? 1 : 0) } @texts;
    print $compiled ? join(" ", @said) : "E", "\n";
}
"""


def atom(pick, depth):
    kind = pick.random()
    if kind < .45:
        return pick.choice(LITERALS)
    if kind < .65:
        return pick.choice(CLASSES)
    if kind < .77:
        return pick.choice(ANCHORS)
    if depth > 1:
        return "a"
    return pick.choice(GROUPS) + choice(pick, depth + 1) + ")"


def sequence(pick, depth):
    text = ""
    for _ in range(pick.randint(1, 3)):
        text += atom(pick, depth)
        if pick.random() < .3:
            text += pick.choice(COUNTS)
    return text


def choice(pick, depth):
    return "|".join(sequence(pick, depth) for _ in range(pick.choice([1, 1, 1, 2, 3])))


def main():
    pick = random.Random(int(sys.argv[1]))
    rows = []
    for _ in range(int(sys.argv[2])):
        modifiers = "".join(flag for flag in "ismx" if pick.random() < .25) or "-"
        texts = ["\n"] + ["".join(pick.choice(TEXTS) for _ in range(pick.randint(1, 6))) +
                          pick.choice(["", "\n"]) for _ in range(8)]
        pattern = choice(pick, 0)
        rows.append([item.encode("latin-1").hex() if item != modifiers else item
                     for item in [pattern, modifiers] + texts])
    said = subprocess.run(["perl", "-e", PERL], input="\n".join(map(" ".join, rows)) + "\n",
                          capture_output=True, text=True, check=True).stdout.splitlines()
    for row, answer in zip(rows, said):
        if answer != "E":
            print(row[0], row[1], answer)


main()
