"""Tablets: enrolment, the sync protocol, and the page on which tablets are kept."""
