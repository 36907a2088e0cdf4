"""Consents and permissions: recording, requests, printed forms, receipts and objections."""
