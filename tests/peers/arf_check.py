"""Reads a report as a stranger would: Python's parser, and XARF 4's rules as a table.

arf_check.py FILE: prints what it read as JSON; exit 1 and the complaints if a rule is broken.
"""
import base64
import email
import email.policy
import hashlib
import ipaddress
import json
import re
import sys
import uuid
from datetime import datetime
from email.utils import parsedate_to_datetime

complaints = []


def demand(holds, what):
    if not holds:
        complaints.append(what)


def holds(check, value):
    try:
        return check(value) is not False
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def is_party(party):
    return set(party) == {"org", "contact", "domain"} and is_email(party["contact"]) and all(
        isinstance(v, str) and v for v in party.values())


def is_email(text):
    return re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9._-]+", text) is not None


def is_evidence(items):
    if len(items) > 50:
        return False
    for item in items:
        payload = base64.b64decode(item["payload"], validate=True)
        if item["hash"] != "sha256:" + hashlib.sha256(payload).hexdigest():
            return False
        if item["size"] != len(payload) or len(payload) > 5 << 20 or not item["content_type"]:
            return False
        if len(item["description"]) > 500:
            return False
    return True


SOURCES = ("spamtrap", "user_complaint", "automated_filter", "honeypot", "content_analysis",
           "reputation_feed")
# field: (required, check)
XARF = {
    "xarf_version": (True, lambda v: re.fullmatch(r"4\.\d+\.\d+", v) is not None),
    "report_id": (True, lambda v: uuid.UUID(v).version == 4 and str(uuid.UUID(v)) == v),
    "timestamp": (True, lambda v: datetime.strptime(v, "%Y-%m-%dT%H:%M:%S.%fZ") and True),
    "reporter": (True, is_party),
    "sender": (True, is_party),
    "source_identifier": (True, lambda v: ipaddress.ip_address(v) and True),
    "category": (True, lambda v: v == "messaging"),
    "type": (True, lambda v: v in ("spam", "bulk_messaging")),
    "protocol": (True, lambda v: v == "smtp"),
    "smtp_from": (True, is_email),
    "source_port": (True, lambda v: type(v) is int and 1 <= v <= 65535),
    "evidence_source": (False, lambda v: v in SOURCES),
    "evidence": (False, is_evidence),
    "confidence": (False, lambda v: 0 <= v <= 1),
    "subject": (False, lambda v: len(v) <= 500),
    "message_id": (False, lambda v: len(v) <= 200),
    "recipient_count": (False, lambda v: type(v) is int and v >= 1),
    "spam_indicators": (False, lambda v: set(v) <= {"suspicious_links", "commercial_content",
                                                    "bulk_characteristics"}),
}


def check_xarf(report):
    for field, (required, check) in XARF.items():
        demand(not required or field in report, f"xarf: no {field}")
        demand(field not in report or holds(check, report[field]),
               f"xarf: {field} is {report.get(field)!r}")
    for field in report:
        demand(field in XARF, f"xarf: unknown {field}")
    if report.get("type") == "bulk_messaging":
        demand(report.get("recipient_count", 0) >= 100, "xarf: no bulk")


def check_bytes(raw):
    demand(raw.endswith(b"\r\n"), "no last line end")
    for line in raw.split(b"\r\n"):
        demand(len(line) <= 998, "a line over 998 bytes")
        demand(b"\r" not in line and b"\n" not in line, "a bare CR or LF")
    demand(all(b < 0x80 for b in raw), "bytes above ASCII")


FEEDBACK_ONCE = ("Feedback-Type", "User-Agent", "Version", "Original-Mail-From", "Arrival-Date",
                 "Source-IP")


def check_feedback(fields):
    for name in FEEDBACK_ONCE:
        demand(len(fields.get_all(name, [])) == 1, f"feedback: {name} not once")
    known = set(FEEDBACK_ONCE) | {"Reported-Domain", "Reported-URI"}
    demand(set(fields.keys()) <= known, f"feedback: {sorted(fields.keys())}")
    demand(fields["Feedback-Type"] == "abuse" and fields["Version"] == "1", "feedback: type")
    demand(holds(ipaddress.ip_address, fields["Source-IP"]), "feedback: Source-IP")
    demand(holds(parsedate_to_datetime, fields["Arrival-Date"]), "feedback: Arrival-Date")


def main(path):
    raw = open(path, "rb").read()
    check_bytes(raw)
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    for part in message.walk():
        demand(not part.defects, f"defects: {part.defects}")
    demand(message.get_content_type() == "multipart/report", "type")
    demand(message.get_param("report-type") == "feedback-report", "report-type")
    parts = message.get_payload()
    types = [part.get_content_type() for part in parts]
    demand(types[:3] == ["text/plain", "message/feedback-report", "text/rfc822-headers"],
           f"parts: {types}")
    inner = parts[1].get_payload()
    fields = inner[0] if isinstance(inner, list) else email.message_from_string(inner)
    check_feedback(fields)
    xarf = None
    if len(parts) > 3:
        demand(len(parts) == 4 and types[3] == "application/json", f"parts: {types}")
        demand(parts[3].get_param("name") == "xarf.json", "xarf: name")
        xarf = json.loads(parts[3].get_payload(decode=True).decode("utf-8"))
        check_xarf(xarf)
    print(json.dumps({
        "header": message.items(), "types": types, "feedback": fields.items(), "xarf": xarf,
        "text": parts[0].get_payload(decode=True).decode("ascii"),
        "original": parts[2].get_payload(decode=True).decode("latin-1")}, ensure_ascii=True))
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


sys.exit(main(sys.argv[1]))
