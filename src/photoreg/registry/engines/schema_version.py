"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_01ca7460"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "6cd34decf85d2268d57d4d6d060fc096a3f57c956914006f2ba71306ff485767"
"""The digest of all triggers in a registry file."""
