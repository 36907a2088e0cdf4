"""Lists of consents that were kept elsewhere before: their columns, signers and import."""
