"""Files that show cards: kept, read into a proposal, looked at, taken back."""
