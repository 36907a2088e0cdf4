"""Persons and guardianships."""
