"""Pages about people: the list, one person, and who must not be shown."""
