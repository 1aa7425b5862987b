"""Staff, skills, teams, working hours and absences."""
