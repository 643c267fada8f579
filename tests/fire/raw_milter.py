"""A milter client without an MTA: one connection, packet by packet."""

import socket
import struct

CONTINUE, TEMPFAIL, REJECT, ACCEPT = b"c", b"t", b"r", b"a"
ENDS = (CONTINUE, TEMPFAIL, REJECT, ACCEPT, b"d")
SUBMISSION = {"{bailiff_door}": "submission", "{client_addr}": "192.0.2.7",
              "{auth_authen}": "orders@shop.example", "i": "RAW1"}


class Closed(Exception):
    pass


class RawMilter:
    def __init__(self, path, timeout=10.0):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)  # waits for room in the backlog, which a time-out would not
        self.socket.settimeout(timeout)

    def send(self, command, data=b""):
        self.socket.sendall(struct.pack("!I", len(data) + 1) + command + data)

    def receive(self):
        """(command, data) of the next packet."""
        (length,) = struct.unpack("!I", self._exactly(4))
        packet = self._exactly(length)
        return packet[:1], packet[1:]

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            try:
                more = self.socket.recv(count - len(data))
            except (ConnectionResetError, BrokenPipeError):
                more = b""
            if not more:
                raise Closed
            data += more
        return data

    def negotiate(self):
        """As Postfix does: all actions and all steps offered, but that CONNECT is answered."""
        try:
            self.send(b"O", struct.pack("!III", 6, 0x1FF, 0x1FEFFF))
        except (BrokenPipeError, ConnectionResetError):
            raise Closed from None
        if self.receive()[0] != b"O":
            raise Closed

    def connect(self, macros=None):
        self.macros(b"C", macros or SUBMISSION)
        self.send(b"C", b"client.example\0" b"4" + struct.pack("!H", 40000) + b"192.0.2.7\0")
        return self.receive()[0]

    def macros(self, stage, values):
        pairs = "".join(f"{name}\0{value}\0" for name, value in values.items())
        self.send(b"D", stage + pairs.encode())

    def mail(self, sender="a@shop.example", macros=None):
        self.macros(b"M", macros or SUBMISSION)
        self.send(b"M", f"<{sender}>\0".encode())
        return self._verdict(*self.receive())

    def content(self, text=b"Hello\r\n", subject="hello"):
        """Headers and body, for which no reply is sent."""
        self.send(b"R", b"<b@dest.example>\0")
        self.send(b"L", b"Subject\0 " + subject.encode() + b"\0")
        for start in range(0, len(text), 65535):
            self.send(b"B", text[start:start + 65535])

    def end(self):
        """The verdict: the packet that ends the replies; a text of ours counts as its class."""
        self.send(b"E")
        while True:
            verdict = self._verdict(*self.receive())
            if verdict in ENDS:
                return verdict

    @staticmethod
    def _verdict(command, data):
        if command == b"y":
            return TEMPFAIL if data.startswith(b"4") else REJECT
        return command

    def close(self):
        self.socket.close()
