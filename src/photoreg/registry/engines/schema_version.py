"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_f6a59f47"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "d948111c0c8a91f73fdfa38cd443cb247cccb2a293a56a4c2acf37c7b3445e7d"
"""The digest of all triggers in a registry file."""
