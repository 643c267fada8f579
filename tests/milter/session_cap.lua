-- A04: above the cap a connection is deferred, and served again when one has left.
dofile(LIB)
start("3")
local held = {}
for i = 1, 3 do
    held[i] = open()
    check("within", connect(held[i]), SMFIR_CONTINUE)
end
local conn = open()
check("above", connect(conn), SMFIR_TEMPFAIL)
step("disconnect", conn)
step("disconnect", held[1])
eventually("a place", function()
    local again = open()
    local reply = connect(again)
    step("disconnect", again)
    return reply == SMFIR_CONTINUE
end)
check("those within go on", mail(held[2], "<a@example.com>"), SMFIR_CONTINUE)
check("reply", content(held[2], {{"Subject", "x"}}), SMFIR_CONTINUE)
step("disconnect", held[2])
step("disconnect", held[3])
done()
