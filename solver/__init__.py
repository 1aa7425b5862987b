"""The route optimiser: makes, checks, explains and repairs a week of rounds."""
