"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_f7c855a4"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "f008b0ad19770578129e1663d4b775c712cd8ec7805270f0b2d9f2f519f379d6"
"""The digest of all triggers in a registry file."""
