"""Past Postfix: the sockets and files by which our own roles hear one another."""

import json
import sys

from framing_mechanism import NO_CASE, Case, Mechanism
from framing_scripts import as_uid
from testbed.roles import GROUP, MILTER

TALK = """
import os, socket, sys
path, uid, gid = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.setgroups([]); os.setgid(gid); os.setuid(uid)
kind = socket.SOCK_DGRAM if sys.argv[4] == "datagram" else socket.SOCK_STREAM
try:
    with socket.socket(socket.AF_UNIX, kind) as s:
        s.settimeout(3)
        s.connect(path)
        s.sendall(sys.stdin.buffer.read())
        if kind == socket.SOCK_STREAM:
            s.shutdown(socket.SHUT_WR)
            sys.stdout.buffer.write(s.recv(65536))
except OSError as error:
    print(error.strerror, file=sys.stderr)
"""


def talk(path, uid, gid, request, kind="stream"):
    done = as_uid(0, [sys.executable, "-c", TALK, path, str(uid), str(gid), kind], request)
    return done.stdout, done.stderr.decode()


def heard(run):
    return run.notes.get("answer")


def queue_asked_by(uid, gid):
    """What the queue role says to somebody who wants to know the victim's mail."""
    def send(run):
        request = json.dumps({"v": 1, "verb": "list", "proofs": [
            {"kind": "login", "value": run.v_login}]}).encode()
        uid_now = uid or run.stranger_uid
        run.notes["answer"], _ = talk(f"{run.site.bailiff.dir}/run/queue.sock", uid_now,
                                      gid or uid_now, request)
    return send


def desk_asked(run):
    body = b'{"by":"admin","reason":"x"}'
    request = b"POST /v1/cases/B0123456789ABCDEF/reject HTTP/1.1\r\nHost: x\r\n" + \
        f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    run.notes["answer"], why = talk(f"{run.site.bailiff.dir}/run/desk.sock", run.stranger_uid,
                                    run.stranger_uid, request)
    assert "denied" in why, why


def milter_asked(run):
    """SMFIC_OPTNEG: whoever gets an answer could send any macro."""
    request = (13).to_bytes(4, "big") + b"O" + b"".join(
        n.to_bytes(4, "big") for n in (6, 0x1ff, 0x1fffff))
    run.notes["answer"], why = talk(run.site.postfix.milter_directory(MILTER), run.stranger_uid,
                                    run.stranger_uid, request)
    assert "denied" in why, why


def files_opened(run):
    state = f"{run.site.bailiff.dir}/state"
    done = as_uid(run.stranger_uid, ["/bin/sh", "-c", f"find {state} -writable -o -readable"], b"")
    run.notes["answer"] = b" ".join(line for line in done.stdout.split(b"\n")
                                    if line.endswith(b".mdb"))


def rows_imported(run):
    rows = json.dumps([{"service": run.v, "account": "x", "created": "2024-01-01"}])
    bailiff = run.site.bailiff
    done = as_uid(run.stranger_uid, [bailiff.binary, "directory", "import", "/dev/stdin",
                                     "--config", bailiff.config], rows.encode())
    run.notes["answer"] = b"" if done.returncode else b"imported"


MECHANISMS = [
    Mechanism("queue_socket", "asks the queue role for the victim's mail", [
        Case("milter's user", queue_asked_by(MILTER, GROUP), NO_CASE, wrong=heard, times=1),
        Case("a script", queue_asked_by(None, None), NO_CASE, wrong=heard, times=1, shows=False),
    ], "queue_listens_to_the_enforcer"),
    Mechanism("desk_socket", "decides a case as if it were a person", [
        Case("a script", desk_asked, NO_CASE, wrong=heard, times=1),
    ], stopped_by="the desk socket is open to the group bailiff only"),
    Mechanism("milter_socket", "speaks the milter protocol, with macros of its own", [
        Case("a script", milter_asked, NO_CASE, wrong=heard, times=1),
    ], stopped_by="the socket's folder is open to Postfix and to the milter only"),
    Mechanism("state_files", "writes cases and outbox entries into the ledger's files", [
        Case("a script", files_opened, NO_CASE, wrong=heard, times=1),
    ], stopped_by="the state directory is open to the roles only"),
    Mechanism("directory_import", "imports rows of its own", [
        Case("a script", rows_imported, NO_CASE, wrong=heard, times=1),
    ], stopped_by="the directory is written by root or its owner only"),
]
