"""The command line: translates words in and out, and errors into exit codes."""
