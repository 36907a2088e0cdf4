"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_90f081c3"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "0eb5caa71be6f0f2aeeeb85af356fa8c5e43a14b2353b2a480d6e8cae04f709b"
"""The digest of all triggers in a registry file."""
