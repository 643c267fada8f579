"""A WHM server, a WHMCS and a receiver of webhooks in one, with real state, over HTTPS on loopback.

Written from the documented shapes. It misbehaves by order: what follows the next call of a function
is a Fault, used up by it. Each effect is counted, so a repeated one shows.
"""

import http.server
import json
import os
import ssl
import subprocess
import threading
import time
import urllib.parse
from collections import Counter

LOGIN_PAGE = b"<!DOCTYPE html><html><title>Login</title><form>user, password</form></html>"

# What a call may come to instead of its answer; "after": the effect has happened.
FAULTS = ("delay_after", "delay_before", "500_before", "500_after", "502_after", "503_before",
          "429_before", "error_inside", "error_after", "login_page", "redirect", "drop_before",
          "drop_after", "garbage_after", "other_command_after", "401_before", "empty_after",
          "echo_secret")


def make_authority(directory):
    """A certificate authority and a certificate for 127.0.0.1; paths of both, and of a stranger."""
    os.makedirs(directory, exist_ok=True)

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=directory)

    for name in ("ca", "stranger"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                f"/CN=test authority {name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    with open(f"{directory}/names", "w") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=panel", "-keyout", "panel.key",
            "-out", "panel.csr")
    openssl("x509", "-req", "-in", "panel.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "panel.pem")
    for name in ("ca.pem", "stranger.pem"):
        os.chmod(f"{directory}/{name}", 0o644)
    os.chmod(directory, 0o755)
    return f"{directory}/ca.pem", f"{directory}/stranger.pem"


class Drop(Exception):
    """The connection ends without an answer."""


class Panel:
    """State, and what is counted of it. Guarded by `lock`."""

    def __init__(self, directory, whm_token="", purge_token="", whmcs_secret="", whmcs_purge=""):
        self.lock = threading.Lock()
        self.tokens = {"whm root:" + whm_token: False, "whm root:" + purge_token: True}
        self.credentials = {("ident", whmcs_secret): False, ("purger", whmcs_purge): True}
        self.accounts, self.resellers = {}, []
        self.products, self.tickets = {}, []
        self.received, self.receiver_status = [], 200
        self.calls, self.effects, self.faults = [], Counter(), {}
        self.delay, self.refuses_twice = 2.0, False
        self.resale_of_numbers = str
        ca, stranger = make_authority(f"{directory}/tls")
        self.ca_file, self.stranger_file = ca, stranger
        self.server = _serve(self, f"{directory}/tls")
        self.port = self.server.server_address[1]
        self.url = f"https://127.0.0.1:{self.port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def add_account(self, user, **more):
        self.accounts[user] = {"suspended": False, "reason": "", "mail_suspended": False, **more}

    def add_product(self, number, client, status="Active", reason=""):
        self.products[number] = {"client": client, "status": status, "reason": reason}

    def next_call(self, function, fault, times=1):
        self.faults[function] = [fault] * times

    def effects_of(self, target):
        return {name: count for (name, who), count in self.effects.items() if who == target}

    def calls_of(self, *functions):
        return [function for function, _ in self.calls if function in functions]

    def count(self, effect, target):
        self.effects[effect, target] += 1

    # WHM API 1

    def whm(self, function, form, authorization):
        if authorization not in self.tokens:
            return 403, {"cpanelresult": {"error": "Access denied"}}
        if form.get("api.version") != "1":
            return 200, {"result": {"status": 0, "statusmsg": "version 0"}}
        handler = getattr(self, "whm_" + function, None)
        if handler is None:
            return 200, _whm(function, 0, f"Unknown app (\"{function}\") requested")
        if function == "removeacct" and not self.tokens[authorization]:
            return 200, _whm(function, 0, "Permission denied")
        return 200, handler(form)

    def _user(self, function, form, key="user"):
        account = self.accounts.get(form.get(key, ""))
        return account, _whm(function, 0, "Account does not exist.")

    def whm_accountsummary(self, form):
        account, absent = self._user("accountsummary", form)
        if account is None:
            return absent
        row = {"user": form["user"], "owner": "root", "suspended": int(account["suspended"]),
               "suspendreason": account["reason"] or "not suspended",
               "outgoing_mail_suspended": int(account["mail_suspended"])}
        return _whm("accountsummary", 1, "OK", {"acct": [row]})

    def whm_listsuspended(self, _):
        rows = [{"user": user, "owner": "root", "reason": account["reason"], "is_locked": 1,
                 "time": "Thu Nov 18 10:34:34 2014", "unixtime": 1416306874}
                for user, account in self.accounts.items() if account["suspended"]]
        return _whm("listsuspended", 1, "OK", {"account": rows})

    def whm_listresellers(self, _):
        return _whm("listresellers", 1, "OK", {"reseller": list(self.resellers)})

    def whm_suspendacct(self, form):
        account, absent = self._user("suspendacct", form)
        if account is None:
            return absent
        if account["suspended"] and self.refuses_twice:
            return _whm("suspendacct", 0, "Account Already Suspended")
        account.update(suspended=True, reason=form.get("reason", "Unknown"))
        self.count("suspendacct", form["user"])
        return _whm("suspendacct", 1, "OK")

    def whm_unsuspendacct(self, form):
        account, absent = self._user("unsuspendacct", form)
        if account is None:
            return absent
        account.update(suspended=False, reason="")
        self.count("unsuspendacct", form["user"])
        return _whm("unsuspendacct", 1, "OK")

    def whm_suspend_outgoing_email(self, form):
        return self._mail("suspend_outgoing_email", form, True)

    def whm_unsuspend_outgoing_email(self, form):
        return self._mail("unsuspend_outgoing_email", form, False)

    def _mail(self, function, form, suspended):
        account, absent = self._user(function, form)
        if account is None:
            return absent
        account["mail_suspended"] = suspended
        self.count(function, form["user"])
        return _whm(function, 1, "OK")

    def whm_removeacct(self, form):
        account, absent = self._user("removeacct", form, "username")
        if account is None:
            return absent
        del self.accounts[form["username"]]
        self.count("removeacct", form["username"])
        return _whm("removeacct", 1, "OK")

    # WHMCS

    def whmcs(self, form):
        credential = (form.get("identifier"), form.get("secret"))
        if credential not in self.credentials:
            return 403, {"result": "error", "message": "Authentication Failed"}
        action = form.get("action", "")
        handler = getattr(self, "whmcs_" + action, None)
        if handler is None:
            return 200, {"result": "error", "message": "Command Not Found"}
        if action == "ModuleTerminate" and not self.credentials[credential]:
            return 403, {"result": "error", "message": "Invalid Permissions: API action"}
        return 200, handler(form)

    def whmcs_GetClientsProducts(self, form):
        rows = [{"id": int(number), "clientid": int(row["client"]), "orderid": 7, "pid": 1,
                 "name": "Web S", "domain": "customer.example", "username": "customer",
                 "password": "hunter2-of-the-customer", "status": row["status"],
                 "suspensionreason": row["reason"]}
                for number, row in self.products.items()
                if form.get("serviceid") in (None, "", number)
                and form.get("clientid") in (None, "", row["client"])]
        start, most = int(form.get("limitstart", 0)), int(form.get("limitnum", 25))
        page = rows[start:start + most]
        return {"result": "success", "clientid": form.get("clientid"),
                "serviceid": form.get("serviceid"), "totalresults": self.resale_of_numbers(len(rows)),
                "startnumber": start, "numreturned": len(page),
                "products": {"product": page} if page else ""}

    def _service(self, form):
        return self.products.get(form.get("serviceid", ""))

    def whmcs_ModuleSuspend(self, form):
        row = self._service(form)
        if row is None:
            return {"result": "error", "message": "Service ID Not Found"}
        row.update(status="Suspended", reason=form.get("suspendreason", ""))
        self.count("ModuleSuspend", form["serviceid"])
        return {"result": "success"}

    def whmcs_ModuleUnsuspend(self, form):
        row = self._service(form)
        if row is None:
            return {"result": "error", "message": "Service ID Not Found"}
        row.update(status="Active", reason="")
        self.count("ModuleUnsuspend", form["serviceid"])
        return {"result": "success"}

    def whmcs_ModuleTerminate(self, form):
        row = self._service(form)
        if row is None:
            return {"result": "error", "message": "Service ID Not Found"}
        row.update(status="Terminated", reason="")
        self.count("ModuleTerminate", form["serviceid"])
        return {"result": "success"}

    def whmcs_GetTickets(self, form):
        wanted = form.get("subject", "").lower()
        rows = [ticket for ticket in self.tickets
                if form.get("clientid") in (None, ticket["clientid"])
                and wanted[:6] in ticket["subject"].lower()]  # matches loosely, as documented
        return {"result": "success", "totalresults": len(rows), "startnumber": 0,
                "numreturned": len(rows), "tickets": {"ticket": rows} if rows else ""}

    def whmcs_OpenTicket(self, form):
        if form.get("deptid") != "3":
            return {"result": "error", "message": "Department ID not found"}
        number = len(self.tickets) + 1
        self.tickets.append({"id": number, "tid": f"ABC-{number}", "deptid": "3",
                             "clientid": form["clientid"], "subject": form["subject"],
                             "message": form["message"], "service": form.get("serviceid", "")})
        self.count("OpenTicket", form["clientid"])
        return {"result": "success", "id": number, "tid": f"ABC-{number}", "c": "x"}


def _whm(function, result, reason, data=None):
    return {"metadata": {"version": 1, "command": function, "result": result, "reason": reason},
            **({"data": data} if data is not None else {})}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    panel = None  # of the subclass that _serve makes

    def do_GET(self):
        self.answer(405, b"POST only")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            self.dispatch(body)
        except Drop:
            self.close_connection = True

    def dispatch(self, body):
        panel = self.panel
        form = dict(urllib.parse.parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        if self.path.startswith("/json-api/"):
            function = self.path[len("/json-api/"):]
        elif self.path == "/hook":
            function = "hook"
        else:
            function = form.get("action", "")
        with panel.lock:
            faults = panel.faults.get(function, [])
            fault = faults.pop(0) if faults else None
            panel.calls.append((function, {**form, "path": self.path}))
        if self.before(fault, form):
            return
        with panel.lock:
            status, answer = self.carry_out(function, form, body)
        self.after(fault, function, status, answer)

    def carry_out(self, function, form, body):
        panel = self.panel
        if function == "hook":
            panel.received.append(({k.lower(): v for k, v in self.headers.items()}, body))
            panel.count("hook", self.headers.get("webhook-id"))
            return panel.receiver_status, {}
        if self.path.startswith("/json-api/"):
            return panel.whm(function, form, self.headers.get("Authorization", ""))
        if self.path == "/includes/api.php":
            return panel.whmcs(form)
        return 404, {"error": "no such page"}

    def before(self, fault, form):
        """What happens instead of the effect; whether that was all."""
        if fault == "drop_before":
            raise Drop
        if fault == "delay_before":
            time.sleep(self.panel.delay)
            raise Drop
        plain = {"500_before": 500, "503_before": 503, "429_before": 429, "401_before": 401}
        if fault in plain:
            extra = {"Retry-After": "30"} if fault in ("503_before", "429_before") else {}
            self.answer(plain[fault], b"not now", **extra)
        elif fault == "error_inside":
            self.answer_json(200, self.no("Sorry, the panel is in a bad mood"))
        elif fault == "echo_secret":
            self.answer_json(200, self.no("no: " + self.headers.get("Authorization", "") +
                                          form.get("secret", "")))
        elif fault == "login_page":
            self.answer(200, LOGIN_PAGE, **{"Content-Type": "text/html"})
        elif fault == "redirect":
            self.answer(302, b"", Location="/login")
        else:
            return False
        return True

    def after(self, fault, function, status, answer):
        if fault == "drop_after":
            raise Drop
        if fault == "delay_after":
            time.sleep(self.panel.delay)
            raise Drop
        if fault in ("500_after", "502_after"):
            self.answer(int(fault[:3]), b"<html>Bad Gateway</html>")
        elif fault == "garbage_after":
            self.answer(200, b'{"metadata": {"resu')
        elif fault == "empty_after":
            self.answer(200, b"")
        elif fault == "other_command_after":
            self.answer_json(200, _whm("version", 1, "OK"))
        elif fault == "error_after":
            self.answer_json(200, self.no("A script after the action failed"))
        else:
            self.answer_json(status, answer)

    def no(self, why):
        if self.path.startswith("/json-api/"):
            return _whm(self.path[len("/json-api/"):], 0, why)
        return {"result": "error", "message": why}

    def answer_json(self, status, value):
        self.answer(status, json.dumps(value).encode(), **{"Content-Type": "application/json"})

    def answer(self, status, body, **headers):
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the other side has stopped waiting

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # handshakes that a test means to fail


def _serve(panel, directory):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{directory}/panel.pem", f"{directory}/panel.key")
    server = Server(("127.0.0.1", 0), type("Bound", (Handler,), {"panel": panel}))
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
