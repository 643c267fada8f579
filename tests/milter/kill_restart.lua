-- A11: after SIGKILL the stale socket is taken over. no-end-expected
dofile(LIB)
os.execute(string.format("'%s' '%s' '%s' & echo $! >'%s.pid'", ECHO, SOCK, OUT, OUT))
local conn = open()
check("served", connect(conn), SMFIR_CONTINUE)
os.execute(string.format("kill -9 $(cat '%s.pid'); flock -w 5 '%s.lock' true", OUT, SOCK:sub(6)))
mt.sleep(0.2)  -- its descriptors are closed one after the other
step("disconnect", conn, false)
start()
conn = open()
check("served again", connect(conn), SMFIR_CONTINUE)
step("disconnect", conn)
done()
