"""Rows of the directory that look alike, that change hands, or that go."""

from framing_mechanism import ASSERTED, PROVEN, Case, Mechanism

NEW = "2026-06-01"


def by_victims_login(run):
    run.relay(run.message(), login=run.v_login)


def by_attacker(run):
    run.relay(run.message(), login=run.a_login)


def from_victims_domain(run):
    run.relay(run.message(f"From: info@{run.v_domain}"), sender=f"info@{run.v_domain}")


def add(row, kind, value, **period):
    row["identities"].append({"kind": kind, "value": value, **period})


def formerly(kind, value):
    """An identity whose time with the victim is over."""
    return lambda run, rows: add(rows[0], kind, value(run), until="2025-01-01")


def also_the_neighbours(kind, value):
    return lambda run, rows: add(rows[1], kind, value(run))


def attacker_named(make):
    """The attacker's service or account has an id that is near one of the victim's."""
    def change(run, rows):
        field, value = make(run)
        rows[-1][field] = value
        if field == "service":
            run.a = value
    return change


def attacker_login(make):
    def change(run, rows):
        run.a_login = make(run)
        rows[-1]["identities"][0]["value"] = run.a_login
    return change


def recreated(run, rows):
    rows[0]["created"] = NEW


def recreated_in_another_account(run, rows):
    rows[0].update(created=NEW, account=f"acct-new-{run.v}")


def moved(run, rows):
    rows[0]["account"] = f"acct-{run.w}"


def removed(run, rows):
    del rows[0]


def handed_over(kind, value):
    """What was the attacker's is the victim's by the time of the enforcement."""
    def change(run, rows):
        rows[2]["identities"] = [one for one in rows[2]["identities"] if one["kind"] != kind]
        add(rows[0], kind, value(run))
    return change


def clean_by(login):
    """The victim's own mail by what it has now."""
    def send(run):
        code = run.relay(run.message(text="honest mail"), login=login(run), sender=run.v_login)
        if code != 250:
            run.complaints.append(f"the new owner's mail was answered with {code}")
    return send


def clean_script(run):
    run.script(run.a_uid, run.message(text="honest mail", subject=run.must_arrive("uid")))


def before(send, rows_after, **more):
    """The actions are decided; the directory changes before they are carried out."""
    return dict(send=send, rows_after=rows_after, **more)


def shares_an_address(run, rows):
    add(rows[-1], "client_ip", run.shared_ip)


def mail_in_the_queue(run):
    """The victim's waits in the queue, come from an address that the attacker has as well."""
    if not run.sent:
        run.relay(run.message(text="honest mail"), address=run.shared_ip, sender=run.v_login,
                  rcpts=[f"later@d{run.number}.example"])
    by_attacker(run)


def held_in_the_queue(run):
    return [row["queue_id"] for row in run.site.postfix.queued("hold")
            if row["sender"] == run.v_login]


OWN = dict(want=PROVEN, true="v old", own_paths=frozenset({"zero_tolerance"}))
KNOWN = dict(want=PROVEN, true="a")

MECHANISMS = [
    Mechanism("recreated_service", "spams, and lets the id go to a new customer", [
        Case("same account", **before(by_victims_login, recreated), **OWN,
             after=clean_by(lambda r: r.v_login)),
        Case("another account", **before(by_victims_login, recreated_in_another_account), **OWN,
             after=clean_by(lambda r: r.v_login), shows=False),
    ], "creation_time_counts"),
    Mechanism("moved_service", "spams, and moves the service into another's account", [
        Case("neighbour's account", **before(by_victims_login, moved), **OWN, clean=False),
    ], stopped_by="the enforcer compares the account of the case with the directory's"),
    Mechanism("removed_service", "spams, and has the service deleted", [
        Case("no row", **before(by_victims_login, removed), **OWN),
    ], stopped_by="what the directory does not have waits for a person"),
    Mechanism("handed_over_identity", "spams, and hands its login or uid to the victim", [
        Case("login", **before(by_attacker, handed_over("login", lambda r: r.a_login)), **KNOWN,
             after=clean_by(lambda r: r.a_login)),
        Case("uid", **before(by_attacker, handed_over("uid", lambda r: str(r.a_uid))), **KNOWN,
             after=clean_script),
    ], stopped_by="a case keeps the service that it was opened for"),
    Mechanism("former_login", "has a login that was the victim's", [
        Case("until 2025", lambda r: r.relay(r.message(), login=f"old@{r.v_domain}"),
             rows=formerly("login", lambda r: f"old@{r.v_domain}")),
    ], "identity_has_validity"),
    Mechanism("former_uid", "has a uid that was the victim's", [
        Case("until 2025", lambda r: r.script(r.stranger_uid, r.message()),
             rows=formerly("uid", lambda r: str(r.stranger_uid))),
    ], "identity_has_validity"),
    Mechanism("login_of_two", "has a login that the panel gave to two services", [
        Case("login", by_victims_login, rows=also_the_neighbours("login", lambda r: r.v_login)),
    ], "ambiguity_is_unknown"),
    Mechanism("domain_of_two", "claims a domain that two services have", [
        Case("From and MAIL FROM", from_victims_domain,
             rows=also_the_neighbours("domain", lambda r: r.v_domain)),
    ], stopped_by="what two services have names neither"),
    Mechanism("twin_login", "has a login of its own that is nearly the victim's", [
        Case("capitals", by_attacker, **KNOWN, rows=attacker_login(lambda r: r.v_login.upper())),
        Case("longer", by_attacker, **KNOWN, rows=attacker_login(lambda r: r.v_login + "x")),
        Case("shorter", by_attacker, **KNOWN, rows=attacker_login(lambda r: r.v_login[:-1])),
    ], stopped_by="logins are keys of the directory, byte for byte"),
    Mechanism("twin_service", "has a service id that is nearly the victim's", [
        Case("capitals", by_attacker, **KNOWN,
             rows=attacker_named(lambda r: ("service", r.v.upper()))),
        Case("longer", by_attacker, **KNOWN,
             rows=attacker_named(lambda r: ("service", r.v + "."))),
        Case("dash", by_attacker, **KNOWN,
             rows=attacker_named(lambda r: ("service", r.v + "-"))),
    ], stopped_by="ids are keys of directory and ledger, byte for byte"),
    Mechanism("address_of_queued_mail", "is stopped, while mail of a shared address waits", [
        Case("in the queue", mail_in_the_queue, **KNOWN, rows=shares_an_address,
             wrong=held_in_the_queue),
    ], "queued_mail_is_attributed"),
    Mechanism("account_named_as_service", "has an account whose id is the victim's service id", [
        Case("same", by_attacker, **KNOWN, rows=attacker_named(lambda r: ("account", r.v))),
    ], stopped_by="standings of accounts and of services have keys of their own"),
    Mechanism("service_named_as_account", "has a service whose id is the victim's account id", [
        Case("same", by_attacker, **KNOWN,
             rows=attacker_named(lambda r: ("service", f"acct-{r.v}"))),
    ], stopped_by="standings of accounts and of services have keys of their own"),
    Mechanism("login_is_the_domain", "has a login that is the victim's domain", [
        Case("and claims it", lambda r: r.relay(
            r.message(f"From: info@{r.v_domain}"), login=r.a_login), **KNOWN,
             rows=attacker_login(lambda r: r.v_domain)),
        Case("a stranger", lambda r: r.relay(r.message(f"From: info@{r.v_domain}"),
                                             login=r.v_domain), ASSERTED),
    ], stopped_by="an identity is looked up by kind and value"),
]
