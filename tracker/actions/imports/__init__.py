"""Spreadsheets in: what a file's rows mean for what is known, decided and then recorded as one batch."""
