"""Decode, hash, compare and scale pictures."""
