"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_d89dec8a"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "8b8b682bbc447c79568707ccd41f821316b382c328727bfbb988885d96de768b"
"""The digest of all triggers in a registry file."""
