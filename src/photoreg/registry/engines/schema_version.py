"""The schema that this photoreg works with. Made by tools/generate.py: run `make docs`."""

SCHEMA_VERSION = "0001_3df26101"
"""The number of the newest migration, and a digest of the schemas of both engines."""

TRIGGER_DIGEST = "a83e39b920a48fdb3827db80e6d894843ca5dc7a69591681523a31d781cecbbd"
"""The digest of all triggers in a registry file."""
