"""Verdicts, approvals, cases with their rulings, and flags."""
