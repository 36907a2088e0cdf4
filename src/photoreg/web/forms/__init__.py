"""Next steps as forms: one module a subject. The table in `all` has the form of each action."""
