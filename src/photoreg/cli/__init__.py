"""The command line: translates, prints and sets the exit code; contains no decisions."""
