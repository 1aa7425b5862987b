"""The demonstration: invented people, half a year of visits and a planned week."""
