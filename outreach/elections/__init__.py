"""Elections: the day, local decisions, and what is decided for each site."""
