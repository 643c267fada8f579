-- What every protocol script uses. miltertest stops silently at any error inside mt.*, so nothing
-- calls it but through step(). It also invents what a script leaves out, in the wrong place: a HELO
-- between the macros of MAIL and MAIL makes the milter forget them, so connect() sends HELO itself;
-- where the filter asked for leading blanks, it puts one before each header value.

checks = 0
SMFIC_BODYEOB = 69  -- miltertest names the macro stages CONNECT, HELO, MAIL and RCPT only

function stop(what)
    print("WRONG: " .. what)
    io.stdout:flush()
    error(what)
end

function check(what, got, want)
    checks = checks + 1
    if got ~= want then
        stop(what .. ": got " .. tostring(got) .. ", want " .. tostring(want))
    end
end

-- Calls mt[name](...); any answer but nil is an error text.
function step(name, ...)
    local good, answer = pcall(mt[name], ...)
    if not good or answer ~= nil then stop("mt." .. name .. ": " .. tostring(answer)) end
end

function start(...)
    step("startfilter", ECHO, SOCK, OUT, ...)
end

-- A connection that has negotiated; without that miltertest waits for replies that never come. All is
-- offered but that CONNECT goes unanswered: its reply is what most scripts look at first.
EVERY_STEP = 0x1fffff
function open(actions, steps)
    steps = steps or EVERY_STEP - SMFIP_NR_CONN
    local good, conn = pcall(mt.connect, SOCK, 100, 0.05)
    if not good or conn == nil then stop("mt.connect: " .. tostring(conn)) end
    step("negotiate", conn, nil, steps, actions)  -- its manual has these two in the other order
    return conn
end

function connect(conn, macros, address)
    if macros then step("macro", conn, SMFIC_CONNECT, unpack_pairs(macros)) end
    step("conninfo", conn, "client.example", address or "192.0.2.7")
    local reply = mt.getreply(conn)
    if reply == SMFIR_CONTINUE then step("helo", conn, "client.example") end
    return reply
end

function unpack_pairs(macros)
    local flat = {}
    for name, value in pairs(macros) do
        flat[#flat + 1] = name
        flat[#flat + 1] = value
    end
    return (table.unpack or unpack)(flat)
end

function mail(conn, sender, macros)
    if macros then step("macro", conn, SMFIC_MAIL, unpack_pairs(macros)) end
    step("mailfrom", conn, sender)
    return mt.getreply(conn)
end

-- Headers as a list of {name, value}; the body after them; the reply at the end.
function content(conn, headers, body)
    step("rcptto", conn, "<b@example.net>")
    for _, header in ipairs(headers) do step("header", conn, header[1], header[2]) end
    step("bodystring", conn, body or "body\r\n")
    step("eom", conn)
    return mt.getreply(conn)
end

-- All that the filter has told so far, one line an element.
function told()
    local lines = {}
    local file = io.open(OUT)
    if file then
        for line in file:lines() do lines[#lines + 1] = line end
        file:close()
    end
    return lines
end

-- The submissions among them.
function judged()
    local found = {}
    for _, line in ipairs(told()) do
        if line:find('"transaction"', 1, true) then found[#found + 1] = line end
    end
    return found
end

function has(what, line, text)
    checks = checks + 1
    if line == nil or not line:find(text, 1, true) then
        stop(what .. ": no " .. text .. " in " .. tostring(line))
    end
end

-- Waits until `condition` holds, at most thirty seconds.
function eventually(what, condition)
    checks = checks + 1
    for _ = 1, 600 do
        if condition() then return end
        mt.sleep(0.05)
    end
    stop(what .. " did not come")
end

function done()
    print("done: " .. checks .. " checks")
    io.stdout:flush()
end
