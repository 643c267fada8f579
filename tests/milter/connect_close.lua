-- A01: connect and close, with and without a word, a thousand times; nothing stays.
dofile(LIB)
start()
for _ = 1, 300 do
    local conn = open()
    step("disconnect", conn, false)
end
for _ = 1, 300 do
    local conn = open()
    connect(conn)
    step("disconnect", conn)
end
for _ = 1, 300 do  -- EOF in the middle of a message: A05
    local conn = open()
    connect(conn)
    mail(conn, "<a@example.com>")
    step("rcptto", conn, "<b@example.net>")
    step("header", conn, "Subject", "x")
    step("disconnect", conn, false)
end
check("judged", #judged(), 0)
step("signal", 15)
eventually("the end", function()
    local lines = told()
    return lines[#lines]:find('"sessions_now":0,"sessions_total":600', 1, true)
end)
done()
