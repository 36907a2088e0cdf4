"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_addab229"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "bf83aab67ad8ea0c4902c85566aa981ccf3ea7631bd8511a81b608c4d94c1b4b"
"""The digest of all triggers in a registry file."""
