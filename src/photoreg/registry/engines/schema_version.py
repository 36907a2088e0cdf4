"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_b4468ed0"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "029ccf0e79fe4ad6848ea1de3b16d043d9e3f9f27718b71cdb942d58d572adf1"
"""The digest of all triggers in a registry file."""
