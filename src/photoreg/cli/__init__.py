"""The command line: translates, prints, sets the exit code; nothing is decided here."""
