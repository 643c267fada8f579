"""A private mail host on loopback: Postfix, rspamd, bailiff's roles and a sink.

Used by script/run and by tests/e2e. Everything lives below one temporary directory; the mount
namespace lets sendmail(1) of any local uid find this Postfix instead of the machine's own.
"""
