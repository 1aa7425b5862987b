"""Visits: what is to be done at a site in a week, and what was done."""
