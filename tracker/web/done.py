"""What a page says of what was done just before, by the word that its address carries (`?done=word`)."""

DONE: dict[str, str] = {}
