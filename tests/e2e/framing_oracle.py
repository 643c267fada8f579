"""Judges a run by what the enforcer did, what the cases say, and what was delivered."""

import http.client
import json
import socket


class Desk:
    """The desk socket, without a process for each question."""

    def __init__(self, path):
        self.path = path

    def _get(self, what):
        connection = http.client.HTTPConnection("desk")
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(self.path)
            connection.request("GET", f"/v1/cases{what}", headers={"Connection": "close"})
            answer = connection.getresponse()
            assert answer.status == 200, f"the desk answers {what} with {answer.status}"
            return json.load(answer)
        finally:
            connection.close()

    def rows(self):
        rows = self._get("?count=1000")["cases"]
        assert len(rows) < 1000, "more cases than one answer of the desk holds"
        return rows

    def file(self, case_id):
        return self._get(f"/{case_id}")

    def nothing_to_do(self):
        return not any(action["state"] in ("due", "running")
                       for row in self.rows() if row["path"] != "review"
                       for action in self.file(row["id"])["actions"])


class Oracle:
    """Everything that happened, as of now."""

    def __init__(self, site, desk):
        self.site = site
        self.calls = site.bailiff.hook_calls()
        self.files = [desk.file(row["id"]) for row in desk.rows()]
        self.subjects = "\n".join(one.header("Subject") or "" for one in site.sink.kept())

    def harm(self, run):
        """Wrong actions on the victim, or whatever else the case calls wrong."""
        if run.case.wrong:
            return run.case.wrong(run)
        return [call for call in self.calls
                if call["service"] == run.v and call["kind"] in run.case.harm]

    def cases_of(self, run):
        services = {run.v, run.w, run.a}
        domains = {run.rcpt.rpartition("@")[2], run.v_domain}

        def concerns(case):
            rcpts = case["envelope"]["rcpt_to"]
            return case["service"] in services or \
                any(rcpt.rpartition("@")[2] in domains for rcpt in rcpts)
        return [one for one in self.files if concerns(one["case"])]

    def complaints(self, run):
        """What is wrong with this run; nothing if all is well."""
        return [*run.complaints, *self._of_actions(run), *self._of_cases(run), *self._of_mail(run)]

    def wrong_calls(self, run):
        """Calls of hooks on anybody but the true sender."""
        accounts = {f"acct-{run.v}", f"acct-{run.w}"}
        own = (run.case.true or "").startswith("v")  # its own doing: only so much is wrong
        for call in self.calls:
            concerns = call["service"] in (run.v, run.w) or call["account"] in accounts
            if concerns and not (own and call["kind"] not in run.case.harm):
                yield call

    def _of_actions(self, run):
        for call in self.wrong_calls(run):
            yield f"{call['verb']} {call['kind']} on {call['service']}"
        if run.case.wrong and run.case.wrong(run):
            yield f"went wrong: {run.case.wrong(run)}"
        if run.case.true == "a" and not any(call["service"] == run.a for call in self.calls):
            yield "the true sender went free"

    def _of_cases(self, run):
        found = self.cases_of(run)
        strengths = {one["case"]["attribution"]["strength"] for one in found}
        if not run.case.want and found:
            yield f"a case was opened: {strengths}"
        if run.case.want and (not strengths or strengths - run.case.want):
            yield f"attributions {strengths or 'of nobody'}, not {set(run.case.want)}"
        for one in found:
            yield from self._of_case(run, one["case"], one["actions"])

    @staticmethod
    def _of_case(run, case, actions):
        strength, service = case["attribution"]["strength"], case["service"]
        if strength == "unknown" and (service or actions):
            yield f"unknown, and yet of {service} with {len(actions)} actions"
        if strength == "proven" and service != {"a": run.a}.get(run.case.true, run.v):
            yield f"proven of {service}"
        if strength == "proven" and run.case.true is None:
            yield "proven, and nobody proved anything"
        if service in (run.v, run.w) and case["path"] not in {"review"} | run.case.own_paths:
            yield f"path {case['path']} on {service}"
        if service in (run.v, run.w) and actions and not run.case.own_paths:
            yield f"{len(actions)} actions planned on {service}"

    def _of_mail(self, run):
        for word in run.expected:
            if word not in self.subjects:
                yield f"mail that must arrive did not: {word}"

    def unknown(self):
        return {one["case"]["id"] for one in self.files
                if one["case"]["attribution"]["strength"] == "unknown"}
