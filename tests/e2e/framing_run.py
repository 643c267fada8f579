"""One run of one case: its names, and the doors that it may use.

Names, logins, uids and addresses are made for each run, so that no case sees what another one left
behind. `v` is the victim, `w` its neighbour, `a` an attacker whom the directory knows (only where
the case asks for one); the stranger is nobody that the panel ever told us of.
"""

import base64

SPAM = "framing test spam"
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
UID_HEADER = "X-Bailiff-Submit-Uid"
TRAP = "nobody@trap.example"
PASSWORD = "framing"
ADDRESSES = 60  # runs that share the third octet of their addresses


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def xtext(value):
    """RFC 3461: what XCLIENT, XFORWARD and DSN parameters are written in."""
    return "".join(chr(byte) if 33 <= byte <= 126 and byte not in b"+=" else f"+{byte:02X}"
                   for byte in as_bytes(value))


def on_the_wire(data):
    return data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def is_idle(postfix):
    """Nothing is under way but what waits for later, as a case wants it."""
    return not [row for row in postfix.queued() if row["queue_name"] != "hold" and
                not any(one["address"].startswith("later@") for one in row["recipients"])]


class Run:
    def __init__(self, site, number, mechanism, case):
        self.site, self.number, self.mechanism, self.case = site, number, mechanism, case
        self.name = f"{mechanism.name}/{case.name}"
        self.v, self.w, self.a = f"v{number}", f"w{number}", f"a{number}"
        self.v_domain, self.w_domain = f"v{number}.example", f"w{number}.example"
        self.v_login, self.a_login = f"info@{self.v_domain}", f"owner@a{number}.example"
        self.v_uid, self.stranger_uid, self.a_uid = (70000 + 3 * number + i for i in range(3))
        block = f"198.51.{number // ADDRESSES}."
        first = 4 * (number % ADDRESSES)
        self.v_former_ip, self.v_ip, self.shared_ip, self.v_own_ip = (
            f"{block}{first + i}" for i in range(1, 5))
        self.v_ip6 = f"2001:db8::{number:x}:1"
        self.v_home = f"/home/v{number}"
        self.stranger = f"stranger@s{number}.example"
        self.rcpt = f"dest@d{number}.example"
        self.sent = 0
        self.notes = {}     # what the case remembers from one of its steps to the next
        self.complaints = []  # what went wrong beside actions
        self.expected = []  # what must be in the subject of a delivered message

    def services(self):
        """The victim, a neighbour who shares an address with it, and the attacker if known."""
        def row(name, *identities):
            return {"account": f"acct-{name}", "service": name, "plan": "starter",
                    "created": "2024-01-01", "identities": list(identities)}
        rows = [row(self.v, {"kind": "login", "value": self.v_login},
                    {"kind": "uid", "value": str(self.v_uid)},
                    {"kind": "domain", "value": self.v_domain},
                    {"kind": "script", "value": self.v_home},
                    {"kind": "client_ip", "value": self.v_former_ip, "until": "2025-01-01"},
                    {"kind": "client_ip", "value": self.v_own_ip},
                    {"kind": "client_ip", "value": self.v_ip6},
                    {"kind": "client_ip", "value": self.shared_ip}),
                row(self.w, {"kind": "client_ip", "value": self.v_ip},
                    {"kind": "client_ip", "value": self.shared_ip},
                    {"kind": "domain", "value": self.w_domain})]
        if self.case.true == "a":
            rows.append(row(self.a, {"kind": "login", "value": self.a_login},
                            {"kind": "uid", "value": str(self.a_uid)}))
        if self.case.rows:
            self.case.rows(self, rows)
        return rows

    def message(self, *headers, text=SPAM, subject=""):
        """No two are the same, so that none counts as a retry."""
        self.sent += 1
        lines = [*headers, f"Subject: {subject}{self.name} {self.number} {self.sent}", "", text, ""]
        return b"\n".join(as_bytes(line) for line in lines)

    def must_arrive(self, word):
        self.expected.append(f"arrives-{self.number}-{word} ")
        return self.expected[-1]

    def honest(self):
        """The victim's own mail: the code that it is answered with."""
        data = self.message(text="honest mail", subject=self.must_arrive("honest"))
        return self.relay(data, login=self.v_login, sender=self.v_login)

    def script(self, uid, data, sender="form@s.example", rcpt=None):
        self.site.postfix.sendmail(uid, sender, [rcpt or self.rcpt], data)

    def connect(self, door="relay", login=None, address="192.0.2.1", **attributes):
        """A client; at the relay a trusted hop, which vouches for login and address by XCLIENT."""
        client = self.site.postfix.smtp(door)
        if door == "relay":
            self.xclient(client, login, address, **attributes)
        return client

    @staticmethod
    def xclient(client, login=None, address="192.0.2.1", **attributes):
        words = dict(LOGIN=xtext(login) if login else "[UNAVAILABLE]", **attributes)
        if address:  # else the hop keeps its own, and may say another login later
            words["ADDR"] = address
        answer = client.docmd("XCLIENT " + " ".join(f"{k}={v}" for k, v in words.items()))
        client.ehlo()
        return answer

    def relay(self, data, login=None, address="192.0.2.1", sender="a@s.example", door="relay",
              mail_options=(), rcpts=None, **attributes):
        client = self.connect(door, login, address, **attributes)
        try:
            return self.send(client, sender, data, mail_options, rcpts)
        finally:
            client.close()

    def submission(self, login, data, sender="a@s.example", mail_options=()):
        client = self.site.postfix.smtp("submission", login, PASSWORD)
        try:
            return self.send(client, sender, data, mail_options)
        finally:
            client.close()

    def send(self, client, sender, data, mail_options=(), rcpts=None):
        """The last code that was said."""
        options = "".join(f" {option}" for option in mail_options)
        code, _ = self.command(client, f"MAIL FROM:<{sender}>{options}")
        if code >= 400:
            return code
        for rcpt in rcpts or [self.rcpt]:
            code, _ = self.command(client, f"RCPT TO:<{rcpt}>")
        if code >= 400:
            return code
        code, _ = client.data(on_the_wire(data))
        return code

    @staticmethod
    def command(client, line):
        """As it is: smtplib would refuse what no honest client says."""
        client.send(as_bytes(line) + b"\r\n")
        return client.getreply()

    @staticmethod
    def plain(authzid, authcid, password=PASSWORD):
        return base64.b64encode(f"{authzid}\0{authcid}\0{password}".encode()).decode()
