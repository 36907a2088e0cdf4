"""The tables of the registry.

Nonsense cannot be stored, not even by raw SQL: enumerations are CHECKed by value, references are
foreign keys, and what contradicts itself is a CHECK. What has been said (consents, permissions,
rulings, the ledger) is only ever added to: triggers forbid changing or deleting it.

One module per subject, since to declare a table takes SQLModel two to three milliseconds: `check`
loads those that it asks. A module imports those that its tables refer to; `whole` imports all.
No `from __future__ import annotations` here: SQLModel reads the annotations.
"""
