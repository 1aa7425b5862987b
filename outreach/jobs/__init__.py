"""Work in the background: the ledger is the truth, Huey carries the call, a child does the work.

A job may be lost by the queue, run twice by it, or lose its worker; the ledger's row decides who
may write (its token), for how long (its lease) and how often it is tried.
"""
