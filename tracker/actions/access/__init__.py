"""Who may sign in: accounts, one-time links, passwords, signing in."""
