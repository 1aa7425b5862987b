"""Long work outside the web process: a ledger row is the truth, Huey only carries the word."""
