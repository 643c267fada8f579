-- What the submission door and an untagged one hear.
dofile(LIB)
start()
for _, door in ipairs({"SUBMISSION", "untagged"}) do
    local conn = open()
    connect(conn, {["{bailiff_door}"] = door})
    local function ask(reply)
        mail(conn, "<a@example.com>")
        return content(conn, {{"X-Test-Reply", "" .. reply}})
    end
    check("proceed", ask("proceed"), SMFIR_CONTINUE)
    check("not held", mt.eom_check(conn, MT_QUARANTINE), false)
    check("hold", ask("hold"), SMFIR_CONTINUE)
    check("held", mt.eom_check(conn, MT_QUARANTINE, "case B0000000000000000  second"), true)
    check("reject", ask("reject"), SMFIR_REPLYCODE)
    check("text", mt.eom_check(conn, MT_SMTPREPLY, "550", "5.7.1", "case B0000000000000000"), true)
    check("tempfail", ask("tempfail"), SMFIR_REPLYCODE)
    check("text", mt.eom_check(conn, MT_SMTPREPLY, "451", "4.7.1", "not now"), true)
    check("odd text", ask("bad-text"), SMFIR_REPLYCODE)  -- A22
    check("text", mt.eom_check(conn, MT_SMTPREPLY, "550", "5.7.1", "100%%  550 ?" .. ("x"):rep(389)), true)
    check("at MAIL", mail(conn, "<held@example.com>"), SMFIR_REPLYCODE)
    check("the next may go on", mail(conn, "<a@example.com>"), SMFIR_CONTINUE)
    step("disconnect", conn)
end
done()
