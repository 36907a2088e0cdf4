"""Triggers: invalidation, change history, append-only protection."""
