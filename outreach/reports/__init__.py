"""Figures: what was done in a period, where, and what was not reached and why."""
