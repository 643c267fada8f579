"""Logins, client addresses and names of hosts that are made to look like the victim's."""

from framing_mechanism import ASSERTED, NO_CASE, Case, Mechanism
from framing_run import PASSWORD

EXACT = "logins are compared byte for byte"
CYRILLIC_O, FULLWIDTH_I, ZERO_WIDTH = "\u043e", "\uff49", "\u200b"


def login(name, make, **more):
    return Case(name, lambda run: run.relay(run.message(), login=make(run)), **more)


def address(name, make, headers=(), sender="a@s.example", **more):
    def send(run):
        lines = [line.format(r=run) for line in headers]
        run.relay(run.message(*lines), address=make(run), sender=sender)
    return Case(name, send, **more)


def login_without_domain(run):
    run.relay(run.message(), login="info", sender=f"office@{run.v_domain}")


def two_proofs(run):
    run.relay(run.message(), login=run.v_login, address=run.v_ip)


def told(**attributes):
    def send(run):
        run.relay(run.message(), **{k: v.format(r=run) for k, v in attributes.items()})
    return send


def greets(verb, name):
    def send(run):
        client = run.connect()
        client.docmd(verb, name.format(r=run))
        run.send(client, "a@s.example", run.message())
        client.close()
    return send


def xclient_by_a_stranger(door):
    """The doors where we trust nobody to tell who the client is."""
    def send(run):
        client = run.site.postfix.smtp(door)
        if door == "submission":
            client.login(run.stranger, PASSWORD)
        run.notes["answer"] = run.xclient(client, run.v_login, run.v_own_ip)[0]
        run.send(client, "a@s.example", run.message())
        client.close()
    return send


def xforward(run):
    client = run.site.postfix.smtp("submission", run.stranger, PASSWORD)
    client.docmd(f"XFORWARD NAME=mail.{run.v_domain} ADDR={run.v_own_ip} IDENT=4jXvm513T5z1dLjP")
    run.send(client, "a@s.example", run.message())
    client.close()


def as_another(authzid):
    """PLAIN with an authorization identity beside the login that has the password."""
    def send(run):
        client = run.site.postfix.smtp("submission")
        client.docmd("AUTH PLAIN " + run.plain(authzid(run), run.stranger))
        run.send(client, "a@s.example", run.message())
        client.close()
    return send


def after_a_failed_login(then_login):
    def send(run):
        client = run.site.postfix.smtp("submission")
        client.docmd("AUTH PLAIN " + run.plain("", run.v_login, "guessed"))
        if then_login:
            client.login(run.stranger, PASSWORD)
        run.send(client, "a@s.example", run.message())
        client.close()
    return send


def second_login(run):
    client = run.site.postfix.smtp("submission", run.stranger, PASSWORD)
    client.docmd("AUTH PLAIN " + run.plain("", run.v_login))
    run.send(client, "a@s.example", run.message())
    client.close()


def once_its_ip6(run, rows):
    rows[0]["identities"].append({"kind": "client_ip", "value": f"2001:db8::{run.number:x}",
                                  "until": "2025-01-01"})


def not_yet(run, rows):
    rows[0]["identities"].append({"kind": "client_ip", "value": "192.0.2.77",
                                  "from": "2099-01-01"})


def mapped(ip):
    return f"IPV6:::ffff:{ip}"


MECHANISMS = [
    Mechanism("login_in_capitals", "has a login that differs from the victim's in case only", [
        login("all", lambda r: r.v_login.upper()),
        login("box", lambda r: f"Info@{r.v_domain}", shows=False),
        login("domain", lambda r: f"info@V{r.number}.Example", shows=False),
    ], "login_is_exact"),
    Mechanism("login_without_domain", "logs in with the box only, and lets us guess the domain", [
        Case("box and sender", login_without_domain, ASSERTED),
        login("box", lambda r: "info", shows=False),
        login("box and @", lambda r: "info@", shows=False),
    ], "login_is_whole"),
    Mechanism("login_lookalike", "has a login of other characters that look the same", [
        login("cyrillic", lambda r: f"inf{CYRILLIC_O}@{r.v_domain}"),
        login("fullwidth", lambda r: f"{FULLWIDTH_I}nfo@{r.v_domain}"),
        login("zero width", lambda r: f"info{ZERO_WIDTH}@{r.v_domain}"),
        login("not utf-8", lambda r: r.v_login.encode() + b"\xff"),
    ], stopped_by=EXACT),
    Mechanism("login_decorated", "adds what some servers take off again", [
        login("plus", lambda r: f"info+x@{r.v_domain}"),
        login("quoted", lambda r: f'"info"@{r.v_domain}'),
        login("percent", lambda r: f"info%{r.v_domain}"),
        login("comment", lambda r: f"info(x)@{r.v_domain}"),
        login("source route", lambda r: f"@s.example:info@{r.v_domain}"),
        login("windows", lambda r: f"{r.v_domain}\\info"),
        login("dot behind", lambda r: f"info@{r.v_domain}."),
        login("blank behind", lambda r: f"info@{r.v_domain} "),
        login("brackets", lambda r: f"<info@{r.v_domain}>"),
    ], stopped_by=EXACT),
    Mechanism("login_of_another_kind", "logs in by what is the victim's in another column", [
        login("uid", lambda r: str(r.v_uid)),
        login("address", lambda r: r.v_own_ip),
        login("domain", lambda r: r.v_domain),
        login("service", lambda r: r.v),
        login("path", lambda r: r.v_home),
    ], stopped_by="an identity is looked up by kind and value"),
    Mechanism("login_too_long", "has a login that is the victim's once it is cut", [
        login("1100 bytes", lambda r: r.v_login + "x" * 1100),
    ], stopped_by="a login that is too long is nobody's; none of the directory is as long"),
    Mechanism("authorization_identity", "authenticates as itself, and acts for the victim", [
        Case("the victim", as_another(lambda r: r.v_login), NO_CASE, sasl=True),
        Case("the victim in capitals", as_another(lambda r: r.v_login.upper()), NO_CASE,
             sasl=True),
    ], stopped_by="SASL lets nobody act for another"),
    Mechanism("failed_login", "fails to log in as the victim before it sends", [
        Case("then nobody", after_a_failed_login(False), NO_CASE),
        Case("then itself", after_a_failed_login(True), sasl=True),
    ], stopped_by="{auth_authen} is set by success only"),
    Mechanism("second_login", "logs in once more on the same connection", [
        Case("as the victim", second_login, sasl=True),
    ], stopped_by="Postfix takes one AUTH a connection"),
    Mechanism("xclient_by_a_stranger", "tells Postfix by XCLIENT that it is the victim", [
        Case("with a login", xclient_by_a_stranger("submission"), sasl=True),
        Case("untagged port", xclient_by_a_stranger("untagged")),
    ], stopped_by="smtpd_authorized_xclient_hosts names the hops that are trusted"),
    Mechanism("xforward_by_a_stranger", "tells Postfix by XFORWARD whom it forwards for", [
        Case("address and name", xforward, sasl=True),
    ], stopped_by="smtpd_authorized_xforward_hosts names nobody, and XFORWARD sets no macro"),
    Mechanism("helo_name", "greets with a name of the victim", [
        Case("ehlo", greets("EHLO", "{r.v_domain}")),
        Case("helo", greets("HELO", "{r.v_domain}")),
        Case("host", greets("EHLO", "mail.{r.v_domain}")),
        Case("literal", greets("EHLO", "[{r.v_own_ip}]")),
        Case("told by the hop", told(HELO="{r.v_domain}")),
    ], stopped_by="the HELO name is kept for evidence, and not read"),
    Mechanism("host_name", "has a host name of the victim's domain in DNS", [
        Case("name", told(NAME="mail.{r.v_domain}")),
        Case("both names", told(NAME="{r.v_domain}", REVERSE_NAME="{r.v_domain}")),
    ], stopped_by="the client's name is kept for evidence, and not read"),
    Mechanism("former_address", "sends from an address that was the victim's", [
        address("former", lambda r: r.v_former_ip),
        address("former, mapped", lambda r: mapped(r.v_former_ip), shows=False),
        address("former, long form", lambda r: f"IPV6:2001:0DB8:0:0:0:0:0:{r.number:X}",
                rows=once_its_ip6, shows=False),
        address("not yet", lambda r: "192.0.2.77", rows=not_yet, shows=False),
    ], "identity_has_validity"),
    Mechanism("date_of_the_past", "dates mail into the time when the address was the victim's", [
        address("Date", lambda r: r.v_former_ip, ("Date: Mon, 01 Jul 2024 10:00:00 +0000",)),
        address("Received", lambda r: r.v_former_ip,
                ("Received: from x ([{r.v_former_ip}]) by y; Mon, 01 Jul 2024 10:00:00 +0000",),
                shows=False),
    ], "identity_has_validity"),
    Mechanism("shared_address", "sends from an address that it shares with the victim", [
        address("two services", lambda r: r.shared_ip),
        address("two services, mapped", lambda r: mapped(r.shared_ip), shows=False),
        address("and a claim", lambda r: r.shared_ip, sender="info@v.example",
                headers=("X-AuthUser: {r.v_login}",), shows=False),
    ], "ambiguity_is_unknown"),
    Mechanism("address_spelling", "spells an address near the victim's in another way", [
        address("compatible", lambda r: f"IPV6:::{r.v_own_ip}"),
        address("mapped neighbour", lambda r: mapped("198.51.255.254")),
        address("longer by a digit", lambda r: f"IPV6:{r.v_ip6}0"),
        address("same network", lambda r: f"IPV6:2001:DB8:0:0:0:0:{r.number:x}:2"),
        address("other groups", lambda r: f"IPV6:2001:db8:{r.number:x}::1"),
    ], stopped_by="addresses are compared in canonical form, whole"),
    Mechanism("login_from_a_neighbours_server", "uses the victim's login from another's server", [
        Case("login and address", two_proofs),
        Case("and null sender", lambda r: r.relay(r.message(), login=r.v_login, address=r.v_ip,
                                                  sender=""), shows=False),
    ], "disagreement_is_unknown"),
]
