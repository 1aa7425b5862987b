"""What is brought: services with their minutes, kits, skills, check lists and measures."""
