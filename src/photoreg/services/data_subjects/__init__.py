"""The rights of persons over their data: access, erasure, retention, merging records."""
