"""Passwords and secrets of users: how they are made, kept and compared."""
