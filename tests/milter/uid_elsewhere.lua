-- A forged uid header at the other doors proves nothing and is deleted all the same.
dofile(LIB)
start()
for index, macros in ipairs({
    {["{bailiff_door}"] = "SUBMISSION"},
    {["{daemon_name}"] = "SUBMISSION"},
    {["{daemon_name}"] = "smtpd"},
    {["{bailiff_door}"] = "smtpd", ["{daemon_name}"] = "pickup"},
}) do
    local conn = open()
    connect(conn, macros, "127.0.0.1")
    mail(conn, "<a@example.com>")
    check("reply", content(conn, {{"X-Submit-Uid", "1001"}, {"Subject", "x"}}), SMFIR_CONTINUE)
    has("uid", judged()[index], '"uid":null')
    check("not local", judged()[index]:find('"door":"local"', 1, true), nil)
    check("deleted", mt.eom_check(conn, MT_HDRDELETE, "X-Submit-Uid", 1), true)
    step("disconnect", conn)
end
done()
