"""Voting sessions: planned within the law, carried out on tablets."""
