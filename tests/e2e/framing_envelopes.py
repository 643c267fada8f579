"""Envelopes that name the victim: addresses, parameters, recipients."""

from framing_mechanism import (ASSERTED, NO_CASE, PROVEN, UNKNOWN, Case, Mechanism)

UNREAD = "nothing but the domain of MAIL FROM is read, and that as a claim"


def from_address(address, how="hop", options=()):
    """MAIL FROM that address at one of the doors."""
    def send(run):
        sender = address(run)
        words = [option.format(r=run) for option in options]
        if how == "script":
            run.script(run.stranger_uid, run.message(), sender=sender)
        elif how == "login":
            run.submission(run.stranger, run.message(), sender=sender, mail_options=words)
        else:
            run.relay(run.message(), sender=sender, mail_options=words,
                      login={"hop_login": run.stranger, "known": run.a_login}.get(how))
    return send


def case(name, address, want=UNKNOWN, how="hop", options=(), **more):
    true = "a" if how == "known" else None
    return Case(f"{name}, {how}", from_address(address, how, options), PROVEN if true else want,
                true=true, sasl=how == "login", **more)


def victim(run):
    return f"info@{run.v_domain}"


def nobody(run):
    return "a@s.example"


def to_others(rcpts):
    def send(run):
        run.relay(run.message(), rcpts=[run.rcpt, *rcpts(run)])
    return send


def copied_to_the_victim(run):
    run.script(run.stranger_uid, run.message(f"To: {run.rcpt}, info@{run.v_domain}",
                                             f"Cc: info@{run.v_domain}"))


def bounce_of_the_victim(run):
    run.relay(run.message("Auto-Submitted: auto-replied"), login=run.v_login, sender="")


def bounce_from_its_address(run):
    run.relay(run.message(), address=run.v_own_ip, sender="")


def bounce_of_its_script(run):
    run.script(run.v_uid, run.message("Auto-Submitted: auto-replied"), sender="")


def report_to_the_victim(run):
    """A DSN about mail that the victim is said to have sent."""
    text = ("This is a report.\n\n--x\nContent-Type: message/delivery-status\n\n"
            f"Reporting-MTA: dns; node1.hosting.example\nX-Postfix-Sender: rfc822; {run.v_login}\n"
            f"\nFinal-Recipient: rfc822; x@d.example\nAction: failed\n\n--x\n"
            f"Content-Type: message/rfc822\n\nFrom: info@{run.v_domain}\n"
            f"X-AuthUser: {run.v_login}\n\nframing test spam\n--x--")
    run.relay(run.message('Content-Type: multipart/report; report-type=delivery-status; '
                          'boundary="x"', text=text), sender="", rcpts=[run.rcpt])


def bounced_to_the_victim(run):
    """Postfix itself bounces it to whom MAIL FROM names."""
    run.script(run.stranger_uid, run.message(text="an honest text"), sender=victim(run),
               rcpt=f"never@d{run.number}.example")


NULL = "null_sender_is_nobody"

MECHANISMS = [
    Mechanism("mail_from", "gives MAIL FROM of the victim", [
        case("plain", victim, ASSERTED, "script"),
        case("plain", victim, ASSERTED, "login", shows=False),
        case("plain", victim, ASSERTED, "hop", shows=False),
        case("plain", victim, how="known", shows=False),
        case("capitals", lambda r: victim(r).upper(), ASSERTED, "hop_login", shows=False),
        case("another box", lambda r: f"x.y+z@{r.v_domain}", ASSERTED, shows=False),
    ], "mail_from_is_a_claim"),
    Mechanism("mail_from_quoted", "hides the victim in quoted, routed or percent forms", [
        case("percent", lambda r: f"info%{r.v_domain}@s.example"),
        case("quoted", lambda r: f'"info@{r.v_domain}"@s.example'),
        case("plus", lambda r: f"a+info={r.v_domain}@s.example"),
        case("bang", lambda r: f"{r.v_domain}!info@s.example"),
        case("source route", lambda r: f"@{r.v_domain}:a@s.example"),
        case("comment", lambda r: f"a(info@{r.v_domain})@s.example"),
        case("quoted", lambda r: f'"info@{r.v_domain}"@s.example', how="script"),
        case("percent", lambda r: f"info%{r.v_domain}@s.example", how="known"),
    ], stopped_by="the domain is what stands behind the last @"),
    Mechanism("mail_from_lookalike", "takes a domain that only looks like the victim's", [
        case("subdomain of another", lambda r: f"info@{r.v_domain}.s.example"),
        case("subdomain", lambda r: f"info@mail.{r.v_domain}"),
        case("joined", lambda r: f"info@x{r.v_domain}"),
        case("digit", lambda r: f"info@v{r.number}0.example.net"),
        case("fullwidth", lambda r: f"info@\uff56{r.number}.example", options=("SMTPUTF8",)),
        case("cyrillic", lambda r: f"info@v{r.number}.ex\u0430mple", options=("SMTPUTF8",)),
        case("punycode", lambda r: f"info@xn--v{r.number}-exmple-3ve.example", how="hop_login"),
    ], stopped_by="domains are compared byte for byte, in lower case"),
    Mechanism("rewritten_sender", "sends as a forwarder or list would for the victim", [
        case("srs", lambda r: f"SRS0=HHH=TT={r.v_domain}=info@s.example"),
        case("srs1", lambda r: f"SRS1=HHH=f.example==HHH=TT={r.v_domain}=info@s.example"),
        case("verp", lambda r: f"bounce+info={r.v_domain}@s.example", how="known"),
        case("batv", lambda r: f"prvs=1234567890=info@{r.v_domain}", ASSERTED),
    ], stopped_by=UNREAD),
    Mechanism("auth_parameter", "gives AUTH= of the victim with MAIL FROM", [
        case("plain", nobody, ASSERTED, "login", ("AUTH={r.v_login}",)),
        case("bracketed", nobody, UNKNOWN, "login", ("AUTH=<{r.v_login}>",), shows=False),
        case("null", nobody, UNKNOWN, "login", ("AUTH=<>",), shows=False),
        case("twice", nobody, NO_CASE, "login", ("AUTH=x@s.example", "AUTH={r.v_login}"),
             shows=False),
    ], "auth_author_is_a_claim"),
    Mechanism("dsn_parameters", "names the victim in ENVID and ORCPT", [
        case("envid", nobody, options=("ENVID={r.v_login}",)),
        case("envid", nobody, how="known", options=("RET=HDRS", "ENVID={r.v}")),
    ], stopped_by="neither parameter is asked for"),
    Mechanism("recipient_of_the_victim", "writes to the victim, or to it among others", [
        Case("last", to_others(lambda r: [f"info@{r.v_domain}"])),
        Case("fifty boxes", to_others(lambda r: [f"box{n}@{r.v_domain}" for n in range(50)])),
        Case("itself only", lambda r: r.relay(r.message(), rcpts=[f"info@{r.v_domain}"])),
        Case("headers", copied_to_the_victim),
    ], stopped_by="a recipient is no identity"),
    Mechanism("bounce_by_the_victim", "makes a bounce or reply of the victim quote spam", [
        Case("reply, login", bounce_of_the_victim, ASSERTED),
        Case("reply, address", bounce_from_its_address, ASSERTED, shows=False),
        Case("reply, script", bounce_of_its_script, ASSERTED, shows=False),
    ], NULL),
    Mechanism("bounce_to_the_victim", "sends what looks like a bounce of the victim's mail", [
        Case("dsn", report_to_the_victim),
        Case("by Postfix", bounced_to_the_victim, NO_CASE),
    ], stopped_by="headers of attached messages are not those of the message"),
]
