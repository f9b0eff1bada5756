"""Mails: their words, their rendering, their delivery. Who is owed what is decided elsewhere."""
