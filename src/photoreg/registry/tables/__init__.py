"""The tables of the registry.

Invalid data cannot be stored, not even by raw SQL: enumerations are CHECKed by value, references
are foreign keys, and contradictions are excluded by CHECKs. Consents, permissions, rulings and the
ledger are append-only: triggers forbid changing or deleting them.

One module per subject, because SQLModel takes two to three milliseconds to declare a table: `check`
loads only the tables that it needs. A module imports those that its tables refer to; `all` imports
every one. No `from __future__ import annotations` here: SQLModel reads the annotations.
"""
