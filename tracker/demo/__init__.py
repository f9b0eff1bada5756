"""A made-up hospital, to try the program on."""
