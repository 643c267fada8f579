"""One message at one of the milter's doors, as Postfix would bring it; no MTA."""

import re
import socket
import struct

# Steps for which a milter may say that it sends no reply, or that it wants them not at all.
NO_REPLY = {"C": 0x1000, "H": 0x2000, "M": 0x4000, "R": 0x8000, "T": 0x10000, "L": 0x80,
            "N": 0x40000, "B": 0x80000}
UNWANTED = {"C": 0x1, "H": 0x2, "M": 0x4, "R": 0x8, "B": 0x10, "L": 0x20, "N": 0x40, "T": 0x200}


class Reply:
    """What came of it: proceed, reject, tempfail, hold, or none (the milter hung up)."""

    def __init__(self, kind, text=""):
        self.kind, self.text = kind, text
        named = re.search(r"case (B[0-9A-Z]{16})", text)
        self.case = named.group(1) if named else None


class _Connection:
    def __init__(self, path, seconds):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds)
        self.socket.connect(path)
        self.send("O", struct.pack("!III", 6, 0x1FF, 0x1FFFFF))
        _, data = self.receive()
        self.protocol = struct.unpack("!III", data[:12])[2]

    def send(self, command, data=b""):
        self.socket.sendall(struct.pack("!I", len(data) + 1) + command.encode() + data)

    def receive(self):
        (length,) = struct.unpack("!I", self._exactly(4))
        packet = self._exactly(length)
        return packet[:1].decode(), packet[1:]

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionError("the milter hung up")
            data += more
        return data

    def step(self, command, data=b"", macros=None):
        """The reply to one step, or None if it says none or goes on."""
        if macros:
            pairs = "".join(f"{name}\0{value}\0" for name, value in macros.items())
            self.send("D", command.encode() + pairs.encode())
        if self.protocol & UNWANTED.get(command, 0):
            return None
        self.send(command, data)
        if self.protocol & NO_REPLY.get(command, 0):
            return None
        return self._verdict()

    def _verdict(self):
        held = ""
        while True:
            command, data = self.receive()
            text = data.rstrip(b"\0").decode(errors="replace")
            if command == "q":
                held = text or "held"
            elif command in "ca":
                return Reply("hold", held) if held else None
            elif command == "y":
                return Reply("reject" if text.startswith("5") else "tempfail", text)
            elif command in "rtd":
                return Reply({"r": "reject", "t": "tempfail", "d": "discard"}[command])


def deliver(path, text, recipient, login=None, uid=None, queue_id="Q1", seconds=30):
    """Offers `text` at the submission door (`login`) or the local one (`uid`)."""
    try:
        connection = _Connection(path, seconds)
        try:
            return _walk(connection, text, recipient, login, uid, queue_id) or Reply("proceed")
        finally:
            connection.socket.close()
    except (OSError, struct.error) as gone:
        return Reply("none", str(gone))


def _walk(connection, text, recipient, login, uid, queue_id):
    door = "submission" if login else "pickup"
    first = {"{bailiff_door}": door, "{client_addr}": "192.0.2.7" if login else "127.0.0.1"}
    sender = login or "form@site.example"
    headers = [("X-Bailiff-Submit-Uid", str(uid))] if uid else []
    headers += [("From", sender), ("Subject", text.split("\n")[0][:60])]
    macros = {"i": queue_id, **({"{auth_authen}": login, "{auth_type}": "PLAIN"} if login else {})}
    steps = [("C", b"client.example\0" b"4" + struct.pack("!H", 40000) + b"192.0.2.7\0", first),
             ("M", f"<{sender}>\0".encode(), macros),
             ("R", f"<{recipient}>\0".encode(), {"i": queue_id}),
             *(("L", f"{name}\0 {value}\0".encode(), None) for name, value in headers),
             ("N", b"", None)]
    body = text.replace("\n", "\r\n").encode()
    steps += [("B", body[at:at + 65535], None) for at in range(0, len(body), 65535)]
    for command, data, its_macros in steps:
        reply = connection.step(command, data, its_macros)
        if reply:
            return reply
    return connection.step("E", macros={"i": queue_id})
