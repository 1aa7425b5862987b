"""Organisations, their users, signing in and out."""
