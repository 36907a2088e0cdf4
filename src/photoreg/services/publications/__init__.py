"""Exports, publications and take-downs."""
