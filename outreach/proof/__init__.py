"""Proof that nobody was forgotten: dashboard, certificate, bundle, and its independent check."""
