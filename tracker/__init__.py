"""Keeps track of who at a hospital holds which life-support card, until when, and what that means."""
