"""The rules, pure: facts in, decisions out. No clock, no files, no database."""
