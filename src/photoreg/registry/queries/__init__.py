"""Queries, one module a subject."""
