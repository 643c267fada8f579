-- A14: the local door hears pass or hold, and that at end of message.
dofile(LIB)
start()
local conn = open()
connect(conn, {["{bailiff_door}"] = "pickup"}, "127.0.0.1")
for _, reply in ipairs({"hold", "reject", "tempfail"}) do
    check("MAIL", mail(conn, "held@example.com"), SMFIR_CONTINUE)
    check(reply, content(conn, {{"X-Test-Reply", "" .. reply}}), SMFIR_CONTINUE)
    check(reply .. " held", mt.eom_check(conn, MT_QUARANTINE), true)
    check(reply .. " said nothing", mt.eom_check(conn, MT_SMTPREPLY, "550"), false)
end
check("MAIL", mail(conn, "w@example.com"), SMFIR_CONTINUE)
check("proceed", content(conn, {}), SMFIR_CONTINUE)
check("not held", mt.eom_check(conn, MT_QUARANTINE), false)
step("disconnect", conn)
done()
