"""Weeks: plan, look, move, lock, publish."""
