"""People: what is recorded about them, and what became of a change."""
