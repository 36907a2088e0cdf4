"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_3c083497"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "3e7abe91bc218f02d2fa458519e134b6f7192a7074ae31602fc9f73e22ef1f39"
"""The digest of all triggers in a registry file."""
