"""Imports that are being prepared: files as they were handed in, what was said of them, and what would come of them."""
