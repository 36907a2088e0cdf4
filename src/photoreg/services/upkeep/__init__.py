"""Checks, repairs, backups and transfers of a registry."""
