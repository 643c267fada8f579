-- A13: HUP reloads and never stops, between messages and in the middle of judging.
dofile(LIB)
start()
local function reloads()
    local count = 0
    for _, line in ipairs(told()) do
        if line:find('"reload"', 1, true) then count = count + 1 end
    end
    return count
end
local burst = 20
local conns = {}
for i = 1, 5 do
    conns[i] = open()
    connect(conns[i], {["{bailiff_door}"] = "SUBMISSION"})
end
for round = 1, 200 do
    local conn = conns[round % 5 + 1]
    mail(conn, "<a@example.com>")
    for _ = 1, burst do step("signal", 1) end
    check("reply", content(conn, {{"Subject", "x"}}), SMFIR_CONTINUE)
end
mail(conns[1], "<a@example.com>")
check("during eom", content(conns[1], {{"X-Test-Reply", "hup"}}), SMFIR_CONTINUE)
local late = open()
check("new connection", connect(late), SMFIR_CONTINUE)
step("disconnect", late)
for i = 1, 5 do step("disconnect", conns[i]) end
check("judged", #judged(), 201)
eventually("reloads", function() return reloads() > 0 end)
done()
