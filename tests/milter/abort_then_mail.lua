-- A07: what was aborted is gone, at every stage.
dofile(LIB)
start()
local conn = open()
connect(conn, {["{bailiff_door}"] = "SUBMISSION"})
local stages = {
    function() end,
    function() step("rcptto", conn, "<victim-rcpt@example.net>") end,
    function() step("header", conn, "X-Victim", "yes") end,
    function() step("bodystring", conn, "victim\r\n") end,
}
for last = 1, #stages do
    mail(conn, "<victim@example.com>", {["{auth_authen}"] = "victim"})
    for stage = 1, last do stages[stage]() end
    step("abort", conn)
    mail(conn, "<spammer@example.com>", {["{auth_authen}"] = "spammer"})
    check("reply", content(conn, {{"Subject", "s"}}), SMFIR_CONTINUE)
    local got = judged()
    check("count", #got, last)
    has("after abort", got[last], '"login":"spammer"')
    check("no trace", got[last]:find("victim", 1, true), nil)
end
step("disconnect", conn)
done()
