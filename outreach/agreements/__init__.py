"""What was promised to whom: agreements, single requests, and what falls due in a week."""
