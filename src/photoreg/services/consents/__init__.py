"""Consents and permissions: recorded, requested, printed, withdrawn, objected to."""
