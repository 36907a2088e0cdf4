"""Scanned forms: the codes on their pages, read in a process of its own."""
