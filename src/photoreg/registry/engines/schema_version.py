"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_30e7bc92"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "26bcf577440f1c5214f5fbc52959c3b0dd184495328a62d37f9c6f05790aa26d"
"""The digest of all triggers in a registry file."""
