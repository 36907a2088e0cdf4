"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_e70889e0"
"""The number of the newest migration, and a digest of the schemas of both engines."""
