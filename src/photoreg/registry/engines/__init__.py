"""SQLite and PostgreSQL: connections, schema, roles, backups, transfers."""
