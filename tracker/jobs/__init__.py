"""When things are done, and how often; nothing about what."""
