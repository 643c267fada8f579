-- The real milter with real rules, directory and ledger: who is refused, held, let go.
dofile(LIB)

local function connection(door)
    local conn = open(SMFIF_QUARANTINE + SMFIF_CHGHDRS)
    check("connected", connect(conn, {["{bailiff_door}"] = door, ["{client_addr}"] = "192.0.2.7"}),
          SMFIR_CONTINUE)
    return conn
end

local serial = 0
local function send(conn, login, headers, text)
    serial = serial + 1
    local list = {}
    for _, header in ipairs(headers) do list[#list + 1] = header end
    list[#list + 1] = {"Subject", "number " .. serial}
    check("MAIL goes on", mail(conn, "<a@shop.example>", login and {["{auth_authen}"] = login}),
          SMFIR_CONTINUE)
    return content(conn, list, text .. "\r\n")
end

-- Clean mail passes, of the known and of strangers.
local conn = connection("submission")
check("clean", send(conn, "shop@shop.example", {}, "an order"), SMFIR_CONTINUE)
check("not held", mt.eom_check(conn, MT_QUARANTINE), false)
check("clean stranger", send(conn, nil, {}, "a letter"), SMFIR_CONTINUE)

-- Spam: refused; with the burst as second witness confirmed; from then on refused at MAIL.
check("spam", send(conn, "shop@shop.example", {}, "buy these pills"), SMFIR_REPLYCODE)
check("next MAIL", mail(conn, "<a@shop.example>", {["{auth_authen}"] = "shop@shop.example"}),
      SMFIR_REPLYCODE)
-- The same connection without that login is somebody else.
check("stranger goes on", send(conn, nil, {}, "a letter"), SMFIR_CONTINUE)
-- Spam of strangers is held for review.
check("stranger's spam", send(conn, nil, {}, "buy these pills"), SMFIR_CONTINUE)
check("held", mt.eom_check(conn, MT_QUARANTINE), true)
step("disconnect", conn)

-- The local door: the first uid header counts, all of them go, nothing is ever refused.
conn = connection("pickup")
check("form", send(conn, nil, {{"X-Bailiff-Submit-Uid", "62103"}}, "a comment"), SMFIR_CONTINUE)
check("uid header goes", mt.eom_check(conn, MT_HDRDELETE, "X-Bailiff-Submit-Uid"), true)
step("disconnect", conn)
conn = connection("pickup")
check("form spam", send(conn, nil, {{"X-Bailiff-Submit-Uid", "62103"}}, "buy these pills"),
      SMFIR_CONTINUE)
check("held", mt.eom_check(conn, MT_QUARANTINE), true)
step("disconnect", conn)
print("done: " .. checks .. " checks")
