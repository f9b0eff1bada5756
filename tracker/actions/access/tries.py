"""How failed tries are counted."""


def tries_of(email: str) -> str:
    """What the tries for one account are counted by; its address is as compared."""
    return f"account {email}"
