"""Queries, one module per subject."""
