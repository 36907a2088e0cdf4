"""What the database itself does at each change: invalidate, remember, refuse."""
