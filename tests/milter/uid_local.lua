-- The uid recipe at the local door: the first header counts, all copies are deleted.
dofile(LIB)
start()
local conn = open()
connect(conn, {["{bailiff_door}"] = "pickup"}, "127.0.0.1")
mail(conn, "w@example.com", {i = "QLOCAL"})
check("reply", content(conn, {{"X-Submit-Uid", "1001"}, {"X-Submit-Uid", "777"},
                              {"Received", "by x (Postfix, from userid 778)"},
                              {"x-submit-uid", "779"}}), SMFIR_CONTINUE)
has("uid", judged()[1], '"door":"local"')
has("uid", judged()[1], '"uid":1001')
has("uid", judged()[1], '"queue_id":"QLOCAL"')
has("raw", judged()[1], '"raw":"Received: by x (Postfix, from userid 778)\\u000d\\u000a\\u000d')
for index = 1, 3 do
    check("deleted", mt.eom_check(conn, MT_HDRDELETE, "X-Submit-Uid", index), true)
end
check("no more", mt.eom_check(conn, MT_HDRDELETE, "X-Submit-Uid", 4), false)
step("disconnect", conn)

-- Not first: nobody's. A fold smuggles nothing.
for index, headers in ipairs({
    {{"Subject", "x"}, {"X-Submit-Uid", "777"}},
    {{"X-Submit-Uid", "1001\n 777"}},
    {{"X-Submit-Uid", "-1"}},
}) do
    conn = open()
    connect(conn, {["{bailiff_door}"] = "pickup"}, "127.0.0.1")
    mail(conn, "w@example.com")
    content(conn, headers)
    has("forged", judged()[1 + index], '"uid":null')
    check("deleted", mt.eom_check(conn, MT_HDRDELETE, "X-Submit-Uid", 1), true)
    step("disconnect", conn)
end
done()
