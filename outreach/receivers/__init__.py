"""Vote receivers: who is appointed for an election, who is instructed, who must not receive."""
