"""Outreach: municipal outreach visits and voting rounds, planned and carried out."""
