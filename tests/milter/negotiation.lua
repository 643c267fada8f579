-- What we ask an MTA of today for, and no more.
dofile(LIB)
start()
local conn = open(nil, EVERY_STEP)
for name, want in pairs({NODATA = true, NOEOH = true, NOUNKNOWN = true, NR_HELO = true,
                         NR_RCPT = true, NR_HDR = true, NR_BODY = true, HDR_LEADSPC = true,
                         NOCONNECT = false, NOHELO = false, NOMAIL = false, NORCPT = false,
                         NOHDRS = false, NOBODY = false, NR_CONN = true, NR_MAIL = false,
                         RCPT_REJ = false}) do
    check(name, mt.test_option(conn, _G["SMFIP_" .. name]), want)
end
for name, want in pairs({CHGHDRS = true, QUARANTINE = true, ADDHDRS = false, CHGBODY = false,
                         ADDRCPT = false, DELRCPT = false}) do
    check(name, mt.test_action(conn, _G["SMFIF_" .. name]), want)
end
step("disconnect", conn)
done()
