"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_a866e33b"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "566e4e24108f7dbf92d1c4479bcfbe77f9b2aae11e288a1cea19cd7c071ce5da"
"""The digest of all triggers in a registry file."""
