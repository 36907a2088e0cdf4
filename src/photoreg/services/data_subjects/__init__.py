"""Data subjects' rights and data retention: access, disclosures, erasure, retention, merging."""
